import type { Passage } from '../domain/passage.js';
import type { Problem } from '../domain/problem.js';
import type { FoundPassage, Knowledge, Ranks } from '../ports/knowledge.js';
import type { QuestionItem } from './items.js';
import { keyOf, keyOfPassage, NDCG_DEPTH, ndcg, RECALL_DEPTH, recall } from './ranking.js';
import type { RunNeeds } from './run-intents.js';
import { median } from './tally.js';

/** Passages that are asked for: sections are cut into pieces, and only the first piece of each counts. */
const ASKED = 50;
const SEARCHES = [
  'words',
  'wordVectors',
  'meaning',
  'lateInteraction',
] as const satisfies readonly (keyof Ranks)[];

export type Ranking = keyof Ranks | 'fused';

export interface RetrievalRow {
  readonly ranking: Ranking;
  /** Means over all questions. */
  readonly ndcg: number;
  readonly recall: number;
}

export interface QuestionMiss {
  readonly item: QuestionItem;
  readonly recall: number;
  /** The first ones that were found. */
  readonly found: readonly string[];
}

export interface QuestionsResult {
  /** The file they stand in. */
  readonly name: string;
  readonly questions: number;
  readonly passages: number;
  readonly rows: readonly RetrievalRow[];
  /** Questions of which something relevant is not among the first. */
  readonly misses: readonly QuestionMiss[];
  readonly without: readonly string[];
  readonly seconds: { readonly total: number; readonly median: number };
}

interface Answer {
  readonly item: QuestionItem;
  readonly relevant: ReadonlySet<string>;
  readonly found: readonly FoundPassage[];
  readonly without: readonly string[];
  readonly seconds: number;
}

/** Asks each question of those passages that it is about. */
export async function runQuestions(
  name: string,
  knowledge: Knowledge,
  passages: readonly Passage[],
  items: readonly QuestionItem[],
  needs: RunNeeds,
): Promise<QuestionsResult> {
  const answers: Answer[] = [];
  const searched = await holdEach(knowledge, passages, items, needs.signal);
  for (const item of items) {
    needs.signal.throwIfAborted();
    const began = needs.seconds();
    const query = { repository: repositoryOf(item), text: item.question, limit: ASKED };
    const { found, without } = await knowledge.search(query, needs.signal);
    const relevant = new Set(item.relevant.map(keyOf));
    answers.push({ item, relevant, found, without, seconds: needs.seconds() - began });
    needs.progress(answers.length, items.length);
  }
  return {
    name,
    questions: items.length,
    passages: searched,
    rows: rowsOf(answers),
    misses: answers.flatMap(missOf),
    without: [...new Set(answers.flatMap(({ without }) => without))],
    seconds: {
      total: answers.reduce((sum, { seconds }) => sum + seconds, 0),
      median: median(answers.map(({ seconds }) => seconds)),
    },
  };
}

function repositoryOf({ within }: QuestionItem): string {
  return within ?? '';
}

/** A corpus for each of the parts that are asked about. Returns how many passages they have in all. */
async function holdEach(
  knowledge: Knowledge,
  passages: readonly Passage[],
  items: readonly QuestionItem[],
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (const repository of new Set(items.map(repositoryOf))) {
    const part = passages.filter(({ path }) => keyOf(path).startsWith(keyOf(repository)));
    await knowledge.hold(repository, part, signal);
    count += part.length;
  }
  return count;
}

/** What a question names as relevant and no passage is. */
export function unknownRelevant(
  items: readonly QuestionItem[],
  passages: readonly Passage[],
): readonly Problem[] {
  const known = new Set(passages.map(keyOfPassage));
  return items.flatMap(({ file, line, relevant, within }) =>
    relevant
      .filter((each) => !known.has(keyOf(each)) || !keyOf(each).startsWith(keyOf(within ?? '')))
      .map((each) => ({
        file,
        line,
        field: 'relevant',
        message: `There is no passage "${each.slice(0, 200)}"${within === null ? '' : ` within "${within}"`}`,
        fix: 'Write the path of a document, "#", and its headings from the outermost one with " > " between them.',
      })),
  );
}

function rowsOf(answers: readonly Answer[]): readonly RetrievalRow[] {
  const searched = SEARCHES.filter((search) =>
    answers.some(({ found }) => found.some(({ ranks }) => ranks[search] !== null)),
  );
  return [...searched, ...(searched.length > 1 ? (['fused'] as const) : [])].map((ranking) => {
    const each = answers.map((answer) => ({
      ranked: rankedBy(ranking, answer.found),
      relevant: answer.relevant,
    }));
    return {
      ranking,
      ndcg: mean(each.map(({ ranked, relevant }) => ndcg(ranked, relevant, NDCG_DEPTH))),
      recall: mean(each.map(({ ranked, relevant }) => recall(ranked, relevant, RECALL_DEPTH))),
    };
  });
}

function rankedBy(ranking: Ranking, found: readonly FoundPassage[]): readonly string[] {
  const ranked =
    ranking === 'fused'
      ? found
      : found
          .filter(({ ranks }) => ranks[ranking] !== null)
          .sort((left, right) => (left.ranks[ranking] ?? 0) - (right.ranks[ranking] ?? 0));
  return [...new Set(ranked.map(({ passage }) => keyOfPassage(passage)))];
}

function missOf({ item, relevant, found }: Answer): readonly QuestionMiss[] {
  const ranked = rankedBy('fused', found);
  const share = recall(ranked, relevant, RECALL_DEPTH);
  return share === 1 ? [] : [{ item, recall: share, found: ranked.slice(0, RECALL_DEPTH) }];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
