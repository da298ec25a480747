import { describe, expect, it } from 'vitest';
import {
  type CounterState,
  type CounterStep,
  NO_COUNTERS,
  stepCounters,
} from '../../controller/watchdog/window.js';

/** Steps through [requests, errors] of one sample per second. */
function steps(...samples: readonly (readonly [number, number])[]): readonly CounterStep[] {
  let counters: CounterState = NO_COUNTERS;
  return samples.map(([requests, errors], second) => {
    const step = stepCounters(counters, { at: second * 1000, requests, errors, latency: null });
    counters = JSON.parse(JSON.stringify(step.counters));
    return step;
  });
}

describe('counts since the last scrape', () => {
  it('the first sample is only compared with', () => {
    expect(steps([10, 1]).map(({ kind }) => kind)).toEqual(['first']);
  });

  it('are the differences', () => {
    expect(steps([10, 1], [15, 2])[1]).toMatchObject({ kind: 'delta', delta: { requests: 5, errors: 1 } });
  });

  it('are the new value after the process began again at zero, and the reset is noted', () => {
    const last = steps([1000, 50], [12, 3])[1];
    expect(last).toMatchObject({
      kind: 'delta',
      delta: { requests: 12, errors: 3 },
      counters: { resets: 1 },
    });
  });

  it('are nonsense when a counter slips back, and are not believed for a while after', () => {
    const [, back, after] = steps([1000, 50], [999, 50], [1010, 60]);
    expect(back).toMatchObject({
      kind: 'nonsense',
      problem: 'the count of requests went backwards, from 1000 to 999',
    });
    expect(after?.kind).toBe('nonsense');
  });

  it('are nonsense when two processes answer in turn', () => {
    const kinds = steps([1000, 0], [100, 50], [1001, 0], [101, 50], [1002, 0], [102, 50]).map(
      ({ kind }) => kind,
    );
    expect(kinds.slice(3).every((kind) => kind === 'nonsense')).toBe(true);
  });

  it('are believed again when the counters behave', () => {
    const samples: [number, number][] = [
      [1000, 0],
      [999, 0],
    ];
    for (let second = 0; second < 40; second++) samples.push([1000 + second, 0]);
    expect(steps(...samples).at(-1)?.kind).toBe('delta');
  });

  for (const [requests, errors] of [
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [-1, 0],
    [10, Number.NaN],
    [10, 11],
    [1e300, 0],
  ] as const)
    it(`are nonsense for ${requests} requests and ${errors} errors`, () => {
      const step = stepCounters(NO_COUNTERS, { at: 0, requests, errors, latency: null });
      expect(step).toMatchObject({ kind: 'nonsense', counters: NO_COUNTERS });
    });

  it('are nonsense when more new errors than new requests are claimed', () => {
    expect(steps([100, 0], [105, 8])[1]).toMatchObject({ kind: 'nonsense' });
  });

  it('are zero when the same moment is sampled twice', () => {
    const sample = { at: 5, requests: 10, errors: 0, latency: null };
    const { counters } = stepCounters(NO_COUNTERS, sample);
    expect(stepCounters(counters, sample)).toMatchObject({ kind: 'delta', delta: { requests: 0 } });
  });

  it('keep a histogram over a restart of the controller', () => {
    const at = (second: number, fast: number, all: number) => ({
      at: second,
      requests: all,
      errors: 0,
      latency: [
        { upperBound: 1, count: fast },
        { upperBound: Number.POSITIVE_INFINITY, count: all },
      ],
    });
    const { counters } = stepCounters(NO_COUNTERS, at(0, 5, 10));
    const step = stepCounters(JSON.parse(JSON.stringify(counters)), at(1, 7, 20));
    expect(step.kind === 'delta' && step.delta.latency).toEqual([
      { upperBound: 1, count: 2 },
      { upperBound: Number.POSITIVE_INFINITY, count: 10 },
    ]);
  });
});
