import { isPunct, type Token } from './token.js';
import { isBase } from './verbs.js';
import { BE, isFinite_, SUBJECTS } from './words.js';

interface Aside {
  readonly end: number;
  readonly quoted: boolean;
}

/** Brackets and quotes that hold a sentence of their own; those around a name or a value are looked through. */
export function findAsides(tokens: readonly Token[]): Map<number, Aside> {
  const found = new Map<number, Aside>();
  const closing: Record<string, string> = { '(': ')', '"': '"', '`': '`', '\u300c': '\u300d' };
  const last = new Map<string, number>();
  for (const [index, token] of tokens.entries()) if (token.kind === 'punct') last.set(token.text, index);
  let at = 0;
  while (at < tokens.length) {
    const end = tokens[at]?.kind === 'punct' ? closing[tokens[at]?.text ?? ''] : undefined;
    const close = end === undefined || (last.get(end) ?? -1) <= at ? -1 : findClose(tokens, at + 1, end);
    if (close > 0) {
      const inner = tokens.slice(at + 1, close);
      const whole = at === 0 && close >= tokens.length - 2;
      const quoted = end !== ')';
      if (!whole && (quoted ? inner.length > 3 && inner.some((token) => isBase(token.text)) : speaks(inner)))
        found.set(at, { end: close, quoted });
      at = close;
    }
    at += 1;
  }
  return found;
}

function findClose(tokens: readonly Token[], from: number, text: string): number {
  for (let at = from; at < tokens.length && at < from + 80; at += 1) if (isPunct(tokens[at], text)) return at;
  return -1;
}

function speaks(inner: readonly Token[]): boolean {
  return inner.some(
    (token) =>
      token.kind === 'word' &&
      token.environments.length === 0 &&
      token.services.length === 0 &&
      (isFinite_(token.text) || BE.has(token.text) || SUBJECTS.has(token.text) || isBase(token.text)),
  );
}
