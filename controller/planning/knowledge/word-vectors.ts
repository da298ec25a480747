import type { WordTable, WordVectors } from '../../ports/knowledge.js';
import { wordsOf } from './tokens.js';

/** How quickly frequent words count less: between 1e-4 and 1e-3 in the paper. */
const SMOOTHING = 1e-3;

/**
 * Meaning without a model: the mean of the vectors of a text's words (GloVe: J. Pennington et al., 2014), in which rare words count more
 * (smooth inverse frequency: S. Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017; taking the common
 * direction out as they do changed nothing here).
 */
export function wordVectors({ words, numbers }: WordTable): WordVectors {
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const dimensions = words.length === 0 ? 0 : numbers.length / words.length;
  const weights = words.map((_, rank) => {
    const row = numbers.subarray(rank * dimensions, (rank + 1) * dimensions);
    return SMOOTHING / (SMOOTHING + frequencyOf(rank, words.length)) / (Math.hypot(...row) || 1);
  });
  return {
    dimensions,
    of: (text) => {
      const sum = new Float32Array(dimensions);
      let known = false;
      for (const word of wordsOf(text)) {
        const rank = ranks.get(word);
        if (rank === undefined) continue;
        known = true;
        const weight = weights[rank] as number;
        for (let at = 0, place = rank * dimensions; at < dimensions; at += 1, place += 1)
          sum[at] = (sum[at] as number) + weight * (numbers[place] as number);
      }
      return known ? unit(sum) : null;
    },
  };
}

/** Zipf's law: the share of a word in all text falls with its rank. */
function frequencyOf(rank: number, count: number): number {
  return 1 / ((rank + 10) * Math.log(count));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
