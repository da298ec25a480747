import { markAmounts } from '../controls/amounts.js';
import { markNames } from '../controls/name-marks.js';
import { hasMixedScripts, plainSentence, SENTENCE_LENGTH } from '../controls/plain-sentence.js';
import { markTimes } from '../controls/times.js';
import type { NameIndex } from '../grammar/names.js';

/** Everything that is literally in a sentence and that a control made of it may use. */
export interface Said {
  /** As seen when rendered. */
  readonly text: string;
  readonly numbers: ReadonlySet<number>;
  /** Seconds. */
  readonly durations: ReadonlySet<number>;
  /** Fractions. */
  readonly rates: ReadonlySet<number>;
  /** Minutes after midnight. */
  readonly times: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>;
  readonly zones: ReadonlySet<string>;
  /** Names of the catalog. */
  readonly environments: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** null: a sentence of which nothing is made: too long, or with letters that look like others. */
export function saidIn(sentence: string, names: NameIndex): Said | null {
  if (sentence.length > 2 * SENTENCE_LENGTH) return null;
  const text = plainSentence(sentence);
  if (text.length > SENTENCE_LENGTH || hasMixedScripts(text)) return null;
  const marks = marksOf(markAmounts(markTimes(text)));
  const named = marksOf(markNames(text, names));
  const numbersOf = (kind: string) => new Set(marks(kind).map(Number));
  return {
    text,
    numbers: numbersOf('n'),
    durations: numbersOf('d'),
    rates: numbersOf('r'),
    times: numbersOf('t'),
    days: new Set(marks('D').flatMap((days) => [...days].map(Number))),
    zones: new Set(marks('z')),
    environments: new Set(named('e').flatMap((at) => names.order[Number(at)] ?? [])),
    services: new Set(named('s').flatMap((at) => names.serviceNames[Number(at)] ?? [])),
  };
}

function marksOf(marked: string): (kind: string) => readonly string[] {
  const all = [...marked.matchAll(/\{(\w)=([^{}]{1,60})\}/g)];
  return (kind) => all.flatMap(([, found, value]) => (found === kind && value !== undefined ? [value] : []));
}
