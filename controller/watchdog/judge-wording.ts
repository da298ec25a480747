import type { Verdict } from '../domain/release.js';
import type { Judgement, Reason } from './judge-state.js';

/** "2 %", "0.13 %", "18.4 %": three digits that matter. */
export function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))} %`;
}

/** "1 request", "312 requests"; fractional counts are rounded. */
export function count(value: number, noun: string): string {
  const rounded = Math.round(value);
  return `${rounded} ${noun}${rounded === 1 ? '' : 's'}`;
}

/** One line for people: "unhealthy: 20 % of 45 requests failed in 2s, the guard is 2 %, 0.1 % is normal". */
export function describeVerdict(judgement: Pick<Judgement, 'verdict' | 'reasons' | 'detail'>): string {
  const heading = headings[judgement.verdict](judgement.detail.phase);
  return `${heading}: ${sentence(judgement.reasons)}`;
}

const headings: Readonly<Record<Verdict, (phase: Judgement['detail']['phase']) => string>> = {
  healthy: () => 'healthy',
  unhealthy: () => 'unhealthy',
  unknown: (phase) =>
    phase === 'watching' ? 'watching' : phase === 'expired' ? 'no verdict' : 'not yet known',
};

function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join('; ');
}
