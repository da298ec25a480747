import type { Reading } from './reading.js';
import type { Token } from './token.js';

/** What a text asks for that is not ours to do, and where it says so. */
export interface Objection {
  readonly what: string;
  readonly tokens: readonly Token[];
}

export function objection(what: string, reading: Reading, at: number): Objection {
  return { what, tokens: reading.tokens.slice(at, at + 4) };
}
