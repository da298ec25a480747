import type { Guards } from '../domain/catalog.js';
import { formatDuration } from '../domain/duration.js';
import { SLOW_SHARE } from './judge-observe.js';
import type { JudgeSettings, Reason, TickObservation, WatchState } from './judge-state.js';
import { count, percent } from './judge-wording.js';
import { type Counts, share } from './sequential.js';

/** What stands against calling the release healthy now. */
export function reasonsNotToPass(
  state: WatchState,
  tick: TickObservation,
  guards: Guards,
  settings: JudgeSettings,
): readonly Reason[] {
  const doubts: Reason[] = [];
  if (tick.instance.state !== 'running')
    doubts.push(reason('not-running', `the release is ${tick.instance.state}`));
  if (!tick.probe.ok)
    doubts.push(
      reason('probe-failing', `the last health probe failed: ${tick.probe.problem ?? tick.probe.status}`),
    );
  doubts.push(
    ...(tick.sampled === null ? probeDoubts(state) : metricsDoubts(state, tick.now, guards, settings)),
  );
  const perMinute = (state.log.lines / Math.max(state.watchedSeconds, 60)) * 60;
  if (guards.logErrorsPerMinute !== null && perMinute > Math.max(guards.logErrorsPerMinute, 0.1))
    doubts.push(
      reason(
        'above-guard',
        `${Number(perMinute.toPrecision(3))} error lines a minute, the guard is ${guards.logErrorsPerMinute}, but too few to be sure`,
      ),
    );
  return doubts;
}

/** Without metrics, probes are the evidence: nine of ten must have been answered. */
function probeDoubts(state: WatchState): readonly Reason[] {
  const { requests, bad } = state.probes;
  if (requests >= 3 && bad <= requests / 10) return [];
  return [reason('probe-failing', `${bad} of ${count(requests, 'health probe')} failed`)];
}

function metricsDoubts(
  state: WatchState,
  now: number,
  guards: Guards,
  settings: JudgeSettings,
): readonly Reason[] {
  const doubts: Reason[] = [];
  const stale = state.lastSampleAt === null || now - state.lastSampleAt > settings.staleSeconds * 1000;
  if (stale) {
    const since =
      state.metricsProblem === null
        ? ''
        : ` for ${formatDuration((now - state.metricsProblem.since) / 1000)}`;
    doubts.push(
      reason('metrics-problem', `no usable metrics${since}: ${state.metricsProblem?.problem ?? 'none yet'}`),
    );
  }
  const { requests } = state.errors.total;
  if (requests < settings.minimumSamples) doubts.push(tooFew(state, settings));
  const errorShare = share(state.errors.total);
  if (guards.errorRate !== null && errorShare !== null && errorShare > guards.errorRate)
    doubts.push(aboveGuard(`failed`, state.errors.total, guards.errorRate));
  const slowShare = share(state.slow.total);
  if (guards.latencyP95Ms !== null && slowShare !== null && slowShare > SLOW_SHARE)
    doubts.push(aboveGuard(`took longer than ${guards.latencyP95Ms}ms`, state.slow.total, SLOW_SHARE));
  if (state.latencyProblem !== null)
    doubts.push(reason('latency-undecidable', `the latency guard cannot be judged: ${state.latencyProblem}`));
  return doubts;
}

function tooFew(state: WatchState, settings: JudgeSettings): Reason {
  const { requests } = state.errors.total;
  const time = formatDuration(state.watchedSeconds);
  const numbers = { requests, minimum: settings.minimumSamples, seconds: state.watchedSeconds };
  if (requests <= 0)
    return { code: 'no-requests', message: `no requests in ${time}: nothing to judge by`, numbers };
  const message = `only ${count(requests, 'request')} in ${time}: at least ${settings.minimumSamples} are needed`;
  return { code: 'few-requests', message, numbers };
}

function aboveGuard(what: string, total: Counts, guard: number): Reason {
  const rate = total.bad / total.requests;
  const message = `${percent(rate)} of ${count(total.requests, 'request')} ${what}: above the guard of ${percent(guard)}, but too little to be sure`;
  return { code: 'above-guard', message, numbers: { rate, guard, requests: total.requests, bad: total.bad } };
}

function reason(code: Reason['code'], message: string): Reason {
  return { code, message, numbers: {} };
}
