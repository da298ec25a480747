import { setImmediate as otherWork } from 'node:timers/promises';
import type { Passage } from '../../domain/passage.js';
import type { StoredTokens } from '../../ports/knowledge.js';
import type { TokenVectors } from '../../ports/model.js';
import { type Fused, fuse, type Weighted } from './fuse.js';
import { closenessTo, type Rarity } from './late-interaction.js';
import type { Ranked } from './top.js';

type Part = Omit<Weighted, 'weight'>;

/** The sum is 1; how they were chosen: docs/decisions/0019. */
const WEIGHTS = { words: 0.35, meaning: 0.2, lateInteraction: 0.45 };

/** Passages by how close their tokens are to the question's, the closest first; those without tokens are left out. Lets other work in between. */
export async function rankByTokens(
  question: TokenVectors,
  rarity: Rarity,
  numbers: ReadonlyMap<Passage['id'], number>,
  stored: readonly StoredTokens[],
  signal: AbortSignal,
): Promise<readonly Ranked[]> {
  const closeness = closenessTo(question, rarity);
  const ranked: Ranked[] = [];
  for (const { id, tokens } of stored) {
    const at = numbers.get(id);
    if (at !== undefined) ranked.push({ at, score: closeness(tokens) });
    await otherWork();
    signal.throwIfAborted();
  }
  return ranked.sort((left, right) => right.score - left.score || left.at - right.at);
}

/**
 * The best of what was fused in a new order, by words, meaning and tokens; after them the others as they were. Scores of the first are above 1. What
 * is among the best and has no tokens yet counts as the least close.
 */
export function reorder(
  fused: readonly Fused[],
  best: number,
  words: Part,
  meaning: Part,
  lateInteraction: Part,
): readonly Fused[] {
  const firsts = new Map(fused.slice(0, best).map((each) => [each.at, each]));
  const again = fuse([
    { ...words, weight: WEIGHTS.words },
    { ...meaning, weight: WEIGHTS.meaning },
    { ...lateInteraction, weight: WEIGHTS.lateInteraction },
  ]);
  const ordered = again.flatMap(({ at, score, ranks }) => {
    const before = firsts.get(at);
    if (before === undefined) return [];
    firsts.delete(at);
    return [{ at, score: 1 + score, ranks: [...before.ranks, ranks[2] ?? null] }];
  });
  return [...ordered, ...firsts.values(), ...fused.slice(best)];
}
