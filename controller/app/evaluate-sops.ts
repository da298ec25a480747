import { basename, join } from 'node:path';
import type { Catalog } from '../domain/catalog.js';
import type { Problem } from '../domain/problem.js';
import type { Sop } from '../domain/sop.js';
import { addModelControls } from '../evaluation/compile-with-model.js';
import { byDocument, type LabelledDocument, readDocuments, readSopCatalog } from '../evaluation/documents.js';
import type { QuestionItem, SentenceItem } from '../evaluation/items.js';
import {
  type ControlsResult,
  judgeSentence,
  type SentenceJudgement,
  tallyControls,
} from '../evaluation/judge-controls.js';
import { type ModelUse, meterModel } from '../evaluation/metered-model.js';
import type { RunNeeds } from '../evaluation/run-intents.js';
import { type QuestionsResult, runQuestions, unknownRelevant } from '../evaluation/run-questions.js';
import { compileSentences } from '../planning/controls/compile.js';
import { createKnowledge } from '../planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../planning/knowledge/memory-records.js';
import { passagesOf } from '../planning/knowledge/passages.js';
import { systemClock } from '../ports/clock.js';
import type { Embedder, Model } from '../ports/model.js';
import { readWordVectors } from './word-vectors.js';

const REPOSITORY = 'evaluation';

/** A compiler of controls. */
export interface ControlsRow {
  readonly name: string;
  readonly result: ControlsResult;
  readonly seconds: number;
  readonly models: readonly ModelUse[];
  /** Questions that no model answered. */
  readonly unanswered: number;
}

/** What is measured of SOPs. */
export interface SopFigures {
  /** Of each file with questions. */
  readonly retrieval: readonly QuestionsResult[];
  readonly controls: readonly ControlsRow[];
  readonly problems: readonly Problem[];
}

export interface SopReaders {
  /** Compilers of controls; null: the rules alone. */
  readonly readers: readonly (Model | null)[];
  readonly embedder: Embedder | null;
}

/** Measures the search and the compilers of controls on the documents of `folder`. */
export async function measureSops(
  folder: string,
  questions: readonly QuestionItem[],
  sentences: readonly SentenceItem[],
  { readers, embedder }: SopReaders,
  needs: (what: string) => RunNeeds,
): Promise<SopFigures> {
  if (questions.length + sentences.length === 0) return { retrieval: [], controls: [], problems: [] };
  const { sops, problems } = await readDocuments(join(folder, 'documents'));
  const passages = sops.flatMap((sop) => passagesOf(REPOSITORY, sop));
  const knowledge = createKnowledge({
    records: memoryPassageRecords(),
    embedder,
    wordVectors: readWordVectors,
    vectors: null,
    clock: systemClock,
  });
  const asking = needs('questions');
  const retrieval: QuestionsResult[] = [];
  for (const file of new Set(questions.map(({ file }) => file))) {
    const asked = questions.filter((question) => question.file === file);
    retrieval.push(await runQuestions(basename(file), knowledge, passages, asked, asking));
  }
  const measured = await measureControls(folder, sentences, sops, readers, needs('sentences'));
  return {
    retrieval,
    controls: measured.controls,
    problems: [...problems, ...unknownRelevant(questions, passages), ...measured.problems],
  };
}

async function measureControls(
  folder: string,
  sentences: readonly SentenceItem[],
  sops: readonly Sop[],
  readers: readonly (Model | null)[],
  needs: RunNeeds,
): Promise<Pick<SopFigures, 'controls' | 'problems'>> {
  if (sentences.length === 0) return { controls: [], problems: [] };
  const catalog = await readSopCatalog(folder);
  if (!('services' in catalog)) return { controls: [], problems: catalog };
  const { documents, problems } = byDocument(sentences, sops);
  const rows: ControlsRow[] = [];
  for (const model of readers) rows.push(await compileAll(model, documents, catalog, needs));
  return { controls: rows, problems };
}

async function compileAll(
  model: Model | null,
  documents: readonly LabelledDocument[],
  catalog: Catalog,
  needs: RunNeeds,
): Promise<ControlsRow> {
  const meter = model === null ? null : meterModel(model);
  const began = needs.seconds();
  const judged: SentenceJudgement[] = [];
  for (const [done, { sop, items }] of documents.entries()) {
    const rules = compileSentences(sop.body, catalog);
    const labelled = items.map(({ sentence }) => sentence);
    const compiled =
      meter === null
        ? rules
        : await addModelControls(meter.model, sop, rules, labelled, catalog, needs.signal);
    judged.push(...items.map((item) => judgeSentence(item, compiled)));
    needs.progress(done + 1, documents.length);
  }
  return {
    name: model === null ? 'rules' : ['rules', ...model.names].join(' + '),
    result: tallyControls(judged),
    seconds: needs.seconds() - began,
    models: meter?.answered() ?? [],
    unanswered: meter?.unanswered() ?? 0,
  };
}
