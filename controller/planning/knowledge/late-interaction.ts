import type { TokenVectors } from '../../ports/model.js';

/** How much a token of the question counts: the rarer it is among the passages, the more. */
export type Rarity = (token: number) => number;

/** idf as in `words.ts`, ln(1 + (N - n + 0.5) / (n + 0.5)), of tokens. */
export function rarityOf(passages: readonly Uint32Array[]): Rarity {
  const frequency = new Map<number, number>();
  for (const ids of passages) for (const id of new Set(ids)) frequency.set(id, (frequency.get(id) ?? 0) + 1);
  return (token) => {
    const containing = frequency.get(token) ?? 0;
    return Math.log(1 + (passages.length - containing + 0.5) / (containing + 0.5));
  };
}

/**
 * How close a passage is to a question: each token of the question is compared with that of the passage that is nearest to it (MaxSim: O. Khattab,
 * M. Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT", 2020; with the tokens of
 * a plain sentence model: K. Łukawski, "Any Embedding Model Can Become a Late Interaction Model", Qdrant, 2024). Here the
 * cosines are weighted by how rare the question's tokens are. Returns their mean, from -1 to 1; of a passage without tokens, 0.
 */
export function closeness(question: TokenVectors, rarity: Rarity, passage: TokenVectors): number {
  const dimensions = question.numbers.length / question.ids.length;
  if (passage.ids.length === 0 || passage.numbers.length !== passage.ids.length * dimensions) return 0;
  const lengths = lengthsOf(passage, dimensions);
  const asked = lengthsOf(question, dimensions);
  let sum = 0;
  let weights = 0;
  for (const [token, id] of question.ids.entries()) {
    let nearest = -1;
    for (let at = 0; at < passage.ids.length; at += 1) {
      const product = dot(question.numbers, token * dimensions, passage.numbers, at * dimensions, dimensions);
      nearest = Math.max(nearest, product / ((asked[token] as number) * (lengths[at] as number)));
    }
    const weight = rarity(id);
    sum += weight * nearest;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/** Never 0: what has no direction is near to nothing. */
function lengthsOf({ ids, numbers }: TokenVectors, dimensions: number): Float64Array {
  return Float64Array.from(ids, (_, at) =>
    Math.max(1, Math.sqrt(dot(numbers, at * dimensions, numbers, at * dimensions, dimensions))),
  );
}

function dot(left: Int8Array, from: number, right: Int8Array, start: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += (left[from + at] as number) * (right[start + at] as number);
  return sum;
}
