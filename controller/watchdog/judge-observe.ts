import type { Guards } from '../domain/catalog.js';
import type { Sampled } from '../ports/monitor.js';
import { slowerThan } from './histogram.js';
import type { JudgeSettings, LogState, TickObservation, WatchState } from './judge-state.js';
import { advance, type Counts, type SequentialResult, type SequentialState } from './sequential.js';
import { type CounterDelta, stepCounters } from './window.js';

/** p95 < T is "at most this share is slower than T". */
export const SLOW_SHARE = 0.05;
const LONGEST_GAP_SECONDS = 30;
const LOG_SPREAD = 2;
const LONGEST_LOG_GAP_SECONDS = 3600;

/** A tick taken in: the new state, and this tick's tests where there was something to test. */
export interface Observed {
  readonly state: WatchState;
  readonly errorTest: SequentialResult | null;
  readonly slowTest: SequentialResult | null;
}

/** Takes one tick's observations into the state. Decides nothing. */
export function observe(
  state: WatchState,
  tick: TickObservation,
  guards: Guards,
  settings: JudgeSettings,
): Observed {
  const elapsed = Math.max(0, (tick.now - (state.lastTickAt ?? state.startedAt)) / 1000);
  const gap = Math.max(LONGEST_GAP_SECONDS, 5 * settings.tickSeconds);
  const seen: WatchState = {
    ...state,
    lastTickAt: Math.max(tick.now, state.lastTickAt ?? tick.now),
    ticks: state.ticks + 1,
    watchedSeconds: state.watchedSeconds + Math.min(elapsed, gap),
    restartsAtStart: state.restartsAtStart ?? tick.instance.restarts,
    consecutiveProbeFailures: tick.probe.ok ? 0 : state.consecutiveProbeFailures + 1,
    probes: {
      requests: state.probes.requests + 1,
      bad: state.probes.bad + (tick.probe.ok ? 0 : 1),
    },
    log: observeLog(state.log, tick.logErrorLines, elapsed, guards, settings),
  };
  return tick.sampled === null
    ? untested(seen)
    : observeMetrics(seen, tick.sampled, tick.now, guards, settings);
}

/** ln of how many ticks may pass, on average, between false alarms. */
export function alarmThreshold(settings: JudgeSettings): number {
  return Math.log(Math.max(2, (settings.falseAlarmDays * 86_400) / settings.tickSeconds));
}

function observeMetrics(
  state: WatchState,
  sampled: Sampled,
  now: number,
  guards: Guards,
  settings: JudgeSettings,
): Observed {
  if (!sampled.ok) return untested(blind(state, sampled.problem, now));
  const step = stepCounters(state.counters, sampled.sample);
  if (step.kind === 'nonsense')
    return untested(blind({ ...state, counters: step.counters }, step.problem, now));
  const seen: WatchState = {
    ...state,
    counters: step.counters,
    samples: state.samples + 1,
    lastSampleAt: now,
    metricsProblem: null,
  };
  return step.kind === 'first' ? untested(seen) : test(seen, step.delta, now, guards, settings);
}

function test(
  state: WatchState,
  delta: CounterDelta,
  now: number,
  guards: Guards,
  settings: JudgeSettings,
): Observed {
  const errorTest = advanceGuard(
    state.errors,
    { requests: delta.requests, bad: delta.errors },
    now,
    guards.errorRate,
    settings.baseline?.errors ?? null,
    settings,
  );
  const errors = errorTest?.state ?? plus(state.errors, { requests: delta.requests, bad: delta.errors });
  const { slowTest, problem } = testLatency(state, delta, now, guards, settings);
  const slow = slowTest?.state ?? state.slow;
  return { state: { ...state, errors, slow, latencyProblem: problem }, errorTest, slowTest };
}

function testLatency(
  state: WatchState,
  delta: CounterDelta,
  now: number,
  guards: Guards,
  settings: JudgeSettings,
): { readonly slowTest: SequentialResult | null; readonly problem: string | null } {
  if (guards.latencyP95Ms === null || !settings.latencyConfigured) return { slowTest: null, problem: null };
  if (delta.requests <= 0) return { slowTest: null, problem: state.latencyProblem };
  if (delta.latency === null) return { slowTest: null, problem: 'the metrics have no latency histogram' };
  const counted = slowerThan(delta.latency, guards.latencyP95Ms / 1000);
  if (counted.kind === 'undecidable') return { slowTest: null, problem: counted.problem };
  const batch = { requests: counted.requests, bad: counted.slow };
  const baseline = settings.baseline?.slow ?? null;
  return { slowTest: advanceGuard(state.slow, batch, now, SLOW_SHARE, baseline, settings), problem: null };
}

function advanceGuard(
  state: SequentialState,
  batch: Counts,
  now: number,
  guard: number | null,
  baseline: Counts | null,
  settings: JudgeSettings,
): SequentialResult | null {
  if (guard === null || batch.requests <= 0) return null;
  return advance(
    state,
    batch,
    now,
    { guard, baseline },
    {
      falseAlarmSeconds: settings.falseAlarmDays * 86_400,
      tickSeconds: settings.tickSeconds,
      guardSignificance: settings.guardSignificance,
    },
  );
}

/**
 * Poisson CUSUM of error lines for guard/2 -> 2 x guard per minute: no drift at 1.08 x guard. One failure can print
 * many lines, so that a tick counts for at most a third of the threshold: an alarm takes error lines in three ticks.
 */
function observeLog(
  log: LogState,
  lines: number,
  elapsed: number,
  guards: Guards,
  settings: JudgeSettings,
): LogState {
  const counted = Number.isFinite(lines) && lines > 0 ? lines : 0;
  const total = log.lines + counted;
  if (guards.logErrorsPerMinute === null) return { statistic: 0, lines: total };
  const perSecond = Math.max(guards.logErrorsPerMinute, 0.1) / 60;
  const seconds = Math.min(Math.max(elapsed, settings.tickSeconds), LONGEST_LOG_GAP_SECONDS);
  const drift = perSecond * (LOG_SPREAD - 1 / LOG_SPREAD) * seconds;
  const gain = counted * 2 * Math.log(LOG_SPREAD) - drift;
  const capped = Math.min(gain, alarmThreshold(settings) / 3 + 1e-9);
  return { statistic: Math.max(0, log.statistic + capped), lines: total };
}

function blind(state: WatchState, problem: string, now: number): WatchState {
  return { ...state, metricsProblem: { problem, since: state.metricsProblem?.since ?? now } };
}

function untested(state: WatchState): Observed {
  return { state, errorTest: null, slowTest: null };
}

function plus(state: SequentialState, batch: Counts): SequentialState {
  const { requests, bad } = state.total;
  return { ...state, total: { requests: requests + batch.requests, bad: bad + batch.bad } };
}
