/** A document by its number, and how well it fits: larger is better. */
export interface Ranked {
  readonly at: number;
  readonly score: number;
}

/** The best of `scores` that are above 0, best first; of equals the first one. */
export function topOf(scores: Float32Array | Float64Array, limit: number): readonly Ranked[] {
  const best: Ranked[] = [];
  if (limit <= 0) return best;
  let threshold = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const score = scores[at] ?? 0;
    if (!(score > threshold)) continue;
    insert(best, { at, score });
    if (best.length > limit) best.pop();
    if (best.length === limit) threshold = best.at(-1)?.score ?? 0;
  }
  return best;
}

function insert(best: Ranked[], ranked: Ranked): void {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((best[middle]?.score ?? 0) >= ranked.score) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, ranked);
}
