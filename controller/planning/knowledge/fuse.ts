/** Softens the difference between the first ranks: the value of the paper. */
const K = 60;

export interface Fused {
  readonly at: number;
  readonly score: number;
  /** Rank (1 is best) in each list; null: it is not in it. */
  readonly ranks: readonly (number | null)[];
}

/**
 * Reciprocal rank fusion: the sum of 1 / (60 + rank) over the lists. G. Cormack, C. Clarke, S. Büttcher, "Reciprocal Rank
 * Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009. Of equals the one that an earlier list ranks better.
 */
export function fuse(lists: readonly (readonly { readonly at: number }[])[]): readonly Fused[] {
  const ranks = new Map<number, (number | null)[]>();
  for (const [list, ranked] of lists.entries())
    for (const [place, { at }] of ranked.entries()) {
      const known = ranks.get(at) ?? lists.map(() => null);
      known[list] = place + 1;
      ranks.set(at, known);
    }
  const fused = [...ranks].map(([at, each]) => ({ at, score: scoreOf(each), ranks: each }));
  // A stable sort: those of the first list stay in its order.
  return fused.sort((left, right) => right.score - left.score);
}

function scoreOf(ranks: readonly (number | null)[]): number {
  return ranks.reduce<number>((sum, rank) => sum + (rank === null ? 0 : 1 / (K + rank)), 0);
}
