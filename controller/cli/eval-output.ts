import colors from 'picocolors';
import type { Evaluation, InterpreterRow } from '../app/evaluate.js';
import type { ControlsRow } from '../app/evaluate-sops.js';
import type { Interpretation } from '../domain/interpretation.js';
import { EVIDENCE_FIELDS } from '../domain/interpretation.js';
import { keyOf } from '../evaluation/ranking.js';
import type { IntentsResult, Miss } from '../evaluation/run-intents.js';
import type { QuestionsResult } from '../evaluation/run-questions.js';
import type { PrecisionRecall, Share } from '../evaluation/tally.js';
import { safe, table } from './table.js';

const TEXT_SHOWN = 300;

/** The figures as tables, each metric a line and each interpreter a column; with `failures`, every item that is not as labelled. */
export function describeEvaluation(evaluation: Evaluation, failures: boolean): string {
  const { interpreters, retrieval, controls } = evaluation;
  const parts = [
    ...(interpreters.length === 0 ? [] : [intentsTable(interpreters)]),
    ...readersTables(interpreters),
    ...interpreters.flatMap((row) => missesOf(row, failures)),
    ...retrieval.flatMap((each) => describeRetrieval(each, failures)),
    ...(controls.length === 0 ? [] : describeControls(controls, failures)),
  ];
  return parts.length === 0 ? 'Nothing to evaluate: the set has no items of this kind.' : parts.join('\n\n');
}

function intentsTable(rows: readonly InterpreterRow[]): string {
  const line = (name: string, cell: (row: InterpreterRow) => string): string[] => [name, ...rows.map(cell)];
  const one = (name: string, cell: (result: IntentsResult) => string): string[] =>
    line(name, ({ result }) => cell(result));
  return table(
    ['intents', ...rows.map(({ name }) => safe(name))],
    [
      one('items', ({ tally }) =>
        tally.runs === 1 ? `${tally.items}` : `${tally.items}, each read ${tally.runs} times`,
      ),
      one('WRONG BUT ACCEPTED', ({ tally }) => accepted(tally.wronglyAccepted)),
      one('exactly right', ({ tally }) => share(tally.exact)),
      one('outcome', ({ tally }) => share(tally.outcome)),
      ...EVIDENCE_FIELDS.map((field) => one(field, ({ tally }) => share(tally.fields[field]))),
      one('clarify', ({ tally }) => precisionRecall(tally.clarify)),
      one('refuse', ({ tally }) => precisionRecall(tally.refuse)),
      one('always right', ({ tally }) =>
        tally.runs === 1 ? '-' : `pass^${tally.runs} ${share(tally.always)}`,
      ),
      one('errors', ({ tally }) => `${tally.errors}`),
      one('seconds', ({ seconds }) => `${number(seconds.total)} in all, ${number(seconds.median)} median`),
      line('tokens', ({ models }) => tokens(models)),
      line('cost', ({ models }) => cost(models)),
    ],
  );
}

function accepted(count: number): string {
  return count === 0 ? colors.green('0') : colors.red(`${count}`);
}

function tokens(models: InterpreterRow['models']): string {
  if (models.length === 0) return '-';
  const sum = (of: (use: InterpreterRow['models'][number]) => number) =>
    models.reduce((all, use) => all + of(use), 0);
  return `${sum((use) => use.inputTokens)} in, ${sum((use) => use.outputTokens)} out`;
}

function cost(models: InterpreterRow['models']): string {
  const priced = models.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  return priced.length === 0 ? '-' : `$${priced.reduce((sum, each) => sum + each, 0).toFixed(4)}`;
}

/** Who was heard: an answer whose fields have no evidence in the text is rejected. */
function readersTables(rows: readonly InterpreterRow[]): readonly string[] {
  return rows
    .filter(({ models, unanswered }) => models.length > 0 || unanswered > 0)
    .map(({ result, models, unanswered }) => {
      const heard = (name: string) => result.readers.find((reader) => reader.name === name);
      const lines = models.map(({ name, answered, cached }) => {
        const { plan, clarify, refuse } = heard(name) ?? { plan: 0, clarify: 0, refuse: 0 };
        const rejected = answered - plan - clarify - refuse;
        return [safe(name), ...[answered, cached, plan, clarify, refuse, rejected].map(String)];
      });
      const heads = ['readers', 'answered', 'cached', 'plan', 'clarify', 'refuse', 'rejected'];
      return `${table(heads, lines)}\nNo model answered: ${unanswered}`;
    });
}

function missesOf({ name, result }: InterpreterRow, failures: boolean): readonly string[] {
  const wrong = result.misses.filter(({ judgement }) => judgement.wronglyAccepted);
  const others = failures ? result.misses.filter(({ judgement }) => !judgement.wronglyAccepted) : [];
  const list = (title: string, misses: readonly Miss[]): readonly string[] =>
    misses.length === 0 ? [] : [`${title} (${safe(name)}):\n${misses.map(describeMiss).join('\n')}`];
  return [...list(colors.red('Wrong but accepted'), wrong), ...list('Not as labelled', others)];
}

function describeMiss({ item, judgement, got }: Miss): string {
  const { outcome, ...fields } = item.expected;
  const wanted = outcome === 'plan' ? `${outcome} ${JSON.stringify(fields)}` : outcome;
  const why = Object.entries(judgement.fields).flatMap(([field, right]) => (right ? [] : [field]));
  return [
    `  ${safe(item.id)}: ${shown(item.text)}`,
    `    labelled ${safe(wanted)}`,
    `    read     ${safe(described(got))}${why.length > 0 && judgement.got === 'plan' ? ` (${why.join(', ')})` : ''}`,
  ].join('\n');
}

function described(got: Interpretation | null): string {
  if (got === null) return 'nothing: the interpreter failed';
  if (got.outcome === 'plan') return `plan ${JSON.stringify(got.request)}`;
  if (got.outcome === 'refuse') return `refuse: ${got.reason}`;
  return `clarify: ${got.questions.map(({ question }) => question).join(' ')}`;
}

const RANKING_NAMES = {
  words: 'words',
  wordVectors: 'word vectors',
  meaning: 'meaning',
  lateInteraction: 'late interaction',
  fused: 'fused',
};

function describeRetrieval(result: QuestionsResult, failures: boolean): readonly string[] {
  const rows = result.rows.map(({ ranking, ndcg, recall }) => [
    RANKING_NAMES[ranking],
    ndcg.toFixed(3),
    recall.toFixed(3),
  ]);
  const about = `${safe(result.name)}: ${result.questions} questions, ${result.passages} passages, ${number(result.seconds.median)} s median`;
  const without = result.without.map((each) => `\nWithout ${safe(each)}`).join('');
  const misses = result.misses.map(
    ({ item, found }) =>
      `  ${safe(item.id)}: ${shown(item.question)}\n    relevant ${safe(item.relevant.map(keyOf).join(' | '))}\n    found    ${safe(found.join(' | '))}`,
  );
  return [
    `${table(['SOP search', 'nDCG@10', 'recall@5'], rows)}\n${about}${without}`,
    ...(failures && misses.length > 0 ? [`Not among the first five:\n${misses.join('\n')}`] : []),
  ];
}

function describeControls(rows: readonly ControlsRow[], failures: boolean): readonly string[] {
  const line = (name: string, cell: (row: ControlsRow) => string): string[] => [name, ...rows.map(cell)];
  const figures = table(
    ['SOP sentences', ...rows.map(({ name }) => safe(name))],
    [
      line('sentences', ({ result }) => `${result.sentences}`),
      line('DEMANDS NOT SAID', ({ result }) => accepted(result.invented)),
      line('exactly right', ({ result }) => share(result.exact)),
      line('demands', ({ result }) => precisionRecall(result.demands)),
      line('advice', ({ result }) => precisionRecall(result.advice)),
      line('seconds', ({ seconds }) => number(seconds)),
      line('tokens', ({ models }) => tokens(models)),
      line('cost', ({ models }) => cost(models)),
      line('not answered', ({ unanswered }) => `${unanswered}`),
    ],
  );
  return [figures, ...(failures ? rows.flatMap(sentenceMisses) : [])];
}

function sentenceMisses({ name, result }: ControlsRow): readonly string[] {
  const misses = result.misses.map(
    ({ item, got }) =>
      `  ${safe(item.document)}: ${shown(item.sentence)}\n    labelled ${safe(JSON.stringify(item.controls))}\n    compiled ${safe(JSON.stringify(got))}`,
  );
  return misses.length === 0 ? [] : [`Not as labelled (${safe(name)}):\n${misses.join('\n')}`];
}

function shown(text: string): string {
  return safe(text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text);
}

function share({ right, of }: Share): string {
  return of === 0 ? '-' : `${((right / of) * 100).toFixed(1)} % (${right} of ${of})`;
}

function precisionRecall({ precision, recall }: PrecisionRecall): string {
  return `precision ${share(precision)}, recall ${share(recall)}`;
}

function number(value: number): string {
  return Number.isFinite(value) ? `${Number(value.toPrecision(3))}` : '-';
}
