import type { Verdict } from '../domain/release.js';
import type { ProbeResult, Sampled } from '../ports/monitor.js';
import type { Observation } from '../ports/runtime.js';
import type { Counts, SequentialResult, SequentialState } from './sequential.js';
import { NO_EVIDENCE } from './sequential.js';
import { type CounterState, NO_COUNTERS } from './window.js';

/** Everything the watch of one release knows: plain JSON, stored after every tick; a restart goes on from it. */
export interface WatchState {
  readonly version: 1;
  /** Milliseconds since the epoch, as are all `...At` and `since`. */
  readonly startedAt: number;
  readonly lastTickAt: number | null;
  readonly ticks: number;
  /** Time that was really watched: while the controller is away this clock stands still. */
  readonly watchedSeconds: number;
  /** What the runtime had counted when the watch began. */
  readonly restartsAtStart: number | null;
  readonly consecutiveProbeFailures: number;
  readonly probes: Counts;
  readonly counters: CounterState;
  readonly errors: SequentialState;
  readonly slow: SequentialState;
  readonly log: LogState;
  /** Scrapes that could be used. */
  readonly samples: number;
  readonly lastSampleAt: number | null;
  /** What is wrong with the metrics, and since when; null while they answer. */
  readonly metricsProblem: Since | null;
  /** Why the latency guard cannot be judged; null while it can. */
  readonly latencyProblem: string | null;
  readonly unknownSince: number | null;
  /** Once unhealthy, a release stays it: the verdict and its reasons as they were first given. */
  readonly condemned: Condemned | null;
}

export interface Since {
  readonly problem: string;
  readonly since: number;
}

export interface LogState {
  readonly statistic: number;
  readonly lines: number;
}

export interface Condemned {
  readonly at: number;
  readonly reasons: readonly Reason[];
}

export function startWatch(now: number): WatchState {
  return {
    version: 1,
    startedAt: now,
    lastTickAt: null,
    ticks: 0,
    watchedSeconds: 0,
    restartsAtStart: null,
    consecutiveProbeFailures: 0,
    probes: { requests: 0, bad: 0 },
    counters: NO_COUNTERS,
    errors: NO_EVIDENCE,
    slow: NO_EVIDENCE,
    log: { statistic: 0, lines: 0 },
    samples: 0,
    lastSampleAt: null,
    metricsProblem: null,
    latencyProblem: null,
    unknownSince: null,
    condemned: null,
  };
}

/** What was seen of a release in one tick. */
export interface TickObservation {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly instance: Observation;
  readonly probe: ProbeResult;
  /** Null: the service has no metrics configured. */
  readonly sampled: Sampled | null;
  /** Error lines in the log since the last tick. */
  readonly logErrorLines: number;
}

/** What a release did while it was watched: kept with the last-known-good, and what the next release is compared with. */
export interface Baseline {
  readonly errors: Counts | null;
  readonly slow: Counts | null;
}

export interface JudgeSettings {
  /** Time between two ticks. */
  readonly tickSeconds: number;
  /** Mean time to a false alarm of a guard, on a release that behaves as the one before. */
  readonly falseAlarmDays: number;
  readonly guardSignificance: number;
  /** Requests that a watch must have seen before the release can be healthy. */
  readonly minimumSamples: number;
  /** How old the last usable scrape may be for a release to become healthy. */
  readonly staleSeconds: number;
  /** Where the guards do not say: how long a release is watched, and how many failed probes in a row are too many. */
  readonly watchSeconds: number;
  readonly healthFailures: number;
  /** Does the service have a latency histogram configured? Without one the latency guard is not judged. */
  readonly latencyConfigured: boolean;
  readonly baseline: Baseline | null;
}

export const DEFAULT_JUDGE_SETTINGS: JudgeSettings = {
  tickSeconds: 1,
  falseAlarmDays: 30,
  guardSignificance: 0.025,
  minimumSamples: 20,
  staleSeconds: 15,
  watchSeconds: 600,
  healthFailures: 3,
  latencyConfigured: true,
  baseline: null,
};

export type ReasonCode =
  | 'exited'
  | 'restarted'
  | 'container-unhealthy'
  | 'probe-failures'
  | 'error-rate'
  | 'latency'
  | 'log-errors'
  | 'watching'
  | 'passed'
  | 'not-running'
  | 'probe-failing'
  | 'metrics-problem'
  | 'no-requests'
  | 'few-requests'
  | 'above-guard'
  | 'latency-undecidable';

/** Why a verdict is what it is: a sentence for a person, and its numbers. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface JudgeDetail {
  /** `watching` time is left · `decided` healthy or unhealthy · `overdue` the watch is over, without a verdict · `expired` so is the deadline. */
  readonly phase: 'watching' | 'decided' | 'overdue' | 'expired';
  /** The caller holds the release and tells people. */
  readonly expired: boolean;
  readonly watchedSeconds: number;
  readonly watchSeconds: number;
  readonly deadlineSeconds: number;
  readonly requests: number;
  readonly errorShare: number | null;
  readonly slowShare: number | null;
  readonly logErrorLines: number;
  /** CUSUMs as of this tick; null where there was nothing new to judge. */
  readonly errorTest: SequentialResult | null;
  readonly slowTest: SequentialResult | null;
  /** What people should know, but which decides nothing. */
  readonly notes: readonly string[];
}

export interface Judgement {
  readonly state: WatchState;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly detail: JudgeDetail;
}
