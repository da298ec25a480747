import type { Guards } from '../domain/catalog.js';
import { formatDuration } from '../domain/duration.js';
import { alarmThreshold, type Observed, SLOW_SHARE } from './judge-observe.js';
import type { JudgeSettings, Reason, TickObservation, WatchState } from './judge-state.js';
import { count, percent } from './judge-wording.js';
import type { Counts, SequentialResult } from './sequential.js';

/** Everything that makes a release unhealthy at once; empty when nothing does. A metrics outage never does. */
export function unhealthyReasons(
  observed: Observed,
  tick: TickObservation,
  guards: Guards,
  settings: JudgeSettings,
): readonly Reason[] {
  const { state } = observed;
  const found = [
    instanceReason(state, tick),
    probeReason(state, tick, guards, settings),
    errorReason(observed, tick.now, guards, settings),
    slowReason(observed, tick.now, guards, settings),
    logReason(state, guards, settings),
  ];
  return found.filter((reason) => reason !== null);
}

function instanceReason(state: WatchState, tick: TickObservation): Reason | null {
  const { instance } = tick;
  const detail = instance.detail === '' ? '' : `: ${instance.detail}`;
  const numbers: Record<string, number> = { restarts: instance.restarts, ...exitNumber(instance.exitCode) };
  if (instance.state === 'exited' || instance.state === 'gone')
    return { code: 'exited', message: `the release is ${instance.state}${detail}`, numbers };
  if (instance.restarts > (state.restartsAtStart ?? 0) || instance.state === 'restarting')
    return { code: 'restarted', message: `the release ended and was started again${detail}`, numbers };
  if (instance.healthy === false)
    return {
      code: 'container-unhealthy',
      message: `the container's own health check fails${detail}`,
      numbers,
    };
  return null;
}

function exitNumber(exitCode: number | null): Record<string, number> {
  return exitCode === null ? {} : { exitCode };
}

function probeReason(
  state: WatchState,
  tick: TickObservation,
  guards: Guards,
  settings: JudgeSettings,
): Reason | null {
  const limit = Math.max(1, guards.healthFailures ?? settings.healthFailures);
  if (state.consecutiveProbeFailures < limit) return null;
  const last = tick.probe.problem ?? `status ${tick.probe.status}`;
  return {
    code: 'probe-failures',
    message: `${count(state.consecutiveProbeFailures, 'health probe')} failed in a row, the last with: ${last}`,
    numbers: { failures: state.consecutiveProbeFailures, limit },
  };
}

function errorReason(
  observed: Observed,
  now: number,
  guards: Guards,
  settings: JudgeSettings,
): Reason | null {
  const test = observed.errorTest;
  if (test?.alarm !== true || guards.errorRate === null) return null;
  const { bad, requests } = test.state.excursion;
  const message = `${percent(bad / requests)} of ${count(requests, 'request')} failed in ${lasted(test, now, settings)}, the guard is ${percent(guards.errorRate)}, ${percent(test.expectedRate)} is normal`;
  return { code: 'error-rate', message, numbers: numbersOf(test, guards.errorRate, observed.state, now) };
}

function slowReason(observed: Observed, now: number, guards: Guards, settings: JudgeSettings): Reason | null {
  const test = observed.slowTest;
  if (test?.alarm !== true || guards.latencyP95Ms === null) return null;
  const { bad, requests } = test.state.excursion;
  const message = `p95 is over ${guards.latencyP95Ms}ms: ${percent(bad / requests)} of ${count(requests, 'request')} took longer in ${lasted(test, now, settings)}, ${percent(SLOW_SHARE)} may`;
  const numbers = { ...numbersOf(test, SLOW_SHARE, observed.state, now), latencyP95Ms: guards.latencyP95Ms };
  return { code: 'latency', message, numbers };
}

function logReason(state: WatchState, guards: Guards, settings: JudgeSettings): Reason | null {
  if (guards.logErrorsPerMinute === null || state.log.statistic < alarmThreshold(settings)) return null;
  const message = `${count(state.log.lines, 'error line')} in the log in ${formatDuration(state.watchedSeconds)}, and now more than ${guards.logErrorsPerMinute} a minute`;
  return {
    code: 'log-errors',
    message,
    numbers: { lines: state.log.lines, guard: guards.logErrorsPerMinute, seconds: state.watchedSeconds },
  };
}

/** The batch that began the excursion was gathered during one tick before it. */
function lasted(test: SequentialResult, now: number, settings: JudgeSettings): string {
  return formatDuration(secondsSince(test, now) + settings.tickSeconds);
}

function secondsSince(test: SequentialResult, now: number): number {
  return Math.max(0, (now - (test.state.since ?? now)) / 1000);
}

function numbersOf(
  test: SequentialResult,
  guard: number,
  state: WatchState,
  now: number,
): Readonly<Record<string, number>> {
  const { bad, requests }: Counts = test.state.excursion;
  return {
    rate: bad / requests,
    guard,
    requests,
    bad,
    expectedRate: test.expectedRate,
    seconds: secondsSince(test, now),
    secondsWatched: state.watchedSeconds,
    statistic: test.state.statistic,
    threshold: test.threshold,
    evidence: test.evidence,
  };
}
