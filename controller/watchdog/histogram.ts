import type { LatencyBucket } from '../ports/monitor.js';

/** Observations between two scrapes, cumulative by bound, and how many were slower than a threshold. */
export type SlowCount =
  | { readonly kind: 'counted'; readonly requests: number; readonly slow: number }
  | { readonly kind: 'undecidable'; readonly problem: string };

/**
 * How many observations were slower than `threshold` seconds, with linear interpolation inside the threshold's bucket
 * as Prometheus' histogram_quantile does (the lowest bucket starts at 0). Counts may be fractional; a bucket that is
 * lower than the one before it is lifted to it.
 */
export function slowerThan(buckets: readonly LatencyBucket[], threshold: number): SlowCount {
  const total = buckets.at(-1);
  if (total === undefined || total.upperBound !== Number.POSITIVE_INFINITY)
    return { kind: 'undecidable', problem: 'the latency histogram has no +Inf bucket' };
  const largest = buckets.at(-2)?.upperBound ?? 0;
  if (threshold > largest)
    return {
      kind: 'undecidable',
      problem: `the latency guard of ${threshold}s is above the largest bucket of the histogram (${largest}s)`,
    };
  const repaired = monotone(buckets);
  const requests = repaired.at(-1)?.count ?? 0;
  return { kind: 'counted', requests, slow: Math.max(0, requests - countUpTo(repaired, threshold)) };
}

/** Same bounds in the same order? */
export function sameBounds(left: readonly LatencyBucket[], right: readonly LatencyBucket[]): boolean {
  return (
    left.length === right.length &&
    left.every((bucket, index) => bucket.upperBound === right[index]?.upperBound)
  );
}

/** Later minus earlier, bucket by bucket; same bounds are taken for granted. */
export function bucketDelta(
  later: readonly LatencyBucket[],
  earlier: readonly LatencyBucket[],
): readonly LatencyBucket[] {
  return later.map(({ upperBound, count }, index) => ({
    upperBound,
    count: Math.max(0, count - (earlier[index]?.count ?? 0)),
  }));
}

function monotone(buckets: readonly LatencyBucket[]): readonly LatencyBucket[] {
  let highest = 0;
  return buckets.map(({ upperBound, count }) => {
    highest = Math.max(highest, count);
    return { upperBound, count: highest };
  });
}

function countUpTo(buckets: readonly LatencyBucket[], threshold: number): number {
  let lower: LatencyBucket = { upperBound: 0, count: 0 };
  for (const bucket of buckets) {
    if (threshold <= bucket.upperBound) return interpolate(lower, bucket, threshold);
    lower = bucket;
  }
  return lower.count;
}

function interpolate(lower: LatencyBucket, upper: LatencyBucket, threshold: number): number {
  const width = upper.upperBound - lower.upperBound;
  if (width <= 0) return upper.count;
  return lower.count + ((upper.count - lower.count) * (threshold - lower.upperBound)) / width;
}
