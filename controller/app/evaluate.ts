import { performance } from 'node:perf_hooks';
import type { Problem } from '../domain/problem.js';
import type { IntentItem, ItemKind, QuestionItem, SentenceItem } from '../evaluation/items.js';
import { type ModelUse, meterModel } from '../evaluation/metered-model.js';
import {
  type IntentsResult,
  type LabelledIntent,
  type RunNeeds,
  runIntents,
} from '../evaluation/run-intents.js';
import type { QuestionsResult } from '../evaluation/run-questions.js';
import { readSet, sopFolderOf, withCatalogs } from '../evaluation/set.js';
import { createGrammarInterpreter } from '../planning/grammar/index.js';
import { createModelInterpreter } from '../planning/reading/interpreter.js';
import type { Interpreter } from '../ports/interpreter.js';
import { silentLog } from '../ports/log.js';
import type { Embedder, Model } from '../ports/model.js';
import { type ControlsRow, measureSops } from './evaluate-sops.js';

export type EvaluatedPart = 'intents' | 'sops' | 'all';

export interface EvaluationOptions {
  readonly part: EvaluatedPart;
  /** A file or a folder of labelled items. */
  readonly set: string;
  /** null: each one that there is. */
  readonly interpreter: 'grammar' | 'model' | null;
  /** Readings of each intent; null: 1 of the grammar, 5 of a model. */
  readonly runs: number | null;
  /** Items of each kind, evenly over all; null: all. */
  readonly limit: number | null;
}

/** What is measured besides the built-in parts; null where nothing is configured. */
export interface EvaluatedModels {
  /** Does not answer out of a cache. */
  readonly model: Model | null;
  readonly embedder: Embedder | null;
}

export interface InterpreterRow {
  readonly name: string;
  readonly result: IntentsResult;
  readonly models: readonly ModelUse[];
  /** Questions that no model answered. */
  readonly unanswered: number;
}

export interface Evaluation {
  readonly set: string;
  readonly interpreters: readonly InterpreterRow[];
  readonly retrieval: readonly QuestionsResult[];
  readonly controls: readonly ControlsRow[];
  readonly problems: readonly Problem[];
}

const MODEL_RUNS = 5;
const KINDS: Readonly<Record<EvaluatedPart, readonly ItemKind[]>> = {
  intents: ['intent'],
  sops: ['question', 'sentence'],
  all: ['intent', 'question', 'sentence'],
};

export type Progress = (what: string, done: number, of: number) => void;

/** Measures the interpreters, the retrieval and the compiler of controls against a labelled set. Throws when the set cannot be read at all. */
export async function evaluate(
  options: EvaluationOptions,
  { model, embedder }: EvaluatedModels,
  progress: Progress,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { items, problems } = await readSet(options.set, KINDS[options.part]);
  const some = <T>(all: readonly T[]): readonly T[] => spread(all, options.limit ?? all.length);
  const intents = await withCatalogs(
    some(items.filter((item): item is IntentItem => item.kind === 'intent')),
  );
  const needs = needsFor(progress, signal);
  const interpreters: InterpreterRow[] = [];
  for (const which of readersOf(options, model))
    if (intents.intents.length > 0)
      interpreters.push(await measure(which, intents.intents, options.runs, needs));
  const sops = await measureSops(
    await sopFolderOf(options.set),
    some(items.filter((item): item is QuestionItem => item.kind === 'question')),
    some(items.filter((item): item is SentenceItem => item.kind === 'sentence')),
    { readers: readersOf(options, model), embedder },
    needs,
  );
  return {
    set: options.set,
    interpreters,
    retrieval: sops.retrieval,
    controls: sops.controls,
    problems: [...problems, ...intents.problems, ...sops.problems],
  };
}

/** At most `limit`, evenly over the whole list: the first ones would all be of one file. */
function spread<T>(all: readonly T[], limit: number): readonly T[] {
  if (limit >= all.length) return all;
  return Array.from({ length: limit }, (_, index) => all[Math.floor((index * all.length) / limit)] as T);
}

/** null: the grammar. */
function readersOf({ interpreter }: EvaluationOptions, model: Model | null): readonly (Model | null)[] {
  const models = model === null ? [] : [model];
  if (interpreter === 'grammar') return [null];
  return interpreter === 'model' ? models : [null, ...models];
}

function needsFor(progress: Progress, signal: AbortSignal): (what: string) => RunNeeds {
  return (what) => ({
    seconds: () => performance.now() / 1000,
    progress: (done, of) => progress(what, done, of),
    signal,
  });
}

async function measure(
  model: Model | null,
  intents: readonly LabelledIntent[],
  runs: number | null,
  needs: (what: string) => RunNeeds,
): Promise<InterpreterRow> {
  const grammar = createGrammarInterpreter();
  if (model === null) {
    const result = await runIntents(grammar, intents, runs ?? 1, needs(grammar.name));
    return { name: grammar.name, result, models: [], unanswered: 0 };
  }
  const meter = meterModel(model);
  const interpreter: Interpreter = createModelInterpreter({ grammar, model: meter.model, log: silentLog });
  const result = await runIntents(interpreter, intents, runs ?? MODEL_RUNS, needs(interpreter.name));
  return { name: interpreter.name, result, models: meter.answered(), unanswered: meter.unanswered() };
}
