import { createHash } from 'node:crypto';
import type { Embedder } from '../../controller/ports/model.js';

export const HASHED_DIMENSIONS = 384;

/**
 * Stands in for an embedding model, which cannot be had here: words and their groups of letters, hashed to 384 places with a sign
 * (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009). Texts that share parts of words are near to each
 * other. It knows no meanings: what it shows is that the dense half works, not how good one with a model would be.
 */
export function hashedVector(text: string, dimensions: number = HASHED_DIMENSIONS): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [feature, weight] of features(text)) {
    const { place, sign } = hashed(feature);
    vector[place % dimensions] = (vector[place % dimensions] ?? 0) + sign * weight;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

export function hashedEmbedder(name = 'test/hashed'): Embedder & { readonly texts: string[] } {
  const texts: string[] = [];
  return {
    name,
    texts,
    embed: async (asked) => {
      texts.push(...asked);
      return asked.map((text) => hashedVector(text));
    },
  };
}

const COMMON = new Set(
  'a an and are as at be by for from in is it of on or that the this to was we what when where which who why with how do does i can may'.split(
    ' ',
  ),
);

/** Often repeated features count less than in proportion. */
function features(text: string): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (COMMON.has(word)) continue;
    add(`=${word}`, 1);
    const padded = `<${word}>`;
    for (let at = 0; at + 4 <= padded.length; at += 1) add(padded.slice(at, at + 4), 0.5);
  }
  return [...counts].map(([feature, count]) => [feature, Math.sqrt(count)] as const);
}

const known = new Map<string, { readonly place: number; readonly sign: number }>();

function hashed(feature: string): { readonly place: number; readonly sign: number } {
  const before = known.get(feature);
  if (before !== undefined) return before;
  const digest = createHash('sha256').update(feature).digest();
  const made = { place: digest.readUInt32LE(0), sign: (digest[4] ?? 0) % 2 === 0 ? 1 : -1 };
  if (known.size < 200_000) known.set(feature, made);
  return made;
}
