import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import { statusOf } from './failure-words.js';

/** Failures in a row after which a provider is left alone, and for how long: longer each time, up to five minutes. */
const FAILURES = 3;
const PAUSE = { initialDelay: 5_000, maxDelay: 300_000 };
/** It understood, and does not like this one question: too long, a form it does not know. */
const OF_THE_QUESTION: readonly (number | null)[] = [400, 413, 422];

/** Who asked has gone: that says nothing about the provider. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Leaves a provider alone that is down, slow or asks for a pause; one that only answers badly is up: another text may do better. */
export function breakerOf(): CircuitBreakerPolicy {
  return circuitBreaker(handleWhen(isOfTheProvider), {
    breaker: new ConsecutiveBreaker(FAILURES),
    halfOpenAfter: new ExponentialBackoff(PAUSE),
  });
}

function isOfTheProvider(error: Error): boolean {
  if (error.name === 'BadAnswer' || error instanceof Cancelled) return false;
  return !OF_THE_QUESTION.includes(statusOf(error));
}
