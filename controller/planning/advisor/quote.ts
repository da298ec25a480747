import { cut } from '../../domain/cut.js';
import type { Sop } from '../../domain/sop.js';
import { sentencesOf } from '../documents/markdown.js';

/** One word is in every document, and says nothing. */
const SHORTEST = 8;
const LONGEST = 1000;

/** White space and control characters become one blank, format characters (zero width, bidi) nothing. */
export function flat(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * The sentence of a text that a quote is in, exactly as written there; the quote as written where it is of several
 * sentences. null: the text has no such words, or they are too few or too many to be a quote.
 */
export function quotedSentence(text: string, quote: string): string | null {
  if (quote.length > 4 * LONGEST) return null;
  const wanted = flat(quote);
  if (wanted.length < SHORTEST || wanted.length > LONGEST) return null;
  if (!flat(text).includes(wanted)) return null;
  const sentence = sentencesOf(text).find((candidate) => flat(candidate.text).includes(wanted));
  return sentence === undefined ? asWritten(text, wanted) : cut(sentence.text, LONGEST);
}

/** The part of a text that is `wanted` when it is flat. */
function asWritten(text: string, wanted: string): string {
  const start = flat(text).indexOf(wanted);
  // As many units as it takes to make the flat text longer than what comes before the quote, and then than the quote's end.
  const from = shortestPrefix(text, start + 1) - 1;
  return text.slice(from, shortestPrefix(text, start + wanted.length)).trim();
}

/** The smallest number of units of a text whose flat form has at least `length` units. */
function shortestPrefix(text: string, length: number): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (flat(text.slice(0, middle)).length >= length) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Is the sentence, or a part of it, compiled to a control? Then code judges it, and nobody else. */
export function isCompiled(sop: Pick<Sop, 'controls'>, sentence: string): boolean {
  const words = flat(sentence);
  return sop.controls.some((control) => {
    const compiled = flat(control.quote);
    return compiled !== '' && (words.includes(compiled) || compiled.includes(words));
  });
}
