import { cut } from './cut.js';
import { redact } from './redact.js';

/** Much more than is ever shown: a longer answer is looked at no further. */
const READ = 16_384;

/** A model's words as one line for people: no hidden characters, no links, no secrets, at most `limit` UTF-16 units. */
export function modelLine(text: string, limit: number): string {
  const line = defused(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length <= limit ? line : `${cut(line, limit - 1)}…`;
}

/** The same for several lines; empty ones are left out. */
export function modelLines(text: string, limit: number, lines: number): readonly string[] {
  const kept: string[] = [];
  let left = limit;
  for (const written of text.slice(0, READ).split(/\r\n|[\n\r\u2028\u2029]/)) {
    const line = modelLine(written, Math.max(1, left));
    if (line === '') continue;
    if (left <= 0 || kept.length === lines) break;
    kept.push(line);
    left -= line.length;
  }
  return kept;
}

/** Redacted before anything is cut, so that no half of a secret is left. */
function defused(text: string): string {
  return redact(text.slice(0, READ))
    .replace(/\p{Cf}/gu, '')
    .replace(LINK, '(link left out)');
}

/** What a forge or a terminal would make a link of by itself. Bounded before the colon: linear. */
const LINK = /\b(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|mailto:|javascript:|data:)\S+/gi;
