import type { Token } from './token.js';
import { verbOf } from './verbs.js';
import { DETERMINERS } from './words.js';

/** A service named "notify", used as the verb: "notify the team". */
export function tellsSomebody(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (verbOf(tokens[at]?.text ?? '', 'tell')?.form !== 'base' || next === undefined) return false;
  if (next.kind === 'channel' || next.kind === 'mention') return true;
  return (
    next.kind === 'word' &&
    (['us', 'me', 'everyone', 'everybody', 'them', 'him', 'her', 'people'].includes(next.text) ||
      (DETERMINERS.has(next.text) &&
        tokens[at + 2]?.kind === 'word' &&
        tokens[at + 2]?.services.length === 0))
  );
}
