import { describe, expect, it } from 'vitest';
import type { Fused } from '../../controller/planning/knowledge/fuse.js';
import { createKnowledge } from '../../controller/planning/knowledge/knowledge.js';
import { closenessTo, TokenFrequencies } from '../../controller/planning/knowledge/late-interaction.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import { orderByTokens, rankByTokens } from '../../controller/planning/knowledge/order.js';
import { spread } from '../../controller/planning/knowledge/spread.js';
import { systemClock } from '../../controller/ports/clock.js';
import type { PassageRecords } from '../../controller/ports/knowledge.js';
import type { Embedder, TextInContext, TokenVectors } from '../../controller/ports/model.js';
import { hashedEmbedder } from './hashed-embedder.js';
import { passages } from './samples.js';

const SIGNAL = new AbortController().signal;

/** Tokens by their numbers, each with a vector of two numbers. */
function tokens(...of: readonly (readonly [id: number, x: number, y: number])[]): TokenVectors {
  return {
    ids: Uint32Array.from(of, ([id]) => id),
    numbers: Int8Array.from(of.flatMap(([, x, y]) => [x, y])),
  };
}

describe('closeness of a passage to a question', () => {
  const even = () => 1;

  it('is the mean of each token’s cosine with the nearest token of the passage', () => {
    const question = tokens([1, 100, 0], [2, 0, 50]);
    expect(closenessTo(question, even)(tokens([7, 3, 0], [8, 0, 127]))).toBeCloseTo(1, 6);
    expect(closenessTo(question, even)(tokens([7, 60, 80]))).toBeCloseTo((0.6 + 0.8) / 2, 6);
    expect(closenessTo(question, even)(tokens([7, -100, 0], [8, 0, -1]))).toBeCloseTo(0, 6);
  });

  it('is the same for any number of tokens that a question has', () => {
    for (let count = 1; count <= 9; count += 1) {
      const question = tokens(
        ...Array.from({ length: count }, (_, at) => [at, at % 2 === 0 ? 100 : 0, at % 2] as const),
      );
      const xs = Math.ceil(count / 2);
      expect(closenessTo(question, even)(tokens([7, 1, 0]))).toBeCloseTo(xs / count, 6);
    }
  });

  it('looks at the first 64 tokens of a question, for each takes its time', () => {
    const first = Array.from({ length: 64 }, (_, at) => [at, 1, 0] as const);
    const more = Array.from({ length: 400 }, (_, at) => [at, 0, 1] as const);
    expect(closenessTo(tokens(...first, ...more), even)(tokens([7, 1, 0]))).toBeCloseTo(1, 6);
  });

  it('counts a token of the question by how rare it is', () => {
    const question = tokens([1, 100, 0], [2, 0, 100]);
    const rarity = (token: number) => (token === 1 ? 3 : 1);
    expect(closenessTo(question, rarity)(tokens([7, 10, 0]))).toBeCloseTo(0.75, 6);
  });

  it('is 0 where there are no tokens, no directions, or vectors of another length', () => {
    const question = tokens([1, 100, 0]);
    const nothing = { ids: new Uint32Array(0), numbers: new Int8Array(0) };
    expect(closenessTo(question, even)(nothing)).toBe(0);
    expect(closenessTo(nothing, even)(tokens([7, 1, 0]))).toBe(0);
    expect(closenessTo(question, even)(tokens([7, 0, 0]))).toBe(0);
    expect(closenessTo(question, () => 0)(tokens([7, 1, 0]))).toBe(0);
    expect(closenessTo(question, even)({ ids: Uint32Array.of(7), numbers: Int8Array.of(1, 2, 3) })).toBe(0);
  });
});

describe('the rarity of a token', () => {
  it('is its idf among the passages, each counted once', () => {
    const frequencies = new TokenFrequencies();
    expect(frequencies.rarity()).toBeNull();
    for (const ids of [[1, 1, 2], [1], [3]]) frequencies.add(Uint32Array.from(ids));
    const rarity = frequencies.rarity() ?? expect.fail('nothing was counted');
    expect(rarity(1)).toBeCloseTo(Math.log(1 + 1.5 / 2.5), 6);
    expect(rarity(2)).toBeCloseTo(Math.log(1 + 2.5 / 1.5), 6);
    expect(rarity(99)).toBeCloseTo(Math.log(1 + 3.5 / 0.5), 6);
  });
});

describe('passages in an order by their tokens', () => {
  const fused = (...ats: readonly number[]): readonly Fused[] =>
    ats.map((at, place) => ({ at, score: 1 - place / 10, ranks: [place + 1, null, null] }));
  const none = { ranked: [], unlisted: null };

  it('are ranked by closeness, those whose number is not known left out', async () => {
    const stored = [
      { id: 'far', tokens: tokens([7, 0, 1]) },
      { id: 'gone', tokens: tokens([7, 1, 0]) },
      { id: 'near', tokens: tokens([7, 1, 0]) },
    ];
    const numbers = new Map([
      ['far', 0],
      ['near', 1],
    ]);
    const ranked = await rankByTokens(tokens([1, 5, 0]), () => 1, numbers, stored, SIGNAL);
    expect(ranked.map(({ at }) => at)).toEqual([1, 0]);
    const given = rankByTokens(
      tokens([1, 5, 0]),
      () => 1,
      numbers,
      stored,
      AbortSignal.abort(new Error('enough')),
    );
    await expect(given).rejects.toThrow('enough');
  });

  it('come before the others, which stay in their order, and all are still there', () => {
    const byTokens = [
      { at: 3, score: 0.9 },
      { at: 1, score: 0.1 },
    ];
    const ordered = orderByTokens(fused(1, 2, 3, 4, 5), 3, { words: none, meaning: none }, byTokens);
    expect(ordered.map(({ at }) => at)).toEqual([3, 1, 2, 4, 5]);
    expect(ordered.map(({ ranks }) => ranks[3] ?? null)).toEqual([1, 2, null, null, null]);
    const [first, second] = ordered;
    expect(first?.score).toBeGreaterThan(1);
    expect(second?.score).toBeGreaterThanOrEqual(1);
  });
});

describe('spreading over documents', () => {
  const fused = (...scores: readonly number[]): readonly Fused[] =>
    scores.map((score, at) => ({ at, score, ranks: [at + 1] }));
  const documents = ['a', 'a', 'a', 'a', 'b', 'c'];
  const documentOf = (at: number) => documents[at] ?? '';

  it('lets others before the third and further passages of one document that are hardly better', () => {
    expect(spread(fused(1, 0.99, 0.98, 0.97, 0.9, 0.5), 6, documentOf).map(({ at }) => at)).toEqual([
      0, 1, 2, 4, 3, 5,
    ]);
  });

  it('leaves the order where one document is much better, and where each has one', () => {
    expect(spread(fused(9, 8, 7, 6, 1, 0), 6, documentOf).map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(spread(fused(3, 3, 2), 3, String).map(({ at }) => at)).toEqual([0, 1, 2]);
  });

  it('gives as many as are asked for, with scores that never rise', () => {
    const all = spread(fused(1, 0.99, 0.98, 0.97, 0.9, 0.5), 99, documentOf);
    expect(all).toHaveLength(6);
    const scores = all.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
    expect(spread(fused(1, 2), 0, documentOf)).toEqual([]);
    expect(spread(fused(1, 2), -1, documentOf)).toEqual([]);
  });
});

describe('search with an embedder that gives vectors of tokens', () => {
  const REPO = '/repository';
  const DOCUMENTS = {
    'sops/a.md': '# One\n\nAlpha bravo charlie delta.\n',
    'sops/b.md': '# Two\n\nAlpha bravo charlie delta echo.\n',
    'sops/c.md': '# Three\n\nAlpha bravo charlie delta foxtrot golf.\n',
  };
  const held = passages(REPO, DOCUMENTS);

  /** Of texts that speak of a foxtrot the tokens point where those of a question do. */
  function tokenEmbedder(): Embedder & { readonly read: TextInContext[] } {
    const read: TextInContext[] = [];
    return {
      ...hashedEmbedder('test/tokens'),
      read,
      tokens: async (texts) => {
        read.push(...texts);
        return texts.map(({ text }) => tokens([1, /foxtrot|\?/.test(text) ? 100 : -100, 0]));
      },
    };
  }

  function searching(embedder: Embedder, records: PassageRecords = memoryPassageRecords()) {
    return createKnowledge({ records, embedder, wordVectors: null, vectors: null, clock: systemClock });
  }
  const query = { repository: REPO, text: 'alpha bravo charlie delta?', limit: 3 };

  it('puts those first whose tokens are the nearest, and says which place they had by that', async () => {
    const plain = searching(hashedEmbedder());
    await plain.hold(REPO, held, SIGNAL);
    const without = await plain.search(query, SIGNAL);
    expect(without.found[0]?.passage.path).not.toBe('sops/c.md');
    expect(without.found.map(({ ranks }) => ranks.lateInteraction)).toEqual([null, null, null]);

    const knowledge = searching(tokenEmbedder());
    await knowledge.hold(REPO, held, SIGNAL);
    const { found } = await knowledge.search(query, SIGNAL);
    expect(found[0]?.passage.path).toBe('sops/c.md');
    expect(found[0]?.ranks.lateInteraction).toBe(1);
    expect(found).toHaveLength(3);
  });

  it('reads a passage once, with the beginning of its document as its context', async () => {
    const embedder = tokenEmbedder();
    const knowledge = searching(embedder);
    const long = passages(REPO, { 'sops/d.md': '# Four\n\nWhat this is about.\n\n## Part\n\nA rule.\n' });
    await knowledge.hold(REPO, long, SIGNAL);
    await knowledge.hold(REPO, long, SIGNAL);
    expect(embedder.read.map(({ context }) => context)).toEqual(['', 'What this is about.']);
  });

  it('finds, as without tokens, when they cannot be read, and says what it was made without', async () => {
    const records = memoryPassageRecords();
    const knowledge = searching(tokenEmbedder(), {
      ...records,
      tokens: async () => {
        throw new Error('connection terminated');
      },
    });
    await knowledge.hold(REPO, held, SIGNAL);
    const { found, without } = await knowledge.search(query, SIGNAL);
    expect(found).toHaveLength(3);
    expect(found[0]?.ranks.lateInteraction).toBeNull();
    expect(without).toEqual(['passages: connection terminated']);
  });

  it('passages that came later and are not read yet are found all the same', async () => {
    const records = memoryPassageRecords();
    const embedder = tokenEmbedder();
    const first = searching(embedder, records);
    await first.hold(REPO, held.slice(1), SIGNAL);
    await records.hold(REPO, held);
    const away: Embedder = {
      ...embedder,
      embed: (texts, signal) =>
        texts.some((text) => text.includes('One'))
          ? Promise.reject(new Error('busy'))
          : embedder.embed(texts, signal),
    };
    const { found, without } = await searching(away, records).search(query, SIGNAL);
    expect(found.map(({ passage }) => passage.path).sort()).toEqual(['sops/a.md', 'sops/b.md', 'sops/c.md']);
    expect(found[0]?.passage.path).toBe('sops/c.md');
    expect(without).toEqual(['embeddings: 1 of 3 passages have none of test/tokens yet']);
  });
});
