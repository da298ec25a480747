import type { Clause } from './clause.js';
import type { Token } from './token.js';
import type { Verb } from './verbs.js';

/**
 * order: asks for something · forbid: asks to leave something out · condition: under which something happens · state: tells how things
 * are · ask: wants to know · muse: might happen · name: no predicate at all · context: explains.
 */
export type Mood = 'order' | 'forbid' | 'condition' | 'state' | 'ask' | 'muse' | 'name' | 'context';

export interface Reading {
  readonly clause: Clause;
  readonly tokens: readonly Token[];
  readonly mood: Mood;
  readonly verb: Verb | null;
  /** Index of the verb; where the verb is null, of what follows the openings. */
  readonly at: number;
}
