import { groupNames } from './group.js';
import { layOut } from './lines.js';
import { keyOf, type NameIndex } from './names.js';
import { type Normalised, normalise } from './normalise.js';
import { joinQuantities } from './quantities.js';
import { readClause } from './read.js';
import type { Reading } from './reading.js';
import { scan } from './scan.js';
import { splitClauses } from './split.js';
import type { Token } from './token.js';

/** A text cut into tokens and clauses, before anything is decided. */
export interface Look {
  readonly plain: Normalised;
  readonly tokens: readonly Token[];
  readonly readings: readonly Reading[];
}

/** Tokens (catalog names and quantities joined) and clauses with their moods. Linear; never throws. */
export function look(text: string, index: NameIndex): Look {
  const plain = normalise(text);
  const tokens = groupNames(joinQuantities(scan(plain, (word) => isName(word, index))), index);
  return { plain, tokens, readings: readAll(tokens) };
}

function isName(word: string, index: NameIndex): boolean {
  const key = keyOf(word);
  return index.services.has(key) || index.environments.has(key);
}

function readAll(tokens: readonly Token[]): Reading[] {
  const readings: Reading[] = [];
  for (const clause of splitClauses(layOut(tokens)))
    readings.push(resumed(readClause(clause, readings.at(-1) ?? null), readings));
  return readings;
}

/** "QA is happy | with it | in staging": what goes on after an aside goes on telling. */
function resumed(reading: Reading, before: readonly Reading[]): Reading {
  if (reading.mood !== 'name' || before.at(-1)?.clause.lead !== 'aside') return reading;
  const main = before.findLast(({ clause }) => clause.lead !== 'aside');
  const tells = main?.mood === 'state' && main.clause.sentence === reading.clause.sentence;
  return tells ? { ...reading, mood: 'state' } : reading;
}
