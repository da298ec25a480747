import type { LatencyBucket, Sample } from '../ports/monitor.js';
import { bucketDelta, sameBounds } from './histogram.js';

/** What is kept between two scrapes, as plain JSON (an infinite bound is stored as null: JSON has no infinity). */
export interface CounterState {
  readonly last: StoredSample | null;
  readonly resets: number;
  readonly resetAt: number | null;
  /** Deltas before this time are not believed: the counters were seen to count backwards. */
  readonly distrustUntil: number | null;
}

export interface StoredSample {
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
  readonly latency: readonly { readonly upperBound: number | null; readonly count: number }[] | null;
}

export const NO_COUNTERS: CounterState = { last: null, resets: 0, resetAt: null, distrustUntil: null };

/** `latency` is the histogram of the delta; null when there is none, or its buckets changed. */
export interface CounterDelta {
  readonly requests: number;
  readonly errors: number;
  readonly latency: readonly LatencyBucket[] | null;
}

export type CounterStep =
  | { readonly kind: 'delta'; readonly counters: CounterState; readonly delta: CounterDelta }
  /** The first sample: what later ones are compared with. */
  | { readonly kind: 'first'; readonly counters: CounterState }
  | { readonly kind: 'nonsense'; readonly counters: CounterState; readonly problem: string };

/** Above this a double no longer counts single requests. */
const LARGEST_COUNT = Number.MAX_SAFE_INTEGER;
const DISTRUST_MS = 30_000;

/**
 * Cumulative counts to counts since the last sample. A counter that went down began again at zero, so its new value is
 * the delta (Prometheus' rule), but only if that can be: it fell to less than half, and did not do so a moment ago.
 */
export function stepCounters(state: CounterState, sample: Sample): CounterStep {
  const problem = nonsenseIn(sample);
  if (problem !== null) return { kind: 'nonsense', counters: state, problem };
  const last = state.last;
  const stored = store(sample);
  if (last === null) return { kind: 'first', counters: { ...state, last: stored } };
  if (sample.at <= last.at) return { kind: 'delta', counters: state, delta: NOTHING };
  const down = sample.requests < last.requests || sample.errors < last.errors;
  if (down && !believableReset(state, last, sample))
    return backwards({ ...state, last: stored }, last, sample);
  if (state.distrustUntil !== null && sample.at < state.distrustUntil)
    return { kind: 'nonsense', counters: { ...state, last: stored }, problem: RECENTLY_BACKWARDS };
  const from = down ? null : last;
  const delta = subtract(sample, from);
  const inconsistent = delta.errors > delta.requests * (1 + 1e-9) + 1e-9;
  if (inconsistent)
    return {
      kind: 'nonsense',
      counters: { ...state, last: stored },
      problem: `${round(delta.errors)} errors among ${round(delta.requests)} new requests`,
    };
  const counters = down
    ? { ...state, last: stored, resets: state.resets + 1, resetAt: sample.at }
    : { ...state, last: stored };
  return { kind: 'delta', counters, delta };
}

const NOTHING: CounterDelta = { requests: 0, errors: 0, latency: null };
const RECENTLY_BACKWARDS = 'the counters counted backwards a moment ago';

function nonsenseIn(sample: Sample): string | null {
  const counts: [string, number][] = [
    ['requests', sample.requests],
    ['errors', sample.errors],
    ...(sample.latency ?? []).map(({ upperBound, count }): [string, number] => [
      `bucket ${upperBound}`,
      count,
    ]),
  ];
  for (const [name, value] of counts)
    if (!(value >= 0 && value <= LARGEST_COUNT)) return `the count of ${name} is ${value}`;
  if (sample.errors > sample.requests) return `${sample.errors} errors among ${sample.requests} requests`;
  return null;
}

function believableReset(state: CounterState, last: StoredSample, sample: Sample): boolean {
  const again = state.resetAt !== null && sample.at - state.resetAt < DISTRUST_MS;
  return !again && sample.requests <= last.requests / 2;
}

function backwards(state: CounterState, last: StoredSample, sample: Sample): CounterStep {
  const counters = { ...state, distrustUntil: sample.at + DISTRUST_MS };
  const [name, before, now] =
    sample.requests < last.requests
      ? ['requests', last.requests, sample.requests]
      : ['errors', last.errors, sample.errors];
  return {
    kind: 'nonsense',
    counters,
    problem: `the count of ${name} went backwards, from ${round(before)} to ${round(now)}`,
  };
}

function subtract(sample: Sample, from: StoredSample | null): CounterDelta {
  return {
    requests: sample.requests - (from?.requests ?? 0),
    errors: sample.errors - (from?.errors ?? 0),
    latency: latencyDelta(sample.latency, from),
  };
}

function latencyDelta(
  latency: readonly LatencyBucket[] | null,
  from: StoredSample | null,
): readonly LatencyBucket[] | null {
  if (latency === null || from === null) return latency;
  const earlier = from.latency?.map(({ upperBound, count }) => ({
    upperBound: upperBound ?? Infinity,
    count,
  }));
  // A histogram appears with its first observation: before that it counted nothing.
  if (earlier === undefined) return latency;
  return sameBounds(latency, earlier) ? bucketDelta(latency, earlier) : null;
}

function store(sample: Sample): StoredSample {
  const latency = sample.latency?.map(({ upperBound, count }) => ({
    upperBound: Number.isFinite(upperBound) ? upperBound : null,
    count,
  }));
  return { at: sample.at, requests: sample.requests, errors: sample.errors, latency: latency ?? null };
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
