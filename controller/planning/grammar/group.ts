import type { NameIndex } from './names.js';
import { keyOf } from './names.js';
import { join } from './quantities.js';
import { isPunct, isWord, NOTHING, type Token } from './token.js';
import { slipsOf } from './typos.js';
import { CONJUNCTIONS, ENV_PREPOSITIONS } from './words.js';

/** Marks what names services and environments, joining names of several words; `checkout api` is one token then. */
export function groupNames(tokens: readonly Token[], index: NameIndex): Token[] {
  const out: Token[] = [];
  let at = 0;
  while (at < tokens.length) {
    const length = longestName(tokens, at, index);
    const token = tokens[at];
    if (length > 0)
      out.push(
        named(
          length === 1 && token !== undefined ? token : join(tokens, at, at + length, 'word', Number.NaN),
          index,
        ),
      );
    else if (token !== undefined) out.push(slip(token, out, index));
    at += Math.max(1, length);
  }
  return out;
}

function longestName(tokens: readonly Token[], at: number, index: NameIndex): number {
  for (let length = Math.min(index.longest, tokens.length - at); length > 0; length -= 1) {
    const key = keyAt(tokens, at, length);
    if (key !== null && (index.services.has(key) || index.environments.has(key))) return length;
  }
  return 0;
}

function keyAt(tokens: readonly Token[], at: number, length: number): string | null {
  const parts: string[] = [];
  for (let step = 0; step < length; step += 1) {
    const token = tokens[at + step];
    if (
      token === undefined ||
      token.odd ||
      (token.kind !== 'word' && !(token.kind === 'number' && step > 0) && token.kind !== 'version')
    )
      return null;
    if (length === 1 && token.kind === 'version' && /^v?\d/.test(token.text)) return null;
    parts.push(keyOf(token.text));
  }
  return parts.join('-');
}

function named(token: Token, index: NameIndex): Token {
  const key = keyOf(token.text);
  return {
    ...token,
    kind: 'word',
    services: index.services.get(key) ?? NOTHING,
    environments: index.environments.get(key) ?? NOTHING,
  };
}

/** A misspelt environment, where an environment is to be expected. */
function slip(token: Token, before: readonly Token[], index: NameIndex): Token {
  if (token.kind !== 'word' || token.odd || !expectsEnvironment(before.at(-1), before.at(-2))) return token;
  const meant = PROD_SLIPS.includes(token.text) ? ['prod'] : slipsOf(token.text, index.spellings);
  const targets = [...new Set(meant.flatMap((word) => index.environments.get(word) ?? NOTHING))];
  return targets.length === 1 ? { ...token, environments: targets } : token;
}

const PROD_SLIPS: readonly string[] = ['prdo', 'porod', 'prodd', 'pord', 'porduction'];

function expectsEnvironment(before: Token | undefined, earlier: Token | undefined): boolean {
  if (before === undefined) return true;
  if (
    before.kind === 'arrow' ||
    before.kind === 'version' ||
    before.services.length > 0 ||
    isPunct(before, '/', ',', '[', '(', ':', '+', '&', '=')
  )
    return true;
  if (isWord(before, 'then', 'the', 'only', 'just', 'not', 'our')) return true;
  return (
    before.kind === 'word' &&
    (ENV_PREPOSITIONS.has(before.text) ||
      (CONJUNCTIONS.has(before.text) && earlier !== undefined && earlier.environments.length > 0))
  );
}
