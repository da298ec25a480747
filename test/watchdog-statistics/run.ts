import {
  advance,
  type Counts,
  NO_EVIDENCE,
  type SequentialSettings,
  type SequentialState,
} from '../../controller/watchdog/sequential.js';
import { traffic } from './simulation.js';

export const SETTINGS: SequentialSettings = {
  falseAlarmSeconds: 30 * 86_400,
  tickSeconds: 1,
  guardSignificance: 0.025,
};

export interface Scenario {
  readonly rate: number;
  readonly guard: number;
  readonly baseline: Counts | null;
  readonly settings?: SequentialSettings;
}

/** A service that was measured at 0.1 % over ten minutes at 50 requests a second, guarded at 2 %. */
export const CLEAN_BASELINE: Scenario = { rate: 50, guard: 0.02, baseline: { requests: 30_000, bad: 30 } };

/** Seconds until the alarm at a constant share; null when there is none within `limit` ticks. */
export function secondsToAlarm(
  random: () => number,
  scenario: Scenario,
  shareAt: (second: number) => number,
  limit: number,
): number | null {
  let state: SequentialState = NO_EVIDENCE;
  for (let second = 1; second <= limit; second++) {
    const batch = traffic(random, scenario.rate, 1, shareAt(second));
    const result = advance(state, batch, second * 1000, scenario, scenario.settings ?? SETTINGS);
    if (result.alarm) return second;
    state = result.state;
  }
  return null;
}

/**
 * Seconds from a break to the alarm, after `before` seconds at `clean`. `part` is how much of a tick was left when
 * the break came, from 0 to 1: callers spread it evenly.
 */
export function detectionDelay(
  random: () => number,
  scenario: Scenario,
  before: number,
  clean: number,
  broken: number,
  part: number,
): number {
  let state: SequentialState = NO_EVIDENCE;
  for (let second = 0; second < before + 3600; second++) {
    const batch =
      second === before
        ? straddle(random, scenario.rate, part, clean, broken)
        : traffic(random, scenario.rate, 1, second < before ? clean : broken);
    const result = advance(state, batch, second * 1000, scenario, scenario.settings ?? SETTINGS);
    if (result.alarm && second >= before) return part + (second - before);
    state = result.alarm ? NO_EVIDENCE : result.state;
  }
  return Number.POSITIVE_INFINITY;
}

/** Many delays with the break spread evenly over the tick. */
export function detectionDelays(
  random: () => number,
  scenario: Scenario,
  before: number,
  broken: number,
  repetitions: number,
): readonly number[] {
  return Array.from({ length: repetitions }, (_, index) =>
    detectionDelay(random, scenario, before, 0.001, broken, (index + 0.5) / repetitions),
  );
}

function straddle(random: () => number, rate: number, part: number, clean: number, broken: number): Counts {
  const old = traffic(random, rate, 1 - part, clean);
  const fresh = traffic(random, rate, part, broken);
  return { requests: old.requests + fresh.requests, bad: old.bad + fresh.bad };
}

/** ln(r T) / (r D): no test with a mean time T to a false alarm detects faster (Lorden 1971). */
export function lordenBound(rate: number, falseAlarmSeconds: number, p0: number, p1: number): number {
  const good = p1 < 1 ? (1 - p1) * Math.log((1 - p1) / (1 - p0)) : 0;
  return Math.log(rate * falseAlarmSeconds) / (rate * (p1 * Math.log(p1 / p0) + good));
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
