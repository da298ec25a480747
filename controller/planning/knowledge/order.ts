import { setImmediate as otherWork } from 'node:timers/promises';
import type { Passage } from '../../domain/passage.js';
import type { StoredTokens } from '../../ports/knowledge.js';
import type { TokenVectors } from '../../ports/model.js';
import { type Fused, fuse, type Weighted } from './fuse.js';
import { closenessTo, type Rarity } from './late-interaction.js';
import type { Ranked } from './top.js';

/** What one of the searches found, with scores of its own scale. */
export type Part = Omit<Weighted, 'weight'>;

export interface FirstParts {
  readonly words: Part;
  readonly wordVectors: Part;
  readonly meaning: Part;
}

/** Procedures are full of names and terms that vectors know little of. Each sum is 1; how they were chosen: docs/decisions/0018, 0019. */
const WEIGHTS = { words: 0.7, wordVectors: 0.3, meaning: 0 };
const WEIGHTS_WITH_MEANING = { words: 0.4, wordVectors: 0.2, meaning: 0.4 };
const WEIGHTS_BY_TOKENS = { words: 0.35, meaning: 0.2, lateInteraction: 0.45 };

/** All that the searches of the whole corpus found, fused. */
export function firstOrder({ words, wordVectors, meaning }: FirstParts): readonly Fused[] {
  const weights = meaning.ranked.length > 0 ? WEIGHTS_WITH_MEANING : WEIGHTS;
  return fuse([
    { ...words, weight: weights.words },
    { ...wordVectors, weight: weights.wordVectors },
    { ...meaning, weight: weights.meaning },
  ]);
}

/**
 * The best of what was fused in a new order, by words, meaning and tokens; after them the others as they were. Scores of the first are above 1. What
 * is among the best and has no tokens yet counts as the least close.
 */
export function orderByTokens(
  first: readonly Fused[],
  best: number,
  { words, meaning }: Pick<FirstParts, 'words' | 'meaning'>,
  byTokens: readonly Ranked[],
): readonly Fused[] {
  const left = new Map(first.slice(0, best).map((each) => [each.at, each]));
  const again = fuse([
    { ...words, weight: WEIGHTS_BY_TOKENS.words },
    { ...meaning, weight: WEIGHTS_BY_TOKENS.meaning },
    { ranked: byTokens, unlisted: null, weight: WEIGHTS_BY_TOKENS.lateInteraction },
  ]);
  const ordered = again.flatMap(({ at, score, ranks }) => {
    const before = left.get(at);
    if (before === undefined) return [];
    left.delete(at);
    return [{ at, score: 1 + score, ranks: [...before.ranks, ranks[2] ?? null] }];
  });
  return [...ordered, ...left.values(), ...first.slice(best)];
}

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
