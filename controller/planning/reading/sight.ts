import { type Look, look } from '../grammar/look.js';
import { indexNames, type NameIndex, type Names } from '../grammar/names.js';
import type { Token } from '../grammar/token.js';

/** An intent's text as the grammar's scanner sees it: what every evidence is checked against. */
export interface Sight extends Look {
  readonly text: string;
  readonly index: NameIndex;
  /** Where in `tokens` the token is that starts at an offset of the text. */
  readonly startingAt: ReadonlyMap<number, number>;
}

export function sightOf(text: string, catalog: Names): Sight {
  const index = indexNames(catalog);
  const seen = look(text, index);
  const startingAt = new Map<number, number>();
  for (const [at, token] of seen.tokens.entries())
    if (!startingAt.has(token.start)) startingAt.set(token.start, at);
  return { ...seen, text, index, startingAt };
}

/** What of the text a token is: literally, not as it was normalised. */
export function literal(token: Token, sight: Sight): string {
  return sight.text.slice(token.start, token.end);
}
