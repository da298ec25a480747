import type { TokenVectors } from '../../ports/model.js';
import type { Corpus } from './corpus.js';
import type { Rarity } from './late-interaction.js';
import { rankByTokens } from './order.js';
import type { SearchParts } from './search-parts.js';
import type { Ranked } from './top.js';

export interface ByVectors {
  readonly ranked: readonly Ranked[];
  readonly without: readonly string[];
}

export interface ByMeaning extends ByVectors {
  /** null: there is nothing to compare tokens with. */
  readonly tokens: { readonly question: TokenVectors; readonly rarity: Rarity } | null;
}

const NOTHING: ByMeaning = { ranked: [], without: [], tokens: null };

/** By the embedder's vectors, in this process or in the search engine outside. */
export async function searchMeaning(
  parts: SearchParts,
  repository: string,
  given: Corpus,
  text: string,
  signal: AbortSignal,
): Promise<ByMeaning> {
  const { embedding, vectors } = parts;
  if (embedding === null) return NOTHING;
  const question = await embedding.ofQuestion(text, signal);
  if (!question.ok) return { ...NOTHING, without: [question.reason] };
  const { vector, tokens: asked } = question.value;
  const corpus = await completed(parts, repository, given, signal);
  const without = notEmbedded(corpus, embedding.name);
  const { dimensions, rarity } = corpus.meaning;
  if (dimensions !== 0 && dimensions !== vector.length)
    return {
      ...NOTHING,
      without: [
        ...without,
        `embeddings: ${embedding.name}: it gives vectors of ${vector.length} numbers now, and the passages have some of ${dimensions}`,
      ],
    };
  const tokens = asked === null || rarity === null ? null : { question: asked, rarity };
  if (vectors !== null) {
    const of = { repository, embedder: embedding.name };
    const answer = await vectors.search(of, corpus, vector, signal);
    if (answer.ok) return { ranked: answer.value, without, tokens };
    without.push(answer.reason);
  }
  return { ranked: exactly(corpus, vector, parts.limits.depth), without, tokens };
}

/** Of the passages with these ids only: comparing tokens with tokens takes long. */
export async function searchTokens(
  { embedding, records, recordsOutside, limits }: SearchParts,
  repository: string,
  corpus: Corpus,
  tokens: ByMeaning['tokens'],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ByVectors> {
  if (embedding === null || tokens === null || ids.length === 0) return NOTHING;
  const of = { repository, embedder: embedding.name };
  const stored = await recordsOutside.ask(limits.recordsMs, signal, () => records.tokens(of, ids));
  if (!stored.ok) return { ...NOTHING, without: [stored.reason] };
  const { question, rarity } = tokens;
  const ranked = await rankByTokens(question, rarity, corpus.words.numbers, stored.value, signal);
  return { ranked, without: [] };
}

/** A search mends a little of what was not embedded when the embedder was away: one batch of it. */
async function completed(
  { embedding, corpora, recordsOutside, limits }: SearchParts,
  repository: string,
  corpus: Corpus,
  signal: AbortSignal,
): Promise<Corpus> {
  if (embedding === null || corpus.meaning.index.count >= corpus.words.passages.length) return corpus;
  const filled = await recordsOutside.ask(limits.recordsMs, signal, async (limited) => {
    await embedding.fillSome(repository, limited);
    return corpora.current(repository);
  });
  // Numbers of another revision mean other passages.
  return filled.ok && filled.value.words === corpus.words ? filled.value : corpus;
}

function exactly({ meaning }: Corpus, vector: Float32Array, depth: number): readonly Ranked[] {
  return meaning.index
    .search(vector, depth)
    .map(({ at, score }) => ({ at: meaning.passages[at] ?? 0, score }));
}

/** What to say of passages that were not read by the embedder yet. */
export function notEmbedded({ words, meaning }: Corpus, embedder: string): string[] {
  const missing = words.passages.length - meaning.index.count;
  if (missing <= 0) return [];
  return [`embeddings: ${missing} of ${words.passages.length} passages have none of ${embedder} yet`];
}
