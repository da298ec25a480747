import type { Catalog } from '../domain/catalog.js';
import type { Interpretation } from '../domain/interpretation.js';
import type { Interpreter } from '../ports/interpreter.js';
import type { IntentItem } from './items.js';
import { type Judgement, judge } from './judge.js';
import { median, type Tally, tally } from './tally.js';

export interface LabelledIntent {
  readonly item: IntentItem;
  readonly catalog: Catalog;
}

/** What is needed to measure: a clock in seconds that only grows, and somebody to tell how far it is. */
export interface RunNeeds {
  readonly seconds: () => number;
  readonly progress: (done: number, of: number) => void;
  readonly signal: AbortSignal;
}

/** A reading that is not as labelled. */
export interface Miss {
  readonly item: IntentItem;
  readonly judgement: Judgement;
  /** null: the interpreter threw. */
  readonly got: Interpretation | null;
}

/** How one reader was heard over all readings. */
export interface ReaderRow {
  readonly name: string;
  readonly plan: number;
  readonly clarify: number;
  readonly refuse: number;
}

export interface IntentsResult {
  readonly tally: Tally;
  /** One for each item that was not always read as labelled: its worst reading. */
  readonly misses: readonly Miss[];
  readonly readers: readonly ReaderRow[];
  readonly seconds: { readonly total: number; readonly median: number };
}

interface Reading {
  readonly got: Interpretation | null;
  readonly judgement: Judgement;
  readonly seconds: number;
}

/** Has each intent read `runs` times, one after the other, and holds the readings against the labels. Throws when the signal is aborted. */
export async function runIntents(
  interpreter: Interpreter,
  intents: readonly LabelledIntent[],
  runs: number,
  needs: RunNeeds,
): Promise<IntentsResult> {
  const readings: Reading[][] = [];
  for (const { item, catalog } of intents) {
    const own: Reading[] = [];
    for (let run = 0; run < runs; run += 1) own.push(await readOnce(interpreter, item, catalog, needs));
    readings.push(own);
    needs.progress(readings.length, intents.length);
  }
  const all = readings.flat();
  return {
    tally: tally(readings.map((own) => own.map(({ judgement }) => judgement))),
    misses: intents.flatMap(({ item }, index) => missOf(item, readings[index] ?? [])),
    readers: readersOf(all),
    seconds: {
      total: all.reduce((sum, { seconds }) => sum + seconds, 0),
      median: median(all.map(({ seconds }) => seconds)),
    },
  };
}

async function readOnce(
  interpreter: Interpreter,
  item: IntentItem,
  catalog: Catalog,
  { seconds, signal }: RunNeeds,
): Promise<Reading> {
  signal.throwIfAborted();
  const began = seconds();
  const got = await interpreter.interpret(item.text, catalog, signal).catch(() => null);
  signal.throwIfAborted();
  return { got, judgement: judge(item.expected, got), seconds: seconds() - began };
}

function missOf(item: IntentItem, readings: readonly Reading[]): readonly Miss[] {
  const worst =
    readings.find(({ judgement }) => judgement.wronglyAccepted) ??
    readings.find(({ judgement }) => !judgement.exact);
  return worst === undefined ? [] : [{ item, judgement: worst.judgement, got: worst.got }];
}

function readersOf(readings: readonly Reading[]): readonly ReaderRow[] {
  const rows = new Map<string, ReaderRow>();
  for (const { got } of readings)
    for (const { name, outcome } of got?.readership?.readers ?? []) {
      const row = rows.get(name) ?? { name, plan: 0, clarify: 0, refuse: 0 };
      rows.set(name, { ...row, [outcome]: row[outcome] + 1 });
    }
  return [...rows.values()];
}
