import type { Token } from './token.js';

export type Lead =
  | 'start'
  | 'and'
  | 'comma'
  | 'condition'
  | 'time'
  | 'reason'
  | 'relative'
  | 'runon'
  | 'aside';

/** A stretch of a text with at most one predicate. */
export interface Clause {
  readonly tokens: readonly Token[];
  /** What introduced it. */
  readonly lead: Lead;
  /** The word that introduced it: "if", "then", "," … */
  readonly word: string;
  readonly sentence: number;
  readonly question: boolean;
  /** Stands under a heading such as "Changelog:", or is ticked off, or quoted: tells, does not ask. */
  readonly told: boolean;
}
