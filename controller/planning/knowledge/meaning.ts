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

/**
 * Four rows at a time, so that additions do not wait for each other, and a question of doubles, so that nothing is converted twice: four
 * times as quick as the plain loop.
 */
function similarities(vectors: Float32Array, vector: Float32Array, count: number): Float32Array {
  const scores = new Float32Array(count);
  const dimensions = vector.length;
  const question = Float64Array.from(vector);
  const whole = count - (count % 4);
  for (let row = 0; row < whole; row += 4) {
    let place = row * dimensions;
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let at = 0; at < dimensions; at += 1, place += 1) {
      const value = question[at] as number;
      first += (vectors[place] as number) * value;
      second += (vectors[place + dimensions] as number) * value;
      third += (vectors[place + 2 * dimensions] as number) * value;
      fourth += (vectors[place + 3 * dimensions] as number) * value;
    }
    scores[row] = first;
    scores[row + 1] = second;
    scores[row + 2] = third;
    scores[row + 3] = fourth;
  }
  for (let row = whole; row < count; row += 1) {
    let sum = 0;
    for (let at = 0; at < dimensions; at += 1)
      sum += (vectors[row * dimensions + at] as number) * (question[at] as number);
    scores[row] = sum;
  }
  return scores;
}
