import type { Reading } from './reading.js';
import { isPunct, type Token } from './token.js';

/** What a text leaves open although an order was found in it. */
export interface LooseEnd {
  readonly kind: 'ask' | 'beyond';
  readonly question: string;
  readonly tokens: readonly Token[];
}

export function ask(question: string, { tokens }: Reading): LooseEnd {
  return { kind: 'ask', question, tokens };
}

/** Its words, for patterns and for people: without quotation marks and what ends a sentence. */
export function textOf({ tokens }: Pick<Reading, 'tokens'>): string {
  const end = isPunct(tokens.at(-1), '.', '!', ';') ? -1 : tokens.length;
  return tokens
    .slice(0, end)
    .filter((token) => !isPunct(token, '"', '“', '”'))
    .map(({ raw }) => raw)
    .join(' ');
}

export function isNamed(token: Token): boolean {
  return token.services.length > 0 || token.environments.length > 0 || token.kind === 'version';
}
