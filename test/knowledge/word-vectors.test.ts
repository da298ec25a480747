import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWordVectors } from '../../controller/app/word-vectors.js';
import { readDocuments } from '../../controller/evaluation/documents.js';
import type { QuestionItem } from '../../controller/evaluation/items.js';
import { runQuestions } from '../../controller/evaluation/run-questions.js';
import { readSet } from '../../controller/evaluation/set.js';
import { createKnowledge } from '../../controller/planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';
import { wordVectors } from '../../controller/planning/knowledge/word-vectors.js';
import { systemClock } from '../../controller/ports/clock.js';
import type { Knowledge, WordVectors } from '../../controller/ports/knowledge.js';
import { passages } from './samples.js';

const SIGNAL = new AbortController().signal;
let builtin: WordVectors;

beforeAll(async () => {
  builtin = await readWordVectors();
});

function knowing(vectors: WordVectors | null): Knowledge {
  return knowingBy(vectors === null ? null : async () => vectors);
}

function knowingBy(load: (() => Promise<WordVectors>) | null): Knowledge {
  return createKnowledge({
    records: memoryPassageRecords(),
    embedder: null,
    wordVectors: load,
    vectors: null,
    clock: systemClock,
  });
}

function cosine(left: string, right: string): number {
  const [one, other] = [builtin.of(left) ?? [], builtin.of(right) ?? []];
  return [...one].reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

describe('vectors of words', () => {
  it('are the mean of the known words, in which frequent words count less', () => {
    const table = {
      words: ['often', ...Array.from({ length: 998 }, (_, at) => `w${at}`), 'seldom'],
      numbers: new Int8Array(2000),
    };
    table.numbers.set([100, 0], 0);
    table.numbers.set([0, 7], 1998);
    const { of } = wordVectors(table);
    expect([...(of('often') ?? [])]).toEqual([1, 0]);
    const [often = 0, seldom = 0] = of('often seldom unheard-of') ?? [];
    expect(seldom).toBeGreaterThan(often * 2);
    expect(Math.hypot(often, seldom)).toBeCloseTo(1, 6);
  });

  it('of no word that is known are none', () => {
    expect(builtin.of('qwzxkj 4711 --')).toBeNull();
    expect(builtin.of('')).toBeNull();
    expect(wordVectors({ words: [], numbers: new Int8Array(0) }).of('release')).toBeNull();
  });

  it('that come with the program are near to each other where words mean the same', () => {
    expect(builtin.dimensions).toBe(100);
    expect(cosine('the doctor', 'a physician')).toBeGreaterThan(cosine('the doctor', 'a spreadsheet') + 0.2);
    expect(cosine('quit the job', 'resigned')).toBeGreaterThan(cosine('quit the job', 'database') + 0.2);
  });
});

describe('a search with vectors of words', () => {
  const held = passages('/r', {
    'sops/leaving.md':
      '# Leavers\n\nWhen an employee resigns, their accounts are closed on the last working day.\n',
    'sops/lunch.md': '# Canteen\n\nVegetables are delivered in the morning by lorry.\n',
    'sops/paint.md': '# Walls\n\nPaint dries slowly in winter.\n',
  });
  const question = { repository: '/r', text: 'vans that carry food', limit: 3 };

  it('finds what shares no word with the question, and says by what', async () => {
    const knowledge = knowing(builtin);
    await knowledge.hold('/r', held, SIGNAL);
    const { found, without } = await knowledge.search(question, SIGNAL);
    expect(found[0]).toMatchObject({
      passage: { path: 'sops/lunch.md' },
      ranks: { words: null, wordVectors: 1, meaning: null },
    });
    expect(without).toEqual([]);
  });

  it('reads them once, and again when they could not be read', async () => {
    const reads = [() => Promise.reject(new Error('too many open files')), async () => builtin];
    const knowledge = knowingBy(() => (reads.shift() ?? expect.fail('read a third time'))());
    await knowledge.hold('/r', held, SIGNAL);
    const { found, without } = await knowledge.search(question, SIGNAL);
    expect({ found, without }).toEqual({ found: [], without: ['passages: too many open files'] });
    for (const _ of [1, 2])
      expect((await knowledge.search(question, SIGNAL)).found[0]?.ranks.wordVectors).toBe(1);
  });

  it('is one by words alone where it has none', async () => {
    const knowledge = knowing(null);
    await knowledge.hold('/r', held, SIGNAL);
    const { found } = await knowledge.search({ ...question, text: 'lorry' }, SIGNAL);
    expect(found.map(({ passage, ranks }) => [passage.path, ranks.wordVectors])).toEqual([
      ['sops/lunch.md', null],
    ]);
    expect((await knowledge.search({ ...question, text: 'qwzxkj' }, SIGNAL)).found).toEqual([]);
  });

  it('answers the committed questions at least as well as each of its parts, and as well as it is documented', async () => {
    const { items } = await readSet(join('evaluation', 'sops'), ['question']);
    const { sops } = await readDocuments(join('evaluation', 'sops', 'documents'));
    const all = sops.flatMap((each) => passagesOf('evaluation', each));
    const needs = { seconds: () => 0, progress: () => undefined, signal: SIGNAL };
    for (const [file, documented] of [
      ['questions.jsonl', 0.9],
      ['questions-blind.jsonl', 0.77],
      ['questions-blind-2.jsonl', 0.83],
    ] as const) {
      const asked = items.filter(
        (item): item is QuestionItem => item.kind === 'question' && item.file.endsWith(file),
      );
      const { rows } = await runQuestions(file, knowing(builtin), all, asked, needs);
      const recalls = new Map(rows.map(({ ranking, recall }) => [ranking, recall]));
      expect(recalls.get('fused'), file).toBeGreaterThanOrEqual(
        Math.max(documented, recalls.get('words') ?? 1),
      );
      expect(recalls.get('fused'), file).toBeGreaterThan(recalls.get('wordVectors') ?? 1);
    }
  });
});
