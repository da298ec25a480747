import type { Action } from '../../domain/intent.js';
import type { Reading } from './reading.js';
import type { Token } from './token.js';
import { words } from './words.js';

/**
 * act: one of our actions (weak: only with what other clauses say) · part: serves a request (steps, watch, bounds, leaving out) ·
 * beyond: work that is not ours · unknown: an order nobody here understands · cancel: takes the request back.
 */
export type Meaning =
  | { readonly kind: 'act'; readonly action: Action; readonly weak: boolean }
  | { readonly kind: 'part' | 'unknown' | 'cancel' | 'benign' }
  | { readonly kind: 'beyond'; readonly token: Token | undefined };

export const STEP_WORDS = words(
  'tests test smoke suite sanity testing checks check e2e smoketest smoketests',
);

export function beyond(tokens: readonly Token[], at: number): Meaning {
  return { kind: 'beyond', token: tokens[at] };
}

export function has(tokens: readonly Token[], some: ReadonlySet<string>): boolean {
  return tokens.some((token) => token.kind === 'word' && token.services.length === 0 && some.has(token.text));
}

export function named(tokens: readonly Token[]): boolean {
  return tokens.some((token) => token.services.length > 0 || token.kind === 'version');
}

/** "run the smoke tests for checkout in staging" is a test where nothing else is asked; beside a deploy it is a step. */
export function stepsAlone(reading: Reading): Meaning {
  void reading;
  return { kind: 'act', action: 'test', weak: true };
}
