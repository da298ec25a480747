import { describe, expect, test } from 'vitest';
import type { Passage } from '../../controller/domain/passage.js';
import { keyOf, keyOfPassage, ndcg, recall } from '../../controller/evaluation/ranking.js';
import { runQuestions, unknownRelevant } from '../../controller/evaluation/run-questions.js';
import type { FoundPassage, Knowledge } from '../../controller/ports/knowledge.js';

const set = (...each: string[]) => new Set(each);

describe('nDCG and recall, computed by hand', () => {
  test('one relevant passage: 1 at rank 1, 1 / log2(3) at rank 2, 0.5 at rank 3', () => {
    expect(ndcg(['a', 'b', 'c'], set('a'))).toBe(1);
    expect(ndcg(['b', 'a', 'c'], set('a'))).toBeCloseTo(0.63093, 5);
    expect(ndcg(['b', 'c', 'a'], set('a'))).toBeCloseTo(0.5, 10);
  });

  test('two relevant ones at ranks 1 and 4: (1 + 0.43068) / (1 + 0.63093)', () => {
    expect(ndcg(['a', 'x', 'y', 'b'], set('a', 'b'))).toBeCloseTo(1.430677 / 1.63093, 5);
  });

  test('what is not among the first ten gains nothing, and the best possible ranking is 1 also of more than ten', () => {
    const many = Array.from({ length: 12 }, (_, index) => `r${index}`);
    expect(ndcg([...many.slice(0, 10).map((each) => `x${each}`), 'a'], set('a'))).toBe(0);
    expect(ndcg(many, new Set(many))).toBeCloseTo(1, 10);
  });

  test('recall is the share of the relevant ones among the first five', () => {
    expect(recall(['a', 'x', 'y', 'z', 'b', 'c'], set('a', 'b', 'c'))).toBeCloseTo(2 / 3, 10);
    expect(recall([], set('a'))).toBe(0);
    expect(recall(['x'], set())).toBe(1);
  });
});

const passage = (path: string, headings: readonly string[], index = 0): Passage => ({
  id: `${path}-${index}`,
  repository: 'evaluation',
  sop: path,
  path,
  title: headings[0] ?? '',
  headings,
  text: 'text',
  context: '',
  index,
});
const NEEDS = { seconds: () => 0, progress: () => undefined, signal: new AbortController().signal };

describe('questions to a search', () => {
  const A = passage('a.md', ['Title', 'Approvals']);
  const B = passage('b.md', ['Other', 'Freeze'], 0);
  const B2 = passage('b.md', ['Other', 'Freeze'], 1);
  const item = {
    kind: 'question',
    file: 'questions.jsonl',
    line: 3,
    id: 'q1',
    question: 'Who approves?',
    relevant: ['documents/a.md#Title  >  Approvals'],
    within: null,
  } as const;
  const knowing = (found: readonly FoundPassage[]): Knowledge => ({
    name: 'scripted',
    hold: async () => ({ added: 0, removed: 0, kept: 0, without: [] }),
    search: async () => ({ found, without: ['embeddings: away'] }),
  });

  test('pieces of one section count once, at the rank of the best of them', async () => {
    const found = [B, B2, A].map((each, index) => ({
      passage: each,
      score: 1,
      ranks: { words: index + 1, wordVectors: null, meaning: null, lateInteraction: null },
    }));
    const { rows, misses, without } = await runQuestions('a', knowing(found), [A, B, B2], [item], NEEDS);
    expect(rows).toEqual([{ ranking: 'words', ndcg: expect.closeTo(0.63093, 5), recall: 1 }]);
    expect(misses).toEqual([]);
    expect(without).toEqual(['embeddings: away']);
  });

  test('with embeddings there are rows for both searches and for the fused one, each in its own order', async () => {
    const found = [
      { passage: A, score: 2, ranks: { words: 2, wordVectors: null, meaning: 1, lateInteraction: null } },
      { passage: B, score: 1, ranks: { words: 1, wordVectors: null, meaning: null, lateInteraction: null } },
    ];
    const { rows } = await runQuestions('a', knowing(found), [A, B], [item], NEEDS);
    expect(rows.map(({ ranking, ndcg: value }) => [ranking, Number(value.toFixed(3))])).toEqual([
      ['words', 0.631],
      ['meaning', 1],
      ['fused', 1],
    ]);
  });

  test('a question that names a passage which is not there is a problem of its line', () => {
    expect(unknownRelevant([item], [A])).toEqual([]);
    expect(unknownRelevant([{ ...item, relevant: ['a.md#Title'] }], [A])).toMatchObject([
      { file: 'questions.jsonl', line: 3, field: 'relevant' },
    ]);
    expect(unknownRelevant([{ ...item, within: 'documents/a' }], [A])).toEqual([]);
    expect(unknownRelevant([{ ...item, within: 'documents/b' }], [A])).toMatchObject([
      { message: expect.stringContaining('within "documents/b"') },
    ]);
  });

  test('a question about a part of the documents is asked of that part alone', async () => {
    const held = new Map<string, readonly string[]>();
    const asked: string[] = [];
    const knowledge: Knowledge = {
      name: 'scripted',
      hold: async (repository, passages) => {
        held.set(
          repository,
          passages.map(({ path }) => path),
        );
        return { added: 0, removed: 0, kept: 0, without: [] };
      },
      search: async ({ repository }) => {
        asked.push(repository);
        return { found: [], without: [] };
      },
    };
    const within = { ...item, within: 'documents/a' };
    const { passages } = await runQuestions(
      'a',
      knowledge,
      [A, { ...B, path: 'documents/b.md' }],
      [within],
      NEEDS,
    );
    expect([...held]).toEqual([['documents/a', [A.path]]]);
    expect(asked).toEqual(['documents/a']);
    expect(passages).toBe(1);
  });

  test('a key is a path and headings, without the folder of the documents', () => {
    expect(keyOfPassage(A)).toBe('a.md#Title > Approvals');
    expect(keyOf('sops/documents/a.md#Title >\n Approvals')).toBe('a.md#Title > Approvals');
  });
});
