import type { Passage } from '../domain/passage.js';

/** Results that nDCG looks at. */
export const NDCG_DEPTH = 10;
/** Results that recall looks at. */
export const RECALL_DEPTH = 5;

/**
 * nDCG of a ranking, with gain 1 for what is relevant (K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR
 * techniques", 2002): the sum of 1 / log2(rank + 1) over the relevant ones among the first `depth`, by that of the best possible ranking.
 * @param ranked without repetitions, the best first. @returns from 0 to 1; 1 when nothing is relevant.
 */
export function ndcg(ranked: readonly string[], relevant: ReadonlySet<string>, depth = NDCG_DEPTH): number {
  const discount = (rank: number): number => 1 / Math.log2(rank + 2);
  const gained = ranked
    .slice(0, depth)
    .reduce((sum, each, rank) => sum + (relevant.has(each) ? discount(rank) : 0), 0);
  let best = 0;
  for (let rank = 0; rank < Math.min(depth, relevant.size); rank += 1) best += discount(rank);
  return best === 0 ? 1 : gained / best;
}

/** Share of the relevant ones that are among the first `depth`, from 0 to 1; 1 when nothing is relevant. */
export function recall(
  ranked: readonly string[],
  relevant: ReadonlySet<string>,
  depth = RECALL_DEPTH,
): number {
  if (relevant.size === 0) return 1;
  return ranked.slice(0, depth).filter((each) => relevant.has(each)).length / relevant.size;
}

/** `<path>#<Heading> > <Sub heading>` of a passage: pieces of one section have the same. */
export function keyOfPassage({ path, headings }: Pick<Passage, 'path' | 'headings'>): string {
  return keyOf(`${path}#${headings.join(' > ')}`);
}

/** As it is compared: without the folder `documents/`, single spaces. */
export function keyOf(written: string): string {
  return written
    .normalize('NFC')
    .replace(/^(?:\.\/|sops\/|documents\/)+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
