import type { Ranked } from './top.js';

/** A ranking with scores of its own scale, and how much it counts. */
export interface Weighted {
  readonly ranked: readonly Ranked[];
  readonly weight: number;
  /** The score of what is not in the list; null: that of the last one in it. */
  readonly unlisted: number | null;
}

export interface Fused {
  readonly at: number;
  /** Between 0 and the sum of the weights. */
  readonly score: number;
  /** Rank (1 is best) in each list; null: it is not in it. */
  readonly ranks: readonly (number | null)[];
}

/**
 * Convex combination of scores that are scaled to 0..1 in each list (what is not in it is 0, its best is 1): S. Bruch, S. Gai, A. Ingber, "An
 * Analysis of Fusion Functions for Hybrid Retrieval", 2022. Unlike ranks alone, it keeps what one list is sure of when the other one is weak.
 * Of equals the one that an earlier list ranks better.
 */
export function fuse(lists: readonly Weighted[]): readonly Fused[] {
  const found = new Map<number, { score: number; ranks: (number | null)[] }>();
  for (const [list, { ranked, weight, unlisted }] of lists.entries()) {
    const scaled = scaleOf(ranked, unlisted);
    for (const [place, { at, score }] of ranked.entries()) {
      const known = found.get(at) ?? { score: 0, ranks: lists.map(() => null) };
      known.score += weight * scaled(score);
      known.ranks[list] = place + 1;
      found.set(at, known);
    }
  }
  const fused = [...found].map(([at, each]) => ({ at, ...each }));
  // A stable sort: those of the first list stay in its order.
  return fused.sort((left, right) => right.score - left.score);
}

function scaleOf(ranked: readonly Ranked[], unlisted: number | null): (score: number) => number {
  const best = ranked[0]?.score ?? 0;
  const least = unlisted ?? ranked.at(-1)?.score ?? 0;
  return best === least ? () => 1 : (score) => (score - least) / (best - least);
}
