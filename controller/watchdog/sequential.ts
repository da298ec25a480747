import { chernoffEvidence, tunedAlternative, wilsonInterval } from './judge-bernoulli.js';

/** Requests seen, and how many of them were bad (failed, or slower than the guard). May be fractional. */
export interface Counts {
  readonly requests: number;
  readonly bad: number;
}

export const NO_COUNTS: Counts = { requests: 0, bad: 0 };

/** A CUSUM as plain JSON: what is stored after every tick and goes on after a restart. */
export interface SequentialState {
  /** Log-likelihood (nats) for "worse than the guard allows" since `since`; 0 when there is none. */
  readonly statistic: number;
  /** When the present excursion from zero began, ms since the epoch; null at zero. */
  readonly since: number | null;
  readonly excursion: Counts;
  /** What this release did in excursions that ended at zero, with a bounded memory: its own normal. */
  readonly reference: Counts;
  readonly total: Counts;
}

export const NO_EVIDENCE: SequentialState = {
  statistic: 0,
  since: null,
  excursion: NO_COUNTS,
  reference: NO_COUNTS,
  total: NO_COUNTS,
};

export interface SequentialSettings {
  /** Mean time to a false alarm on a release that behaves as the one before, seconds. */
  readonly falseAlarmSeconds: number;
  /** Shortest time between two batches, seconds. */
  readonly tickSeconds: number;
  /** Level at which an excursion must also contradict "the guard is kept", for example 0.025. */
  readonly guardSignificance: number;
}

/** The bound to keep (a share between 0 and 1), and what the last-known-good release did. */
export interface Question {
  readonly guard: number;
  readonly baseline: Counts | null;
}

/** One evaluation, with the numbers behind it (all nats but the rates). */
export interface SequentialResult {
  readonly state: SequentialState;
  readonly alarm: boolean;
  readonly threshold: number;
  /** Chernoff bound against the guard of what the excursion showed. */
  readonly evidence: number;
  readonly expectedRate: number;
  readonly alternativeRate: number;
}

const SMALLEST_GUARD = 1e-4;
const UNMEASURED = 1 / 10;
const LOWEST = 1 / 20;
const HIGHEST_MEASURED = 1 / 2;
const HIGHEST_LEARNED = 9 / 10;
const PRIOR_REQUESTS = 500;
const REFERENCE_MEMORY = 3000;

/**
 * One batch of a Bernoulli CUSUM (Page 1954) for p0 -> p1, S = max(0, S + k ln(p1/p0) + (n-k) ln((1-p1)/(1-p0))).
 * The alarm needs S > ln(falseAlarmSeconds / tickSeconds), and that the excursion contradicts "share <= guard" at
 * `guardSignificance`. docs/watchdog.md has the guarantees, their proofs and their limits.
 */
export function advance(
  state: SequentialState,
  batch: Counts,
  at: number,
  question: Question,
  settings: SequentialSettings,
): SequentialResult {
  const guard = Math.max(question.guard, SMALLEST_GUARD);
  const expectedRate = expectedShare(guard, question.baseline, state.reference);
  const alternativeRate = tunedAlternative(expectedRate, guard);
  const statistic = Math.max(0, state.statistic + increment(batch, expectedRate, alternativeRate));
  const excursion = add(state.excursion, batch);
  const threshold = Math.log(Math.max(2, settings.falseAlarmSeconds / settings.tickSeconds));
  const evidence = chernoffEvidence(excursion.requests, excursion.bad, guard);
  // "No request may fail" is broken by one that does: there is nothing to estimate.
  const broken = question.guard === 0 && batch.bad > 0;
  const alarm = broken || (statistic > threshold && evidence >= -Math.log(settings.guardSignificance));
  const total = add(state.total, batch);
  const next: SequentialState =
    statistic === 0
      ? { ...NO_EVIDENCE, reference: remember(add(state.reference, excursion)), total }
      : { statistic, since: state.since ?? at, excursion, reference: state.reference, total };
  return { state: next, alarm, threshold, evidence, expectedRate, alternativeRate };
}

/** Observed share of bad requests; null when there were none to judge by. */
export function share(counts: Counts): number | null {
  return counts.requests > 0 ? counts.bad / counts.requests : null;
}

/**
 * p0: the share that is normal. The last-known-good's, where it was measured well enough to say more than the
 * default of guard/10; at most guard/2. Raised, never lowered, by what this release itself showed before it broke.
 */
export function expectedShare(guard: number, baseline: Counts | null, reference: Counts): number {
  const measured = Math.min(
    Math.max(measuredShare(guard, baseline), guard * LOWEST),
    guard * HIGHEST_MEASURED,
  );
  if (reference.requests === 0) return measured;
  const weight = reference.requests + PRIOR_REQUESTS;
  const estimate = (reference.bad + PRIOR_REQUESTS * measured) / weight;
  // One standard error on top, but none for what was normal anyway: `measured` has its own margin.
  const margin = Math.sqrt(estimate / weight) - Math.sqrt(measured / weight);
  const learned = estimate + Math.max(0, margin);
  return Math.max(measured, Math.min(learned, guard * HIGHEST_LEARNED));
}

function measuredShare(guard: number, baseline: Counts | null): number {
  const unmeasured = guard * UNMEASURED;
  if (baseline === null || baseline.requests <= 0) return unmeasured;
  const { lower, upper } = wilsonInterval(baseline.requests, baseline.bad);
  return lower <= unmeasured && unmeasured <= upper ? unmeasured : upper;
}

function increment(batch: Counts, p0: number, p1: number): number {
  return batch.bad * Math.log(p1 / p0) + (batch.requests - batch.bad) * Math.log((1 - p1) / (1 - p0));
}

function add(left: Counts, right: Counts): Counts {
  return { requests: left.requests + right.requests, bad: left.bad + right.bad };
}

function remember(counts: Counts): Counts {
  if (counts.requests <= REFERENCE_MEMORY) return counts;
  const factor = REFERENCE_MEMORY / counts.requests;
  return { requests: REFERENCE_MEMORY, bad: counts.bad * factor };
}
