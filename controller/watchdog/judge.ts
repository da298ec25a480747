import type { Guards } from '../domain/catalog.js';
import { formatDuration } from '../domain/duration.js';
import type { Verdict } from '../domain/release.js';
import { reasonsNotToPass } from './judge-doubts.js';
import { type Observed, observe } from './judge-observe.js';
import type {
  Baseline,
  JudgeDetail,
  Judgement,
  JudgeSettings,
  Reason,
  TickObservation,
  WatchState,
} from './judge-state.js';
import { unhealthyReasons } from './judge-unhealthy.js';
import { count, percent } from './judge-wording.js';
import { type Counts, share } from './sequential.js';

export {
  type Baseline,
  DEFAULT_JUDGE_SETTINGS,
  type JudgeDetail,
  type Judgement,
  type JudgeSettings,
  type Reason,
  type ReasonCode,
  startWatch,
  type TickObservation,
  type WatchState,
} from './judge-state.js';
export { describeVerdict } from './judge-wording.js';

/**
 * Judges a release by one more tick. Pure: the returned state is plain JSON, to be stored before anything is done about
 * the verdict. Unhealthy is final; healthy needs the whole watch and positive evidence; everything else is unknown,
 * which `detail.expired` ends.
 */
export function judgeTick(
  before: WatchState,
  tick: TickObservation,
  guards: Guards,
  settings: JudgeSettings,
): Judgement {
  const observed = observe(before, tick, guards, settings);
  const condemned = before.condemned ?? condemn(unhealthyReasons(observed, tick, guards, settings), tick.now);
  if (condemned !== null) {
    const state = { ...observed.state, condemned, unknownSince: null };
    return conclude({ ...observed, state }, 'unhealthy', condemned.reasons, guards, settings);
  }
  const doubts = reasonsNotToPass(observed.state, tick, guards, settings);
  if (doubts.length === 0 && watchIsOver(observed.state, guards, settings)) {
    const state = { ...observed.state, unknownSince: null };
    return conclude({ ...observed, state }, 'healthy', [passed(state, tick, guards)], guards, settings);
  }
  const state = { ...observed.state, unknownSince: before.unknownSince ?? tick.now };
  const reasons = watchIsOver(state, guards, settings)
    ? doubts
    : [watching(state, tick, guards, settings), ...pressing(doubts)];
  return conclude({ ...observed, state }, 'unknown', reasons, guards, settings);
}

/** What a release that passed its watch is remembered for: its normal. */
export function baselineFrom(state: WatchState): Baseline {
  return { errors: measured(state.errors.total), slow: measured(state.slow.total) };
}

function measured(counts: Counts): Counts | null {
  return counts.requests > 0 ? counts : null;
}

function condemn(reasons: readonly Reason[], at: number): { at: number; reasons: readonly Reason[] } | null {
  return reasons.length === 0 ? null : { at, reasons };
}

function watchSeconds(guards: Guards, settings: JudgeSettings): number {
  return guards.watchSeconds ?? settings.watchSeconds;
}

function watchIsOver(state: WatchState, guards: Guards, settings: JudgeSettings): boolean {
  return state.watchedSeconds >= watchSeconds(guards, settings);
}

/** While time is left, few requests are no news; trouble is. */
function pressing(doubts: readonly Reason[]): readonly Reason[] {
  return doubts.filter(
    ({ code }) => code !== 'few-requests' && code !== 'no-requests' && code !== 'above-guard',
  );
}

function watching(state: WatchState, tick: TickObservation, guards: Guards, settings: JudgeSettings): Reason {
  const whole = watchSeconds(guards, settings);
  const message = `watched ${formatDuration(state.watchedSeconds)} of ${formatDuration(whole)}, ${soFar(state, tick)}`;
  return { code: 'watching', message, numbers: { seconds: state.watchedSeconds, watchSeconds: whole } };
}

function passed(state: WatchState, tick: TickObservation, guards: Guards): Reason {
  const { requests, bad } = state.errors.total;
  const message = `kept its guards for ${formatDuration(state.watchedSeconds)}, ${soFar(state, tick)}`;
  const guard = guards.errorRate === null ? {} : { guard: guards.errorRate };
  return { code: 'passed', message, numbers: { requests, bad, seconds: state.watchedSeconds, ...guard } };
}

function soFar(state: WatchState, tick: TickObservation): string {
  if (tick.sampled === null) {
    const answered = state.probes.requests - state.probes.bad;
    return `${answered} of ${count(state.probes.requests, 'health probe')} answered`;
  }
  const errorShare = share(state.errors.total);
  if (errorShare === null) return 'no requests yet';
  const slowShare = share(state.slow.total);
  const slow = slowShare === null ? '' : `, ${percent(slowShare)} slower than the guard`;
  return `${count(state.errors.total.requests, 'request')}, ${percent(errorShare)} failed${slow}`;
}

function conclude(
  observed: Observed,
  verdict: Verdict,
  reasons: readonly Reason[],
  guards: Guards,
  settings: JudgeSettings,
): Judgement {
  const { state, errorTest, slowTest } = observed;
  const watch = watchSeconds(guards, settings);
  const deadlineSeconds = Math.max(2 * watch, watch + 60);
  const expired = verdict === 'unknown' && state.watchedSeconds >= deadlineSeconds;
  const over = watchIsOver(state, guards, settings);
  const detail: JudgeDetail = {
    phase: verdict !== 'unknown' ? 'decided' : expired ? 'expired' : over ? 'overdue' : 'watching',
    expired,
    watchedSeconds: state.watchedSeconds,
    watchSeconds: watch,
    deadlineSeconds,
    requests: state.errors.total.requests,
    errorShare: share(state.errors.total),
    slowShare: share(state.slow.total),
    logErrorLines: state.log.lines,
    errorTest,
    slowTest,
    notes: notesOn(state, guards, settings),
  };
  return { state, verdict, reasons, detail };
}

function notesOn(state: WatchState, guards: Guards, settings: JudgeSettings): readonly string[] {
  const notes: string[] = [];
  if (guards.latencyP95Ms !== null && !settings.latencyConfigured)
    notes.push('the latency guard is not judged: the service has no latency histogram configured');
  if (state.metricsProblem !== null) notes.push(`metrics: ${state.metricsProblem.problem}`);
  if (state.counters.resets > 0)
    notes.push(`the counters began again at zero ${count(state.counters.resets, 'time')}`);
  return notes;
}
