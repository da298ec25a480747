import { setImmediate as otherWork } from 'node:timers/promises';
import type { Passage } from '../../domain/passage.js';
import type { PassageRecords, StoredVector, VectorCorpus, WordVectors } from '../../ports/knowledge.js';
import { type Rarity, TokenFrequencies } from './late-interaction.js';
import { type MeaningIndex, meaningIndex } from './meaning.js';
import { headingOf, namesIn, type PassageWords, passageWordsBuilder } from './words-in-context.js';

/** Passages of a repository, in the order of their numbers, and how they are found. */
export interface Corpus {
  readonly words: WordPart;
  readonly meaning: MeaningPart;
}

export interface WordPart {
  readonly revision: string;
  readonly passages: readonly Passage[];
  /** Number of a passage by its id. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly index: PassageWords;
  /** Vectors of the words of each passage, by its number. */
  readonly near: MeaningIndex;
}

export interface MeaningPart {
  readonly revision: string;
  readonly dimensions: number;
  readonly index: MeaningIndex;
  /** Number of the passage of each row of the index. */
  readonly passages: Uint32Array;
  /** The vector of each row. */
  vector(row: number): Float32Array;
  /** Of the tokens of the passages; null: none of them has vectors of its tokens. */
  readonly rarity: Rarity | null;
}

const AT_ONCE = 200;

export const NO_MEANING: MeaningPart = meaningPart('', 0, new Float32Array(0), new Uint32Array(0), null);

/** Lets other work in between: 100,000 passages take seconds. */
export async function wordPart(
  revision: string,
  passages: readonly Passage[],
  wordVectors: WordVectors | null,
): Promise<WordPart> {
  const builder = passageWordsBuilder();
  const dimensions = wordVectors?.dimensions ?? 0;
  const vectors = new Float32Array(passages.length * dimensions);
  for (const [at, passage] of passages.entries()) {
    builder.add(passage);
    vectors.set(wordVectors?.of(headedText(passage)) ?? [], at * dimensions);
    if (at % AT_ONCE === AT_ONCE - 1) await otherWork();
  }
  const numbers = new Map(passages.map(({ id }, at) => [id, at]));
  return {
    revision,
    passages,
    numbers,
    index: builder.finish(),
    near: meaningIndex(vectors, dimensions),
  };
}

/** What is embedded of a passage: where it stands is part of what it means. All stand in the first folder, so that it says nothing. */
export function textToEmbed(passage: Passage): string {
  const { path } = passage;
  return `${namesIn(path.slice(path.indexOf('/') + 1))}: ${headedText(passage)}`;
}

function headedText({ title, headings, text }: Passage): string {
  return `${headingOf(title, headings).replaceAll('\n', ' > ')}\n\n${text}`;
}

/** The vectors of the passages that there are, read page by page. All have the length of the first. */
export async function readMeaning(
  records: PassageRecords,
  corpus: VectorCorpus,
  revision: string,
  numbers: ReadonlyMap<string, number>,
): Promise<MeaningPart> {
  let matrix = new Float32Array(0);
  let dimensions = 0;
  const passages: number[] = [];
  const frequencies = new TokenFrequencies();
  for (
    let page = await records.vectors(corpus, null);
    page.length > 0;
    page = await records.vectors(corpus, lastOf(page))
  ) {
    for (const { id, vector, tokenIds } of page) {
      const number = numbers.get(id);
      if (dimensions === 0) {
        dimensions = vector.length;
        matrix = new Float32Array(dimensions * numbers.size);
      }
      if (number === undefined || vector.length !== dimensions) continue;
      matrix.set(vector, passages.length * dimensions);
      passages.push(number);
      if (tokenIds !== null) frequencies.add(tokenIds);
    }
    await otherWork();
  }
  return meaningPart(
    revision,
    dimensions,
    matrix.subarray(0, passages.length * dimensions),
    Uint32Array.from(passages),
    frequencies.rarity(),
  );
}

function lastOf(page: readonly StoredVector[]): string | null {
  return page.at(-1)?.id ?? null;
}

function meaningPart(
  revision: string,
  dimensions: number,
  matrix: Float32Array,
  passages: Uint32Array,
  rarity: Rarity | null,
): MeaningPart {
  return {
    revision,
    dimensions,
    index: meaningIndex(matrix, dimensions),
    passages,
    vector: (row) => matrix.subarray(row * dimensions, (row + 1) * dimensions),
    rarity,
  };
}
