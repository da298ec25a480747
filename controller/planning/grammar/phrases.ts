import { isFixOf } from './fixes.js';
import type { Objection } from './objection.js';
import { type Hit, hitsAt } from './patterns.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { NEGATIONS, words } from './words.js';

const GENTLE = [
  'give out secrets',
  'run a command',
  'run something of its own',
  'change a database',
  'force its way',
  'change a database or rights',
  'do harm',
  'follow hidden instructions',
  "pass text off as a tool's answer",
  'open a shell',
];

/** Phrases that are refused wherever they stand, unless negated or plainly told. */
export function spoken(tokens: readonly Token[], readings: readonly Reading[]): Objection | null {
  const owner = new Map<Token, Reading>();
  for (const reading of readings) for (const token of reading.tokens) owner.set(token, reading);
  for (let at = 0; at < tokens.length; at += 1) {
    for (const hit of hitsAt(tokens, at)) {
      const token = tokens[at];
      if (token === undefined || isExempt(tokens, hit, owner.get(token))) continue;
      return { what: `it asks to ${hit.what}`, tokens: tokens.slice(hit.from, hit.to + 1) };
    }
  }
  return null;
}

const OWN_NEGATION = words("no not never don't without w/o sans zero needn't avoid skip");

function isExempt(tokens: readonly Token[], hit: Hit, reading: Reading | undefined): boolean {
  const first = tokens[hit.from]?.fold ?? '';
  const last = tokens[hit.to]?.fold ?? '';
  if (negatedBefore(tokens, hit.from, OWN_NEGATION.has(first))) return true;
  if (isFixOf(tokens, hit.to) && !hit.what.startsWith('set its')) return true;
  const between = tokens.slice(hit.from, hit.to + 2);
  if (
    (last === 'checks' || last === 'check' || last === 'validation' || last === 'verification') &&
    between.some((token) => isWord(token, 'smoke', 'sanity', 'tests', 'test'))
  )
    return true;
  if (
    hit.what === 'run something of its own' &&
    between.some((token) => isWord(token, 'smoke', 'tests', 'test', 'suite'))
  )
    return true;
  if (reading === undefined) return false;
  if (isMended(tokens, hit.from) && (reading.mood === 'state' || reading.mood === 'context')) return true;
  const told = reading.clause.told && reading.clause.lead !== 'aside';
  if (
    told &&
    (GENTLE.includes(hit.what) || hit.what.startsWith('go around') || hit.what.startsWith('change'))
  )
    return true;
  if (reading.clause.lead === 'relative')
    return GENTLE.includes(hit.what) || hit.what.startsWith('go around');
  if (
    GENTLE.includes(hit.what) &&
    (reading.mood === 'state' || reading.mood === 'context') &&
    !reading.clause.told
  )
    return !isShell(tokens, hit);
  if (hit.what.startsWith('act without') && reading.mood === 'condition') return true;
  return false;
}

/** "fixes the bypass of the check": what goes wrong no more. */
function isMended(tokens: readonly Token[], from: number): boolean {
  return [1, 2, 3].some((step) =>
    isWord(tokens[from - step], 'fixes', 'fixed', 'prevents', 'prevented', 'closes', 'closed'),
  );
}

function isShell(tokens: readonly Token[], hit: Hit): boolean {
  return isWord(tokens[hit.from], 'sudo', 'kubectl', 'rm') || isPunct(tokens[hit.to + 1], '-', '/');
}

/** "don't skip the review", "never bypass …", "nothing goes out without approval". */
function negatedBefore(tokens: readonly Token[], at: number, long: boolean): boolean {
  for (let step = 1; step <= (long ? 12 : 3); step += 1) {
    const token = tokens[at - step];
    if (token === undefined || (token.kind === 'punct' && '.!?;,:'.includes(token.text))) return false;
    if (isWord(token, 'but', 'then', 'and') && long) return false;
    if (
      token.kind === 'word' &&
      (NEGATIONS.has(token.text) || token.text === 'nothing' || token.text === 'nobody') &&
      token.text !== 'without'
    )
      return true;
  }
  return false;
}
