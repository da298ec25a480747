import type { TokenVectors } from '../../ports/model.js';

/** How much a token of the question counts: the rarer it is among the passages, the more. */
export type Rarity = (token: number) => number;

/** Counts in how many passages each token is. */
export class TokenFrequencies {
  private passages = 0;
  private readonly containing = new Map<number, number>();

  add(ids: Uint32Array): void {
    this.passages += 1;
    for (const id of new Set(ids)) this.containing.set(id, (this.containing.get(id) ?? 0) + 1);
  }

  /** idf as in `words.ts`, ln(1 + (N - n + 0.5) / (n + 0.5)); null: no passage was counted. */
  rarity(): Rarity | null {
    const { passages, containing } = this;
    if (passages === 0) return null;
    return (token) => {
      const count = containing.get(token) ?? 0;
      return Math.log(1 + (passages - count + 0.5) / (count + 0.5));
    };
  }
}

/** Tokens of a question that are compared: each takes its time with each token of each passage. */
const MOST_ASKED = 64;

/** From -1 to 1; of a passage without tokens, or whose vectors have another length, 0. */
export type Closeness = (passage: TokenVectors) => number;

/**
 * How close passages are to a question: each token of the question is compared with that of the passage that is nearest to it (MaxSim: O. Khattab,
 * M. Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT", 2020; with the tokens of
 * a plain sentence model: K. Łukawski, "Any Embedding Model Can Become a Late Interaction Model", Qdrant, 2024). Here it is the
 * mean of their cosines, weighted by how rare the question's tokens are.
 */
export function closenessTo(question: TokenVectors, rarity: Rarity): Closeness {
  const ids = question.ids.subarray(0, MOST_ASKED);
  const count = ids.length;
  const dimensions = count === 0 ? 0 : question.numbers.length / question.ids.length;
  const asked = unitRows(question.numbers, count, dimensions);
  const weights = Float64Array.from(ids, rarity);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return (passage) => {
    if (sum === 0 || passage.ids.length === 0) return 0;
    if (passage.numbers.length !== passage.ids.length * dimensions) return 0;
    const nearest = nearestOf(asked, count, dimensions, passage);
    return weights.reduce((all, weight, token) => all + weight * (nearest[token] as number), 0) / sum;
  };
}

/** Cosine of each token of the question with the nearest one of the passage. Four of the question at a time: see meaning.ts. */
function nearestOf(
  asked: Float64Array,
  count: number,
  dimensions: number,
  { ids, numbers }: TokenVectors,
): Float64Array {
  const nearest = new Float64Array(count).fill(-1);
  const cosines = new Float64Array(4);
  const vector = new Float64Array(dimensions);
  for (let row = 0; row < ids.length * dimensions; row += dimensions) {
    unitRow(numbers, row, vector);
    for (let token = 0; token < count; token += 4) {
      fourProducts(asked, token * dimensions, vector, cosines);
      for (let each = 0; each < 4 && token + each < count; each += 1)
        nearest[token + each] = Math.max(nearest[token + each] as number, cosines[each] as number);
    }
  }
  return nearest;
}

function fourProducts(rows: Float64Array, from: number, vector: Float64Array, into: Float64Array): void {
  const length = vector.length;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let at = 0, place = from; at < length; at += 1, place += 1) {
    const value = vector[at] as number;
    first += (rows[place] as number) * value;
    second += (rows[place + length] as number) * value;
    third += (rows[place + 2 * length] as number) * value;
    fourth += (rows[place + 3 * length] as number) * value;
  }
  into[0] = first;
  into[1] = second;
  into[2] = third;
  into[3] = fourth;
}

/** One row of unit length for each token; zeroes after them, so that there are a multiple of four. */
function unitRows(numbers: Int8Array, count: number, dimensions: number): Float64Array {
  const rows = new Float64Array(Math.ceil(count / 4) * 4 * dimensions);
  for (let row = 0; row < count * dimensions; row += dimensions)
    unitRow(numbers, row, rows.subarray(row, row + dimensions));
  return rows;
}

/** What has no direction stays without one: it is near to nothing. */
function unitRow(numbers: Int8Array, from: number, into: Float64Array): void {
  let squares = 0;
  for (let at = 0; at < into.length; at += 1) squares += (numbers[from + at] as number) ** 2;
  const length = Math.max(1, Math.sqrt(squares));
  for (let at = 0; at < into.length; at += 1) into[at] = (numbers[from + at] as number) / length;
}
