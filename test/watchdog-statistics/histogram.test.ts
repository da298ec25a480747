import { describe, expect, it } from 'vitest';
import { bucketDelta, sameBounds, slowerThan } from '../../controller/watchdog/histogram.js';

const buckets = (...counts: [number, number][]) =>
  counts.map(([upperBound, count]) => ({ upperBound, count }));
const INF = Number.POSITIVE_INFINITY;

describe('share slower than a threshold', () => {
  const usual = buckets([0.1, 80], [0.5, 90], [1, 100], [INF, 100]);

  it('is exact at a bucket bound', () => {
    expect(slowerThan(usual, 0.5)).toEqual({ kind: 'counted', requests: 100, slow: 10 });
  });

  it('is interpolated inside a bucket, the lowest one from zero', () => {
    expect(slowerThan(usual, 0.3)).toEqual({ kind: 'counted', requests: 100, slow: 15 });
    expect(slowerThan(usual, 0.05)).toEqual({ kind: 'counted', requests: 100, slow: 60 });
  });

  it('repairs a bucket that is lower than the one before it', () => {
    const counted = slowerThan(buckets([0.1, 50], [0.5, 40], [INF, 60]), 0.5);
    expect(counted).toEqual({ kind: 'counted', requests: 60, slow: 10 });
  });

  it('takes fractional counts', () => {
    expect(slowerThan(buckets([1, 1.5], [INF, 2]), 1)).toEqual({ kind: 'counted', requests: 2, slow: 0.5 });
  });

  it('says that a threshold above the last finite bucket cannot be judged', () => {
    const counted = slowerThan(usual, 2);
    expect(counted).toMatchObject({ kind: 'undecidable' });
    expect(JSON.stringify(counted)).toContain('largest bucket of the histogram (1s)');
  });

  it('says that a histogram without +Inf, or an empty one, cannot be judged', () => {
    expect(slowerThan(buckets([1, 5]), 0.5).kind).toBe('undecidable');
    expect(slowerThan([], 0.5).kind).toBe('undecidable');
  });
});

describe('histograms of two scrapes', () => {
  it('subtract bucket by bucket', () => {
    const delta = bucketDelta(buckets([1, 5], [INF, 9]), buckets([1, 2], [INF, 4]));
    expect(delta).toEqual(buckets([1, 3], [INF, 5]));
  });

  it('are only compared when their bounds are the same', () => {
    expect(sameBounds(buckets([1, 5], [INF, 9]), buckets([1, 0], [INF, 0]))).toBe(true);
    expect(sameBounds(buckets([1, 5], [INF, 9]), buckets([2, 5], [INF, 9]))).toBe(false);
  });
});
