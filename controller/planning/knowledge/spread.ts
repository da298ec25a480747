import type { Fused } from './fuse.js';

/** So many passages of a document are found as they are; each further one is worth less by `DISCOUNT` for each before it beyond these. */
const UNDISCOUNTED = 2;
const DISCOUNT = 0.1;

/**
 * The first `limit` of them in an order in which a document that speaks of nothing else does not take all the first places: what other documents say of
 * it is seen, too. Scores become those with the discount.
 */
export function spread(
  fused: readonly Fused[],
  limit: number,
  documentOf: (at: number) => string,
): readonly Fused[] {
  const left = [...fused];
  const taken = new Map<string, number>();
  const discounted = (each: Fused): number =>
    each.score - DISCOUNT * Math.max(0, (taken.get(documentOf(each.at)) ?? 0) - UNDISCOUNTED);
  const most = Math.max(0, Math.min(limit, fused.length));
  return Array.from({ length: most }, () => {
    let best = 0;
    for (let place = 1; place < left.length; place += 1)
      if (discounted(left[place] as Fused) > discounted(left[best] as Fused)) best = place;
    const [next] = left.splice(best, 1) as [Fused];
    const score = discounted(next);
    taken.set(documentOf(next.at), (taken.get(documentOf(next.at)) ?? 0) + 1);
    return { ...next, score };
  });
}
