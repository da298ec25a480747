import { termOf, wordsOf } from './tokens.js';

/** How quickly repeating a word stops counting, and how much long documents are held against themselves: the usual values. */
export const K1 = 1.2;
export const B = 0.75;
/** A word in a heading or the title counts as often as this many in the text. */
const HEADING_WEIGHT = 2;

export interface WordsDocument {
  readonly heading: string;
  readonly text: string;
}

/** Search by words over documents that are known by their number, in the order in which they were added. */
export interface WordsIndex {
  readonly terms: ReadonlySet<string>;
  /** Of each document, by its number: what the terms add to its score, each times its weight. */
  scores(terms: ReadonlyMap<string, number>): Float64Array;
}

export interface WordsBuilder {
  add(document: WordsDocument): void;
  finish(): WordsIndex;
}

/**
 * Okapi BM25: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with idf as in
 * Lucene, ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. Headings are a second field; the frequencies of both are
 * summed by weight before they saturate (Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", 2004).
 */
export function wordsBuilder(): WordsBuilder {
  const vocabulary = new Map<string, number>();
  /** By the word as written: each one is stemmed once. */
  const known = new Map<string, number>();
  const postings = growing();
  const lengths: number[] = [];

  const termNumber = (word: string): number => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const term = termOf(word);
    const number = vocabulary.get(term) ?? vocabulary.size;
    vocabulary.set(term, number);
    known.set(word, number);
    return number;
  };

  return {
    add({ heading, text }) {
      const frequencies = new Map<number, number>();
      let length = 0;
      for (const [field, weight] of [
        [text, 1],
        [heading, HEADING_WEIGHT],
      ] as const)
        for (const word of wordsOf(field)) {
          const term = termNumber(word);
          frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
          length += weight;
        }
      for (const [term, frequency] of frequencies) postings.push(term, lengths.length, frequency);
      lengths.push(length);
    },
    finish: () => indexOf(vocabulary, postings, lengths),
  };
}

/** Inverted: for each term the documents that have it, with what it adds to their scores but for idf, which is of the query. */
function indexOf(
  vocabulary: ReadonlyMap<string, number>,
  postings: Postings,
  lengths: readonly number[],
): WordsIndex {
  const count = lengths.length;
  const average =
    Math.max(
      1,
      lengths.reduce((sum, length) => sum + length, 0),
    ) / Math.max(1, count);
  const { starts, documents, frequencies } = byTerm(postings, vocabulary.size);
  for (let at = 0; at < frequencies.length; at += 1) {
    const frequency = frequencies[at] ?? 0;
    const length = lengths[documents[at] ?? 0] ?? 0;
    frequencies[at] = (frequency * (K1 + 1)) / (frequency + K1 * (1 - B + (B * length) / average));
  }
  const scores = (terms: ReadonlyMap<string, number>): Float64Array => {
    const sums = new Float64Array(count);
    for (const [term, weight] of terms) {
      const number = vocabulary.get(term);
      if (number === undefined) continue;
      const [from, to] = [starts[number] ?? 0, starts[number + 1] ?? 0];
      const inverse = weight * Math.log(1 + (count - (to - from) + 0.5) / (to - from + 0.5));
      for (let at = from; at < to; at += 1) {
        const document = documents[at] ?? 0;
        sums[document] = (sums[document] ?? 0) + inverse * (frequencies[at] ?? 0);
      }
    }
    return sums;
  };
  return {
    terms: new Set(vocabulary.keys()),
    scores,
  };
}

interface Postings {
  push(term: number, document: number, frequency: number): void;
  read(): { readonly terms: Uint32Array; readonly documents: Uint32Array; readonly frequencies: Uint32Array };
}

/** Three numbers for each posting, not an object: there are ten millions of them for 100,000 passages. */
function growing(): Postings {
  let size = 0;
  let columns: readonly [Uint32Array, Uint32Array, Uint32Array] = [
    new Uint32Array(1024),
    new Uint32Array(1024),
    new Uint32Array(1024),
  ];
  const grown = (column: Uint32Array): Uint32Array => {
    const larger = new Uint32Array(column.length * 2);
    larger.set(column);
    return larger;
  };
  return {
    push(term, document, frequency) {
      if (size === columns[0].length) columns = [grown(columns[0]), grown(columns[1]), grown(columns[2])];
      columns[0][size] = term;
      columns[1][size] = document;
      columns[2][size] = frequency;
      size += 1;
    },
    read: () => ({
      terms: columns[0].subarray(0, size),
      documents: columns[1].subarray(0, size),
      frequencies: columns[2].subarray(0, size),
    }),
  };
}

/** Sorted by term (counting sort), documents of a term in ascending order. */
function byTerm(postings: Postings, terms: number) {
  const { terms: termOfPosting, documents, frequencies } = postings.read();
  const starts = new Uint32Array(terms + 1);
  for (const term of termOfPosting) starts[term + 1] = (starts[term + 1] ?? 0) + 1;
  for (let term = 0; term < terms; term += 1)
    starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const next = starts.slice();
  const sorted = {
    documents: new Uint32Array(documents.length),
    frequencies: new Float32Array(documents.length),
  };
  for (let at = 0; at < documents.length; at += 1) {
    const term = termOfPosting[at] ?? 0;
    const place = next[term] ?? 0;
    next[term] = place + 1;
    sorted.documents[place] = documents[at] ?? 0;
    sorted.frequencies[place] = frequencies[at] ?? 0;
  }
  return { starts, ...sorted };
}
