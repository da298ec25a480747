export type TokenKind =
  | 'word'
  | 'number'
  | 'version'
  | 'rate'
  | 'duration'
  | 'ticket'
  | 'channel'
  | 'mention'
  | 'link'
  | 'path'
  | 'date'
  | 'time'
  | 'address'
  | 'amount'
  | 'opaque'
  | 'arrow'
  | 'punct'
  | 'newline';

/** One piece of a text. `start` and `end` are UTF-16 offsets into the original. */
export interface Token {
  readonly kind: TokenKind;
  /** Lower case, typographic variants folded. */
  readonly text: string;
  /** As in the original (after folding of typography), for what is passed on as written. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** White space (or the text's start) before it. */
  readonly spaced: boolean;
  /** number: itself · rate: fraction · duration: seconds; otherwise NaN. */
  readonly value: number;
  /** Latin look-alikes resolved, accents stripped: read for danger, never as an identity. */
  readonly fold: string;
  /** Has look-alike letters: can be no identity. */
  readonly odd: boolean;
  /** Names of services and environments of the catalog that this token (or group) stands for. */
  readonly services: readonly string[];
  readonly environments: readonly string[];
}

export const NOTHING: readonly string[] = [];

export function isPunct(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token !== undefined && token.kind === 'punct' && texts.includes(token.text);
}

export function isWord(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token !== undefined && token.kind === 'word' && texts.includes(token.text);
}

export function textOf(token: Token | undefined): string {
  return token === undefined ? '' : token.text;
}
