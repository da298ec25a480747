import { describe, expect, it } from 'vitest';
import { advance, NO_EVIDENCE, type SequentialState } from '../../controller/watchdog/sequential.js';
import { CLEAN_BASELINE, detectionDelays, lordenBound, quantile, SETTINGS, secondsToAlarm } from './run.js';
import { seeded, traffic } from './simulation.js';

const CASES = [0.05, 0.2, 1] as const;

describe('detection at 50 requests a second from 0.1 %', () => {
  for (const broken of CASES)
    for (const before of [0, 60])
      it(`finds ${broken * 100} % within twice the bound and half a tick, ${before}s into the watch`, () => {
        const delays = detectionDelays(seeded(11), CLEAN_BASELINE, before, broken, 4000);
        const bound = lordenBound(50, SETTINGS.falseAlarmSeconds, 0.001, broken);
        expect(quantile(delays, 0.5)).toBeLessThanOrEqual(2 * bound + 0.5);
      });

  it('finds a small but lasting excess: 3 % where 2 % are allowed', () => {
    const delays = detectionDelays(seeded(12), CLEAN_BASELINE, 60, 0.03, 300);
    expect(quantile(delays, 0.95)).toBeLessThan(600);
  });

  it('finds 5 % in the first release of a service, without a baseline', () => {
    const delays = detectionDelays(seeded(13), { ...CLEAN_BASELINE, baseline: null }, 0, 0.05, 1000);
    expect(quantile(delays, 0.5)).toBeLessThan(6);
  });
});

describe('false alarms', () => {
  const settings = { ...SETTINGS, falseAlarmSeconds: 200 };

  it('a release like the one before runs for at least the promised mean time', () => {
    const random = seeded(21);
    const scenario = { ...CLEAN_BASELINE, settings: { ...settings, guardSignificance: 1 } };
    const limit = 20_000;
    const lengths = Array.from({ length: 200 }, () => secondsToAlarm(random, scenario, () => 0.001, limit));
    const mean = lengths.reduce<number>((sum, length) => sum + (length ?? limit), 0) / lengths.length;
    expect(mean).toBeGreaterThan(settings.falseAlarmSeconds);
  });

  it('the promise holds at a normal rate of 1 % too, once it was measured', () => {
    const random = seeded(22);
    const baseline = { requests: 30_000, bad: 300 };
    const scenario = { ...CLEAN_BASELINE, baseline, settings: { ...settings, guardSignificance: 1 } };
    const lengths = Array.from({ length: 100 }, () => secondsToAlarm(random, scenario, () => 0.01, 20_000));
    const mean = lengths.reduce<number>((sum, length) => sum + (length ?? 20_000), 0) / lengths.length;
    expect(mean).toBeGreaterThan(settings.falseAlarmSeconds);
  });

  it('six hours of clean traffic raise none', () => {
    expect(secondsToAlarm(seeded(23), CLEAN_BASELINE, () => 0.001, 6 * 3600)).toBeNull();
  });

  for (const [share, allowed] of [
    [0.01, 0],
    [0.015, 0.04],
    [0.02, 0.3],
  ] as const)
    it(`at ${share * 100} % under a guard of 2 %, at most ${allowed * 100} % of ten-minute watches alarm`, () => {
      const random = seeded(24);
      const runs = 100;
      const scenario = { ...CLEAN_BASELINE, baseline: null };
      const alarms = Array.from({ length: runs }, () => secondsToAlarm(random, scenario, () => share, 600));
      expect(alarms.filter((second) => second !== null).length / runs).toBeLessThanOrEqual(allowed);
    });

  it('a release that gets worse within its guard, from 0.1 % to 1 %, is left alone', () => {
    const random = seeded(25);
    const shareAt = (second: number) => (second <= 60 ? 0.001 : 0.01);
    const alarms = Array.from({ length: 100 }, () => secondsToAlarm(random, CLEAN_BASELINE, shareAt, 660));
    expect(alarms.filter((second) => second !== null).length).toBeLessThanOrEqual(1);
  });
});

describe('state', () => {
  it('goes on identically after it was written down and read again', () => {
    const random = seeded(31);
    let kept: SequentialState = NO_EVIDENCE;
    let restarted: SequentialState = NO_EVIDENCE;
    for (let second = 0; second < 300; second++) {
      const batch = traffic(random, 50, 1, second < 250 ? 0.01 : 0.04);
      kept = advance(kept, batch, second, CLEAN_BASELINE, SETTINGS).state;
      restarted = advance(
        JSON.parse(JSON.stringify(restarted)),
        batch,
        second,
        CLEAN_BASELINE,
        SETTINGS,
      ).state;
      expect(restarted).toEqual(kept);
    }
  });

  it('one batch of five seconds tells as much as five of one second', () => {
    const batches = [1, 2, 3, 4, 5].map(() => ({ requests: 50, bad: 5 }));
    const apart = batches.reduce(
      (state, batch, index) => advance(state, batch, index, CLEAN_BASELINE, SETTINGS).state,
      NO_EVIDENCE,
    );
    const together = advance(NO_EVIDENCE, { requests: 250, bad: 25 }, 0, CLEAN_BASELINE, SETTINGS).state;
    expect(together.statistic).toBeCloseTo(apart.statistic, 6);
    expect(together.excursion).toEqual(apart.excursion);
  });

  it('takes fractional counts and empty batches', () => {
    const empty = advance(NO_EVIDENCE, { requests: 0, bad: 0 }, 0, CLEAN_BASELINE, SETTINGS);
    expect(empty.alarm).toBe(false);
    const half = advance(empty.state, { requests: 100.5, bad: 50.25 }, 0, CLEAN_BASELINE, SETTINGS);
    expect(half.alarm).toBe(true);
  });

  it('a guard of 100 % never alarms and one of 0 % does on the first failure', () => {
    const all = { requests: 1000, bad: 1000 };
    expect(advance(NO_EVIDENCE, all, 0, { guard: 1, baseline: null }, SETTINGS).alarm).toBe(false);
    const few = { requests: 50, bad: 1 };
    expect(advance(NO_EVIDENCE, few, 0, { guard: 0, baseline: null }, SETTINGS).alarm).toBe(true);
  });
});
