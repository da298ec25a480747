import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';

/**
 * "Example: deploy …", "for example, deploy …", "A: deploy …": an order that is shown, and perhaps not given. Bait for whoever learns
 * from examples; its first word, or null.
 */
export function findExample(readings: readonly Reading[]): Token | null {
  let sentence = -1;
  for (const [at, { clause, tokens }] of readings.entries()) {
    if (clause.sentence === sentence) continue;
    sentence = clause.sentence;
    if (clause.told || !showsOnly(tokens, readings[at + 1])) continue;
    if (ordersSoon(readings, at)) return tokens[0] ?? null;
  }
  return null;
}

/** In this sentence or the next one: "e.g." may end one of its own. */
function ordersSoon(readings: readonly Reading[], from: number): boolean {
  const sentence = readings[from]?.clause.sentence ?? 0;
  for (let at = from; at < readings.length; at += 1) {
    const reading = readings[at];
    if (reading === undefined || reading.clause.sentence > sentence + 1) return false;
    if (reading.mood === 'order' || (reading.mood === 'name' && reading.tokens.some(isName))) return true;
  }
  return false;
}

function isName(token: Token): boolean {
  return token.services.length > 0 || token.kind === 'version';
}

function showsOnly(tokens: readonly Token[], next: Reading | undefined): boolean {
  const [first, second] = [...tokens, ...(next?.tokens ?? [])];
  if (first === undefined || first.services.length + first.environments.length > 0) return false;
  if (isWord(first, 'for') && isWord(second, 'example', 'instance')) return true;
  if (isWord(first, 'e.g')) return true;
  const colon = second?.kind === 'number' || second?.kind === 'ticket' ? tokens[2] : second;
  return (
    isWord(first, 'example', 'examples', 'sample', 'a', 'answer', 'reply', 'reading') && isPunct(colon, ':')
  );
}
