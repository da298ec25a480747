import { describe, expect, it } from 'vitest';
import type { Passage } from '../../controller/domain/passage.js';
import { fuse } from '../../controller/planning/knowledge/fuse.js';
import { meaningIndex } from '../../controller/planning/knowledge/meaning.js';
import { stem } from '../../controller/planning/knowledge/stem.js';
import { termsOf } from '../../controller/planning/knowledge/tokens.js';
import { topOf } from '../../controller/planning/knowledge/top.js';
import { wordsBuilder } from '../../controller/planning/knowledge/words.js';
import { passageWordsBuilder } from '../../controller/planning/knowledge/words-in-context.js';

function indexed(...documents: readonly (string | readonly [string, string])[]) {
  const builder = wordsBuilder();
  for (const document of documents) {
    const [heading, text] = typeof document === 'string' ? ['', document] : document;
    builder.add({ heading, text });
  }
  const index = builder.finish();
  const search = (query: string, limit: number) =>
    topOf(index.scores(new Map(termsOf(query).map((term) => [term, 1]))), limit);
  return { search };
}

describe('terms of a text', () => {
  it('are stems in lower case without stop words', () => {
    expect(termsOf('How do we roll the Deployments back?')).toEqual(['roll', 'deploy', 'back']);
  });

  it('keep versions, times and shares whole, with or without a v', () => {
    expect(termsOf('v2.4.1 at 16:00, 2.5 % of 1,000')).toEqual(['2.4.1', '16:00', '2.5', '1,000']);
    expect(termsOf('release_notes run-tests e-mail')).toEqual(['releas', 'note', 'run', 'test', 'e', 'mail']);
  });

  it('are of any script, in one form', () => {
    expect(termsOf('Änderungen ﬁx Straße')).toEqual(['änderungen', 'fix', 'straße']);
    expect(termsOf('cafe\u0301')).toEqual(termsOf('café'));
    expect(termsOf('本番環境')).toEqual(['本番', '番環', '環境']);
  });

  it('are found in bounded time in texts that mean harm', () => {
    for (const text of [
      'a'.repeat(1e6),
      "a'".repeat(5e5),
      '1.'.repeat(5e5),
      'e\u0301'.repeat(3e5),
      '\0'.repeat(1e6),
    ])
      expect(termsOf(text).length).toBeLessThan(600_000);
  });
});

// Examples from Porter's paper and his vocabulary.
describe('the stem of a word', () => {
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['feed', 'feed'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['bled', 'bled'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['troubled', 'troubl'],
    ['sized', 'size'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['hissing', 'hiss'],
    ['failing', 'fail'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['conditional', 'condit'],
    ['rational', 'ration'],
    ['digitizer', 'digit'],
    ['operator', 'oper'],
    ['triplicate', 'triplic'],
    ['formative', 'form'],
    ['electrical', 'electr'],
    ['hopeful', 'hope'],
    ['goodness', 'good'],
    ['revival', 'reviv'],
    ['adoption', 'adopt'],
    ['replacement', 'replac'],
    ['communism', 'commun'],
    ['effective', 'effect'],
    ['probate', 'probat'],
    ['rate', 'rate'],
    ['cease', 'ceas'],
    ['controll', 'control'],
    ['roll', 'roll'],
    ['yes', 'ye'],
    ['generalizations', 'gener'],
    ['oscillators', 'oscil'],
  ])('%s: %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  it('is the word itself where it is not English letters, or not a word', () => {
    for (const word of ['äpfel', 'v2', 'a1b2', 's', 'x'.repeat(100)]) expect(stem(word)).toBe(word);
  });
});

describe('BM25', () => {
  // N = 3; lengths 2, 1, 3, so the average is 2. "freez" is in 2 of 3 documents.
  const index = () => indexed('freeze production', 'rollback', 'freeze freeze staging');

  it('scores as computed by hand', () => {
    const idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5)); // ln 1.6
    const once = (1 * 2.2) / (1 + 1.2 * (0.25 + (0.75 * 2) / 2)); // 1
    const twice = (2 * 2.2) / (2 + 1.2 * (0.25 + (0.75 * 3) / 2));
    expect(once).toBeCloseTo(1, 10);
    expect(twice).toBeCloseTo(1.2054794520547945, 10);
    const found = index().search('freezes', 10);
    expect(found.map(({ at }) => at)).toEqual([2, 0]);
    expect(found[0]?.score).toBeCloseTo(idf * twice, 6);
    expect(found[1]?.score).toBeCloseTo(idf * once, 6);
  });

  it('adds the terms up, each one counted once', () => {
    const one = index().search('staging', 10)[0]?.score ?? 0;
    const other = index().search('freeze', 10)[0]?.score ?? 0;
    expect(index().search('staging freeze freeze', 10)[0]).toMatchObject({ at: 2 });
    expect(index().search('staging freeze freeze', 10)[0]?.score).toBeCloseTo(one + other, 6);
  });

  it('prefers the rarer word', () => {
    expect(index().search('freeze rollback', 10)[0]?.at).toBe(1);
  });

  it('counts a word of the heading as two of the text', () => {
    const twice = indexed(['freeze', 'x1 x2'], 'other words here now').search('freeze', 10)[0]?.score ?? 0;
    const written = indexed('freeze freeze x1 x2', 'other words here now').search('freeze', 10)[0]?.score;
    expect(twice).toBeCloseTo(written ?? 0, 6);
  });

  it('finds nothing for stop words, unknown words and nothing at all, and in nothing', () => {
    for (const query of ['the of and', 'unknown', '', ' ']) expect(index().search(query, 10)).toEqual([]);
    expect(indexed().search('freeze', 10)).toEqual([]);
    expect(indexed('', '').search('freeze', 10)).toEqual([]);
  });

  it('is not led astray by words that are names of things in objects', () => {
    const odd = indexed('constructor __proto__ hasOwnProperty', 'toString');
    expect(odd.search('constructor', 10).map(({ at }) => at)).toEqual([0]);
    expect(odd.search('valueOf', 10)).toEqual([]);
  });

  it('never scores below 0, also for a word that all have', () => {
    for (const { score } of indexed('freeze', 'freeze a', 'freeze b').search('freeze', 10))
      expect(score).toBeGreaterThan(0);
  });
});

describe('search by vectors', () => {
  it('gives cosines of unit vectors, the best first', () => {
    const index = meaningIndex(Float32Array.from([1, 0, 0, 1, 0.6, 0.8]), 2);
    const found = index.search(Float32Array.from([1, 0]), 10);
    expect(found.map(({ at }) => at)).toEqual([0, 2]);
    expect(found[1]?.score).toBeCloseTo(0.6, 6);
  });

  it('is right for any length, and for any number of vectors', () => {
    for (const dimensions of [1, 3, 5, 384])
      for (const count of [1, 3, 4, 5, 11]) {
        const values = Float32Array.from({ length: dimensions * count }, (_, at) => ((at * 37) % 11) / 10);
        const question = Float32Array.from({ length: dimensions }, (_, at) => ((at * 13) % 7) / 10 + 0.1);
        const found = meaningIndex(values, dimensions).search(question, count);
        for (const { at, score } of found) {
          const row = values.subarray(at * dimensions, (at + 1) * dimensions);
          const expected = row.reduce((sum, value, place) => sum + value * (question[place] ?? 0), 0);
          expect(score).toBeCloseTo(expected, 4);
        }
      }
  });

  it('finds nothing for a vector of another length, or in nothing', () => {
    expect(meaningIndex(Float32Array.from([1, 0]), 2).search(Float32Array.from([1]), 10)).toEqual([]);
    expect(meaningIndex(new Float32Array(0), 0).search(Float32Array.from([1]), 10)).toEqual([]);
  });
});

describe('the best of many', () => {
  it('is what sorting would give', () => {
    const scores = Float32Array.from({ length: 5000 }, (_, at) => ((at * 7919) % 1009) - 100);
    const sorted = [...scores.entries()]
      .filter(([, score]) => score > 0)
      .sort((left, right) => right[1] - left[1] || left[0] - right[0])
      .slice(0, 50)
      .map(([at, score]) => ({ at, score }));
    expect(topOf(scores, 50)).toEqual(sorted);
    expect(topOf(scores, 0)).toEqual([]);
  });
});

describe('fusion of rankings', () => {
  const list = (...scores: readonly (readonly [number, number])[]) =>
    scores.map(([at, score]) => ({ at, score }));

  it('adds scores that are scaled to their list, by weight', () => {
    const fused = fuse([
      { ranked: list([7, 12], [8, 9], [5, 2]), weight: 0.6, unlisted: null },
      { ranked: list([8, 0.9], [9, 0.5]), weight: 0.4, unlisted: null },
    ]);
    expect(fused.map(({ at }) => at)).toEqual([8, 7, 5, 9]);
    expect(fused[0]?.score).toBeCloseTo(0.6 * 0.7 + 0.4, 12);
    expect(fused[0]?.ranks).toEqual([2, 1]);
    expect(fused[1]?.ranks).toEqual([1, null]);
  });

  it('is the one list where the other is empty', () => {
    const one = { ranked: list([3, 5], [1, 4], [2, 1]), weight: 0.6, unlisted: null };
    const none = { ranked: [], weight: 0.4, unlisted: null };
    expect(fuse([one, none]).map(({ at }) => at)).toEqual([3, 1, 2]);
    expect(fuse([none, one]).map(({ at }) => at)).toEqual([3, 1, 2]);
    expect(fuse([none, none])).toEqual([]);
  });

  it('scales from what is not listed where that is known: the last of a few found is not worth nothing', () => {
    const fused = fuse([{ ranked: list([1, 4], [2, 1]), weight: 1, unlisted: 0 }]);
    expect(fused.map(({ at, score }) => [at, score])).toEqual([
      [1, 1],
      [2, 0.25],
    ]);
  });

  it('keeps all that are equally good', () => {
    expect(
      fuse([{ ranked: list([3, 5], [1, 5]), weight: 1, unlisted: null }]).map(({ at, score }) => [at, score]),
    ).toEqual([
      [3, 1],
      [1, 1],
    ]);
  });
});

describe('search of passages by words', () => {
  const passage = (path: string, index: number, text: string, heading = 'Rules'): Passage => ({
    id: `${path}${index}`,
    repository: '/r',
    sop: path,
    path,
    title: path === 'a' ? 'Payments' : 'Search',
    headings: [heading],
    text,
    context: '',
    index,
  });
  const searchable = (...passages: readonly Passage[]) => {
    const builder = passageWordsBuilder();
    for (const each of passages) builder.add(each);
    return builder.finish();
  };

  it('prefers, of two that say the same, the one whose document is about what was asked', () => {
    const index = searchable(
      passage('b', 0, 'Two people approve.'),
      passage('b', 1, 'The index is rebuilt at night.'),
      passage('a', 0, 'Two people approve.'),
      passage('a', 1, 'Cards are charged by payments.'),
    );
    expect(index.search('who approves payments', 1)[0]?.at).toBe(2);
  });

  it('finds what is said in other words, behind what is said in the same', () => {
    const index = searchable(passage('a', 0, 'Undo it within an hour.'), passage('b', 0, 'How to rollback.'));
    expect(index.search('rollback', 5).map(({ at }) => at)).toEqual([1, 0]);
  });

  it('finds nothing where nothing is related', () => {
    expect(searchable(passage('a', 0, 'Cards are charged.')).search('zebra crossing', 5)).toEqual([]);
  });
});
