import { type Ranked, topOf } from './top.js';

/** Search by meaning over vectors of unit length, known by their number; exact: it looks at each of them. */
export interface MeaningIndex {
  readonly count: number;
  /** Cosine similarity; of those above 0. A vector of another length finds nothing. */
  search(vector: Float32Array, limit: number): readonly Ranked[];
}

/** `vectors`: one after the other, `dimensions` numbers each. */
export function meaningIndex(vectors: Float32Array, dimensions: number): MeaningIndex {
  const count = dimensions === 0 ? 0 : Math.floor(vectors.length / dimensions);
  return {
    count,
    search: (vector, limit) =>
      vector.length === dimensions ? topOf(similarities(vectors, vector, count), limit) : [],
  };
}

/** Four sums at a time: additions that do not wait for each other. */
function similarities(vectors: Float32Array, vector: Float32Array, count: number): Float32Array {
  const scores = new Float32Array(count);
  const dimensions = vector.length;
  for (let row = 0; row < count; row += 1) {
    const offset = row * dimensions;
    let [first, second, third, fourth] = [0, 0, 0, 0];
    let at = 0;
    for (; at + 3 < dimensions; at += 4) {
      const place = offset + at;
      first += (vectors[place] as number) * (vector[at] as number);
      second += (vectors[place + 1] as number) * (vector[at + 1] as number);
      third += (vectors[place + 2] as number) * (vector[at + 2] as number);
      fourth += (vectors[place + 3] as number) * (vector[at + 3] as number);
    }
    for (; at < dimensions; at += 1) first += (vectors[offset + at] as number) * (vector[at] as number);
    scores[row] = first + second + (third + fourth);
  }
  return scores;
}
