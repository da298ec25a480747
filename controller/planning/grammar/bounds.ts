import type { Question } from '../../domain/interpretation.js';
import { type GuardMention, scanGuards } from './guards.js';
import type { Reading } from './reading.js';

export interface Bounds {
  readonly values: ReadonlyMap<GuardMention['field'], GuardMention>;
  readonly question: Question | null;
}

/** The guards that a text asks for; a question where one is unclear, or two differ. */
export function findBounds(readings: readonly Reading[]): Bounds {
  const values = new Map<GuardMention['field'], GuardMention>();
  let question: Question | null = null;
  const wordsOf = new Map<number, Set<string>>();
  for (const reading of readings)
    for (const token of reading.tokens)
      wordsOf.set(
        reading.clause.sentence,
        (wordsOf.get(reading.clause.sentence) ?? new Set()).add(token.text),
      );
  for (const reading of readings) {
    const scan = scanGuards(reading, wordsOf.get(reading.clause.sentence) ?? new Set());
    const unclear = scan.unclear[0];
    if (unclear !== undefined)
      question ??= ask(
        `Which bound is meant by "${unclear.raw}"? Guards are an error rate in percent, a p95 latency, and a watch time.`,
      );
    for (const mention of scan.mentions) {
      const known = values.get(mention.field);
      if (known !== undefined && known.value !== mention.value)
        question ??= ask(
          `Two different values are given: ${known.token.raw} and ${mention.token.raw}. Which one?`,
          [known.token.raw, mention.token.raw],
        );
      else if (known === undefined) values.set(mention.field, mention);
    }
  }
  return { values, question };
}

function ask(question: string, choices: readonly string[] = []): Question {
  return { field: 'guards', question, choices };
}
