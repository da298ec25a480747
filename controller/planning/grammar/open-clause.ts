import type { Lead } from './clause.js';
import type { Token } from './token.js';
import { verbOf } from './verbs.js';
import { POLITE, words } from './words.js';

export const JOINERS = words('and then but or plus also & + yet so otherwise else nor');

export interface Open {
  tokens: Token[];
  /** Holds more than courtesies and joiners. */
  filled: boolean;
  /** Names a service or an environment. */
  named: boolean;
  /** Has a verb of ours. */
  acts: boolean;
  lead: Lead;
  word: string;
}

export function opened(lead: Lead, word: string): Open {
  return { tokens: [], lead, word, filled: false, named: false, acts: false };
}

export function take(open: Open, token: Token): void {
  open.tokens.push(token);
  open.filled ||= !(POLITE.has(token.text) || token.kind === 'punct' || JOINERS.has(token.text));
  open.named ||= token.environments.length > 0 || token.services.length > 0;
  open.acts ||= verbOf(token.text, 'deploy', 'rollback', 'test', 'build', 'move') !== undefined;
}
