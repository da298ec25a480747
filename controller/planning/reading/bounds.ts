import type { RequestedGuards } from '../../domain/interpretation.js';
import { isWord, type Token } from '../grammar/token.js';
import type { Sight } from './sight.js';
import type { Place } from './spans.js';

export interface Bounded {
  readonly token: Token;
  /** In the unit of the guard. */
  readonly value: number;
}

/** A p95 latency of more is none that anybody guards. */
const LONGEST_LATENCY_SECONDS = 60;

/** The one quantity in some words, as the grammar's own arithmetic reads it; null where there is none of the guard's kind, or two. */
export function quantityIn(place: Place, field: keyof RequestedGuards, sight: Sight): Bounded | null {
  const kind = field === 'errorRate' ? 'rate' : 'duration';
  const [token, other] = place.filter((one) => one.kind === kind);
  if (token === undefined || other !== undefined || !Number.isFinite(token.value)) return null;
  const { value } = token;
  if (field === 'errorRate') return { token, value: ofErrors(token, sight) };
  if (field === 'watchMinutes') return { token, value: Number((value / 60).toPrecision(12)) };
  if (value > LONGEST_LATENCY_SECONDS) return null;
  return { token, value: Number((value * 1000).toPrecision(12)) };
}

/** "99.5 % succeed" is an error rate of 0.5 %. */
function ofErrors(token: Token, sight: Sight): number {
  const clause = sight.readings.find(({ tokens }) => tokens.some(({ start }) => start === token.start));
  const around = clause?.tokens ?? [];
  const succeeds = around.some((one) =>
    isWord(one, 'success', 'successes', 'successful', 'succeed', 'succeeds', 'availability', 'uptime'),
  );
  const fails = around.some((one) => /^(?:err|fail|5xx|50\d)/.test(one.text));
  return succeeds && !fails ? Number((1 - token.value).toPrecision(12)) : token.value;
}
