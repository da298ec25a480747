import type { Passage } from '../../domain/passage.js';
import type { Sop } from '../../domain/sop.js';
import type { Knowledge } from '../../ports/knowledge.js';
import { untilAborted } from '../../ports/time-limit.js';
import type { PlanFacts } from './facts.js';
import { queriesOf } from './queries.js';

/** A passage with the SOP it is of, as that is committed now. */
export interface Retrieved {
  readonly passage: Passage;
  readonly sop: Sop;
}

export interface Retrieval {
  readonly retrieved: readonly Retrieved[];
  readonly without: readonly string[];
}

/** At most so many are judged for one plan. */
export const PASSAGES = 8;
const A_QUERY = 8;
/** Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): the sum of 1 / (60 + rank), as scores of two searches cannot be compared. */
const RANK_OFFSET = 60;

/**
 * The passages that matter to a plan, best first, of SOPs that apply to it (`sops`). What the index still has of a file
 * that is gone, or has of another repository, is nobody's word. Never throws for a search that fails.
 */
export async function retrieve(
  knowledge: Knowledge,
  repository: string,
  facts: PlanFacts,
  sops: readonly Sop[],
  signal: AbortSignal,
): Promise<Retrieval> {
  const scores = new Map<string, { readonly retrieved: Retrieved; score: number }>();
  const without = new Set<string>();
  const searches = queriesOf(facts).map((text) =>
    untilAborted(knowledge.search({ repository, text, limit: A_QUERY }, signal), signal),
  );
  for (const search of await Promise.allSettled(searches)) {
    if (search.status === 'rejected') {
      without.add(`SOP search: ${knowledge.name} does not answer (${words(search.reason)})`);
      continue;
    }
    for (const missing of search.value.without) without.add(missing);
    search.value.found.slice(0, A_QUERY).forEach(({ passage }, rank) => {
      const sop = sopOf(passage, repository, sops);
      if (sop === null) return;
      const entry = scores.get(passage.id) ?? { retrieved: { passage, sop }, score: 0 };
      entry.score += 1 / (RANK_OFFSET + rank + 1);
      scores.set(passage.id, entry);
    });
  }
  const best = [...scores.values()].sort((left, right) => right.score - left.score).slice(0, PASSAGES);
  return { retrieved: best.map(({ retrieved }) => retrieved), without: [...without] };
}

function sopOf(passage: Passage, repository: string, sops: readonly Sop[]): Sop | null {
  if (passage.repository !== repository) return null;
  return sops.find(({ path }) => path === passage.path) ?? null;
}

function words(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
