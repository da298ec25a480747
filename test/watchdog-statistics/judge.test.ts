import { describe, expect, it } from 'vitest';
import { type Guards, NO_GUARDS } from '../../controller/domain/catalog.js';
import type { Sampled } from '../../controller/ports/monitor.js';
import {
  baselineFrom,
  DEFAULT_JUDGE_SETTINGS,
  describeVerdict,
  type Judgement,
  type JudgeSettings,
  judgeTick,
  startWatch,
  type TickObservation,
} from '../../controller/watchdog/judge.js';
import { ANSWERED, RUNNING, sampled } from './simulation.js';

const GUARDS: Guards = { ...NO_GUARDS, errorRate: 0.02, watchSeconds: 60 };
const REFUSED = { ok: false, status: null, milliseconds: 1, problem: 'connection refused' };
const HTML: Sampled = { ok: false, problem: 'answers HTML, not metrics' };
const INF = Number.POSITIVE_INFINITY;

interface Watch {
  readonly guards?: Guards;
  readonly settings?: Partial<JudgeSettings>;
  /** What is special about a tick; the rest is a healthy service with 50 requests a second. */
  readonly tick?: (second: number) => Partial<TickObservation>;
}

/** Watches for some seconds, storing and reading the state between any two ticks. */
function watch(seconds: number, options: Watch = {}): Judgement {
  let state = startWatch(0);
  let judgement: Judgement | null = null;
  for (let second = 1; second <= seconds; second++) {
    const observation: TickObservation = {
      now: second * 1000,
      instance: RUNNING,
      probe: ANSWERED,
      sampled: sampled(second * 1000, second * 50, 0),
      logErrorLines: 0,
      ...options.tick?.(second),
    };
    const settings = { ...DEFAULT_JUDGE_SETTINGS, ...options.settings };
    judgement = judgeTick(state, observation, options.guards ?? GUARDS, settings);
    state = JSON.parse(JSON.stringify(judgement.state));
    expect(state).toEqual(judgement.state);
  }
  if (judgement === null) throw new Error('not watched at all');
  return judgement;
}

const codes = (judgement: Judgement) => judgement.reasons.map(({ code }) => code);

describe('a release is healthy', () => {
  it('when it kept its guards through the whole watch, and not before', () => {
    expect(watch(59).verdict).toBe('unknown');
    const judgement = watch(60);
    expect(judgement.verdict).toBe('healthy');
    expect(describeVerdict(judgement)).toBe('healthy: kept its guards for 1m, 2950 requests, 0 % failed');
  });

  it('without metrics, when its probes were answered', () => {
    const judgement = watch(60, { tick: () => ({ sampled: null }) });
    expect(describeVerdict(judgement)).toBe(
      'healthy: kept its guards for 1m, 60 of 60 health probes answered',
    );
  });

  it('when the metrics came back in time', () => {
    const tick = (second: number) => (second > 20 && second < 50 ? { sampled: HTML } : {});
    expect(watch(60, { tick }).verdict).toBe('healthy');
  });

  it('and leaves a baseline for the next one', () => {
    const tick = (second: number) => ({ sampled: sampled(second * 1000, second * 100, second) });
    const { state, verdict } = watch(60, { tick });
    expect(verdict).toBe('healthy');
    expect(baselineFrom(state)).toEqual({ errors: { requests: 5900, bad: 59 }, slow: null });
  });
});

describe('a release is unhealthy at once', () => {
  const instance = (change: object) => ({ tick: () => ({ instance: { ...RUNNING, ...change } }) });

  it('when it exited or is gone', () => {
    const detail = 'exited with code 1: boom';
    const judgement = watch(1, instance({ state: 'exited', exitCode: 1, detail }));
    expect(describeVerdict(judgement)).toBe('unhealthy: the release is exited: exited with code 1: boom');
    expect(watch(1, instance({ state: 'gone' })).verdict).toBe('unhealthy');
  });

  it('when it was restarted during the watch, but not for restarts before it', () => {
    expect(watch(3, instance({ restarts: 2 })).verdict).toBe('unknown');
    const tick = (second: number) => ({ instance: { ...RUNNING, restarts: second > 2 ? 1 : 0 } });
    expect(codes(watch(3, { tick }))).toEqual(['restarted']);
  });

  it('when the health check of the container fails', () => {
    expect(codes(watch(1, instance({ healthy: false })))).toEqual(['container-unhealthy']);
  });

  it('when enough health probes in a row failed, and not for fewer', () => {
    const tick = (second: number) => ({ probe: second % 3 === 0 ? ANSWERED : REFUSED });
    expect(watch(30, { tick }).verdict).toBe('unknown');
    const judgement = watch(3, { tick: () => ({ probe: REFUSED }) });
    expect(describeVerdict(judgement)).toContain(
      '3 health probes failed in a row, the last with: connection refused',
    );
  });

  it('when a fifth of its requests fail, with the numbers', () => {
    const judgement = watch(3, {
      tick: (second) => ({ sampled: sampled(second * 1000, second * 50, second * 10) }),
    });
    expect(codes(judgement)).toEqual(['error-rate']);
    expect(judgement.reasons[0]?.message).toMatch(
      /^20 % of \d+ requests failed in \d+s, the guard is 2 %, 0.2 % is normal$/,
    );
    expect(judgement.reasons[0]?.numbers).toMatchObject({ rate: 0.2, guard: 0.02 });
  });

  it('when p95 is over its guard', () => {
    const latency = (second: number) => [
      { upperBound: 0.1, count: second * 40 },
      { upperBound: 1, count: second * 50 },
      { upperBound: INF, count: second * 50 },
    ];
    const judgement = watch(5, {
      guards: { ...GUARDS, latencyP95Ms: 100 },
      tick: (second) => ({ sampled: sampled(second * 1000, second * 50, 0, latency(second)) }),
    });
    expect(codes(judgement)).toEqual(['latency']);
    expect(judgement.reasons[0]?.message).toContain('p95 is over 100ms: 20 % of');
  });

  it('when its log keeps filling with errors, but not for one burst', () => {
    const guards = { ...GUARDS, logErrorsPerMinute: 10 };
    const burst = (second: number) => ({ logErrorLines: second === 5 ? 500 : 0 });
    expect(watch(40, { guards, tick: burst }).verdict).toBe('unknown');
    expect(codes(watch(40, { guards, tick: () => ({ logErrorLines: 2 }) }))).toEqual(['log-errors']);
  });

  it('and stays it', () => {
    const tick = (second: number) => ({ probe: second <= 3 ? REFUSED : ANSWERED });
    const judgement = watch(90, { tick });
    expect(judgement.verdict).toBe('unhealthy');
    expect(codes(judgement)).toEqual(['probe-failures']);
  });
});

describe('a release is unknown', () => {
  it('when there were no requests', () => {
    const judgement = watch(60, { tick: (second) => ({ sampled: sampled(second * 1000, 0, 0) }) });
    expect(describeVerdict(judgement)).toBe('not yet known: no requests in 1m: nothing to judge by');
  });

  it('when there were too few', () => {
    const judgement = watch(60, {
      tick: (second) => ({ sampled: sampled(second * 1000, Math.min(second, 9), 0) }),
    });
    expect(describeVerdict(judgement)).toBe('not yet known: only 8 requests in 1m: at least 20 are needed');
  });

  it('when its metrics never answer, for however long: an outage is no failure', () => {
    const judgement = watch(119, { tick: () => ({ sampled: HTML }) });
    expect(judgement.verdict).toBe('unknown');
    expect(describeVerdict(judgement)).toContain('no usable metrics for 1m 58s: answers HTML, not metrics');
  });

  it('when its counters count backwards, even with errors among them', () => {
    const tick = (second: number) => ({ sampled: sampled(second * 1000, 1000 - second, 900 - second) });
    const judgement = watch(60, { tick });
    expect(judgement.verdict).toBe('unknown');
    expect(describeVerdict(judgement)).toContain('went backwards');
  });

  it('when the histogram cannot tell the latency guard', () => {
    const latency = (count: number) => [
      { upperBound: 1, count },
      { upperBound: INF, count },
    ];
    const judgement = watch(60, {
      guards: { ...GUARDS, latencyP95Ms: 2000 },
      tick: (second) => ({ sampled: sampled(second * 1000, second * 50, 0, latency(second * 50)) }),
    });
    expect(codes(judgement)).toEqual(['latency-undecidable']);
  });

  it('not for a latency guard of a service without a histogram, but says so', () => {
    const guards = { ...GUARDS, latencyP95Ms: 2000 };
    const judgement = watch(60, { guards, settings: { latencyConfigured: false } });
    expect(judgement.verdict).toBe('healthy');
    expect(judgement.detail.notes.join()).toContain('latency guard is not judged');
  });

  it('when more than the guard failed, but too little to be sure', () => {
    const tick = (second: number) => ({
      sampled: sampled(second * 1000, second, [0, 30, 40].filter((at) => second > at).length - 1),
    });
    const judgement = watch(60, { tick });
    expect(judgement.verdict).toBe('unknown');
    expect(codes(judgement)).toEqual(['above-guard']);
  });

  it('while it is paused or its last probe failed', () => {
    const paused = watch(60, { tick: () => ({ instance: { ...RUNNING, state: 'paused' } }) });
    expect(codes(paused)).toEqual(['not-running']);
    const probe = (second: number) => (second === 60 ? REFUSED : ANSWERED);
    expect(codes(watch(60, { tick: (second) => ({ probe: probe(second) }) }))).toEqual(['probe-failing']);
  });

  it('until its deadline, which is told once it passed', () => {
    const tick = () => ({ sampled: HTML });
    expect(watch(119, { tick }).detail).toMatchObject({ phase: 'overdue', expired: false });
    const late = watch(120, { tick });
    expect(late.detail).toMatchObject({ phase: 'expired', expired: true, deadlineSeconds: 120 });
    expect(late.state.unknownSince).toBe(1000);
  });

  it('while the controller was away for most of the watch', () => {
    const before = watch(10).state;
    const observation: TickObservation = {
      now: 3_600_000,
      instance: RUNNING,
      probe: ANSWERED,
      sampled: sampled(3_600_000, 180_000, 0),
      logErrorLines: 0,
    };
    const judgement = judgeTick(before, observation, GUARDS, DEFAULT_JUDGE_SETTINGS);
    expect(judgement.verdict).toBe('unknown');
    expect(judgement.detail).toMatchObject({ watchedSeconds: 40, expired: false });
  });
});
