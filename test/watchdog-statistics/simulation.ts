import type { Sample, Sampled } from '../../controller/ports/monitor.js';
import type { Observation } from '../../controller/ports/runtime.js';

/** Seeded random numbers in [0, 1) (mulberry32), so that a simulation gives the same result each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Poisson number with a mean below some hundreds (Knuth, in parts). */
export function poisson(random: () => number, mean: number): number {
  if (mean > 30) return poisson(random, mean / 2) + poisson(random, mean / 2);
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count++;
  }
  return count;
}

/** Binomial number, by the geometric gaps between successes. */
export function binomial(random: () => number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  const scale = Math.log(1 - p);
  let count = 0;
  let at = Math.floor(Math.log(1 - random()) / scale) + 1;
  while (at <= n) {
    count++;
    at += Math.floor(Math.log(1 - random()) / scale) + 1;
  }
  return count;
}

/** Traffic of a service: Poisson requests, a share of them bad. `rate` per second. */
export interface Traffic {
  readonly requests: number;
  readonly bad: number;
}

export function traffic(random: () => number, rate: number, seconds: number, share: number): Traffic {
  const requests = poisson(random, rate * seconds);
  return { requests, bad: binomial(random, requests, share) };
}

export const RUNNING: Observation = {
  state: 'running',
  restarts: 0,
  exitCode: null,
  healthy: null,
  detail: '',
};

export const ANSWERED = { ok: true, status: 200, milliseconds: 1, problem: null } as const;

export function sampled(
  at: number,
  requests: number,
  errors: number,
  latency: Sample['latency'] = null,
): Sampled {
  return { ok: true, sample: { at, requests, errors, latency } };
}
