import { binomial, poisson } from '../watchdog-statistics/simulation.js';

/** "N failed checks at interval I": the success rate over the last interval is below the bound, so many times in a row. */
export interface CheckRule {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly failures: number;
}

/**
 * As in the samples that the projects publish (docs.flagger.app/usage/metrics; Argo Rollouts, features/analysis): Argo fails
 * when *more* than failureLimit measurements failed. The last one is not in any sample: as fast as such a rule gets.
 */
export const CHECK_RULES: readonly CheckRule[] = [
  { name: 'Flagger sample, 1m x 5', intervalSeconds: 60, failures: 5 },
  { name: 'Flagger tutorial, 10s x 10', intervalSeconds: 10, failures: 10 },
  { name: 'Argo sample, 5m, failureLimit 3', intervalSeconds: 300, failures: 4 },
  { name: 'generous, 10s x 3', intervalSeconds: 10, failures: 3 },
];

/** Seconds from a break, at a random moment between two checks, until the rule has failed often enough. */
export function ruleDelay(
  random: () => number,
  rule: CheckRule,
  rate: number,
  guard: number,
  clean: number,
  broken: number,
): number {
  const first = random() * rule.intervalSeconds;
  let inRow = 0;
  for (let check = 0; check < 10_000; check++) {
    const elapsed = first + check * rule.intervalSeconds;
    const brokenSeconds = Math.min(elapsed, rule.intervalSeconds);
    const old = poisson(random, rate * (rule.intervalSeconds - brokenSeconds));
    const fresh = poisson(random, rate * brokenSeconds);
    const bad = binomial(random, old, clean) + binomial(random, fresh, broken);
    inRow = bad > guard * (old + fresh) ? inRow + 1 : 0;
    if (inRow >= rule.failures) return elapsed;
  }
  return Number.POSITIVE_INFINITY;
}

/** Alarms of the rule in a time of steady traffic. */
export function ruleAlarms(
  random: () => number,
  rule: CheckRule,
  rate: number,
  guard: number,
  share: number,
  seconds: number,
): number {
  let inRow = 0;
  let alarms = 0;
  for (let at = rule.intervalSeconds; at <= seconds; at += rule.intervalSeconds) {
    const requests = poisson(random, rate * rule.intervalSeconds);
    inRow = binomial(random, requests, share) > guard * requests ? inRow + 1 : 0;
    if (inRow < rule.failures) continue;
    alarms++;
    inRow = 0;
  }
  return alarms;
}
