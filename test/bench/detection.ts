import { type Guards, NO_GUARDS } from '../../controller/domain/catalog.js';
import {
  DEFAULT_JUDGE_SETTINGS,
  type JudgeSettings,
  judgeTick,
  startWatch,
  type TickObservation,
} from '../../controller/watchdog/judge.js';
import { lordenBound, quantile } from '../watchdog-statistics/run.js';
import { ANSWERED, RUNNING, sampled, seeded, traffic } from '../watchdog-statistics/simulation.js';
import { CHECK_RULES, ruleAlarms, ruleDelay } from './detection-peers.js';
import type { BenchRow } from './row.js';

const RATE = 50;
const CLEAN = 0.001;
const GUARD = 0.02;
const WATCH_SECONDS = 600;
const DAY = 86_400;
const HALF_A_TICK = 0.5;
const REPETITIONS = 4000;
const DAYS = 5;

const GUARDS: Guards = { ...NO_GUARDS, errorRate: GUARD, watchSeconds: 1_000_000 };
const SETTINGS: JudgeSettings = {
  ...DEFAULT_JUDGE_SETTINGS,
  baseline: { errors: { requests: 30_000, bad: 30 }, slow: null },
};

/**
 * How fast the watchdog finds a broken release, through the whole judgement from scraped counters to verdict, beside the
 * theoretical bound and beside "N failed checks in a row"; and how often each cries wolf on steady traffic. Simulated time, seeded.
 */
export async function benchDetection(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const broken of [0.05, 0.2, 1]) rows.push(...detectionRows(broken));
  for (const share of [CLEAN, GUARD / 2, 0.75 * GUARD]) rows.push(...alarmRows(share));
  return rows;
}

function detectionRows(broken: number): BenchRow[] {
  const name = `detection, ${CLEAN * 100} % -> ${broken * 100} % errors, ${RATE} requests/s`;
  const bound = lordenBound(RATE, SETTINGS.falseAlarmDays * DAY, CLEAN, broken);
  const atStart = delays(0, broken);
  const later = delays(60, broken);
  const aim = `bound ${bound.toFixed(3)} s, aim ${(2 * bound + HALF_A_TICK).toFixed(3)} s`;
  const beside = (label: string, values: readonly number[]): BenchRow => ({
    ...figures(`${name}, ${label}`, 's', values),
    peer: 'theoretical bound + half a tick',
    peerMedian: bound + HALF_A_TICK,
    ratio: quantile(values, 0.5) / (bound + HALF_A_TICK),
    note: `${aim}; less half a tick: ${((quantile(values, 0.5) - HALF_A_TICK) / bound).toFixed(2)} x the bound`,
  });
  const ours = quantile(later, 0.5);
  const rules = CHECK_RULES.map((rule): BenchRow => {
    const random = seeded(42);
    const values = Array.from({ length: 500 }, () => ruleDelay(random, rule, RATE, GUARD, CLEAN, broken));
    const peerMedian = quantile(values, 0.5);
    const note = `peer's p99 ${quantile(values, 0.99).toFixed(1)} s`;
    return { ...figures(name, 's', later), peer: rule.name, peerMedian, ratio: ours / peerMedian, note };
  });
  return [beside('from the first request', atStart), beside('a minute into the watch', later), ...rules];
}

function alarmRows(share: number): BenchRow[] {
  const perDay = Array.from({ length: DAYS }, (_, day) => alarmsInADay(seeded(1000 + day), share));
  const name = `false alarms in 24 h of ten-minute watches at ${Number((share * 100).toPrecision(3))} % errors`;
  const own = figures(name, 'alarms/24h', perDay);
  const mean = perDay.reduce((sum, alarms) => sum + alarms, 0) / DAYS;
  return CHECK_RULES.map((rule): BenchRow => {
    const random = seeded(43);
    const peerMedian = ruleAlarms(random, rule, RATE, GUARD, share, DAYS * DAY) / DAYS;
    return {
      ...own,
      peer: rule.name,
      peerMedian,
      ratio: null,
      note: `guard ${GUARD * 100} %; means per 24 h: ours ${mean}, peer ${peerMedian}`,
    };
  });
}

function figures(
  name: string,
  unit: string,
  values: readonly number[],
): Omit<BenchRow, 'peer' | 'peerMedian' | 'ratio' | 'note'> {
  return { name, unit, median: quantile(values, 0.5), p99: quantile(values, 0.99), n: values.length };
}

/** Delays with the break spread evenly over the tick. */
function delays(before: number, broken: number): readonly number[] {
  const random = seeded(41);
  return Array.from({ length: REPETITIONS }, (_, index) => {
    const part = (index + 0.5) / REPETITIONS;
    const second = firstAlarm(random, 3600, (at) =>
      at < before
        ? [[1, CLEAN]]
        : at > before
          ? [[1, broken]]
          : [
              [1 - part, CLEAN],
              [part, broken],
            ],
    );
    return second === null ? Number.POSITIVE_INFINITY : part + (second - before);
  });
}

function alarmsInADay(random: () => number, share: number): number {
  let alarms = 0;
  for (let watch = 0; watch < DAY / WATCH_SECONDS; watch++)
    if (firstAlarm(random, WATCH_SECONDS, () => [[1, share]]) !== null) alarms++;
  return alarms;
}

/** Parts of a second and the share of bad requests in each. */
type Second = readonly (readonly [seconds: number, share: number])[];

/** The first second after which the release is unhealthy, judged from cumulative counters; null when there is none. */
function firstAlarm(
  random: () => number,
  limit: number,
  trafficIn: (second: number) => Second,
): number | null {
  let requests = 0;
  let errors = 0;
  const tick = (second: number): TickObservation => ({
    now: second * 1000,
    instance: RUNNING,
    probe: ANSWERED,
    sampled: sampled(second * 1000, requests, errors),
    logErrorLines: 0,
  });
  let { state } = judgeTick(startWatch(-1000), tick(-1), GUARDS, SETTINGS);
  for (let second = 0; second < limit; second++) {
    for (const [seconds, share] of trafficIn(second)) {
      const part = traffic(random, RATE, seconds, share);
      requests += part.requests;
      errors += part.bad;
    }
    const judgement = judgeTick(state, tick(second), GUARDS, SETTINGS);
    if (judgement.verdict === 'unhealthy') return second;
    state = judgement.state;
  }
  return null;
}
