import type { Clock } from '../../ports/clock.js';
import type {
  Knowledge,
  KnowledgeChange,
  PassageRecords,
  Search,
  VectorIndex,
  WordVectors,
} from '../../ports/knowledge.js';
import type { Embedder, TokenVectors } from '../../ports/model.js';
import { Corpora, type LoadWordVectors } from './corpora.js';
import type { Corpus } from './corpus.js';
import { Embedding } from './embedding.js';
import { fuse } from './fuse.js';
import type { Rarity } from './late-interaction.js';
import { LIMITS, type Limits } from './limits.js';
import { Outside } from './outside.js';
import { rankByTokens, reorder } from './reorder.js';
import { spread } from './spread.js';
import type { Ranked } from './top.js';
import { VectorsOutside } from './vectors-outside.js';

export interface KnowledgeNeeds {
  readonly records: PassageRecords;
  /** Reads them, once, when there is something to search; null: search without them. */
  readonly wordVectors: LoadWordVectors | null;
  /** null: search without one. */
  readonly embedder: Embedder | null;
  /** null: by meaning, too, it is searched in this process. */
  readonly vectors: VectorIndex | null;
  readonly clock: Clock;
  readonly limits?: Partial<Limits>;
}

/** Procedures are full of names and terms that vectors know little of. The sum is 1; how they were chosen: docs/decisions/0018. */
const WEIGHTS = { words: 0.7, wordVectors: 0.3, meaning: 0 };
const WEIGHTS_WITH_MEANING = { words: 0.4, wordVectors: 0.2, meaning: 0.4 };

interface Parts {
  readonly records: PassageRecords;
  readonly recordsOutside: Outside;
  readonly corpora: Corpora;
  readonly wordVectors: LoadWordVectors | null;
  readonly embedding: Embedding | null;
  readonly vectors: VectorsOutside | null;
  readonly limits: Limits;
}

/** Hybrid search of passages: BM25, vectors of words, and embeddings where there are, fused, and the best of them in an order by their tokens where there are. The parts outside are done without when they are away. */
export function createKnowledge(needs: KnowledgeNeeds): Knowledge {
  const { records, embedder, clock } = needs;
  const limits = { ...LIMITS, ...needs.limits };
  const wordVectors = needs.wordVectors === null ? null : once(needs.wordVectors);
  const parts: Parts = {
    records,
    recordsOutside: new Outside('passages', '', clock, 0),
    corpora: new Corpora(records, embedder?.name ?? null, wordVectors, clock, limits.freshMs),
    wordVectors,
    embedding: embedder === null ? null : new Embedding(embedder, records, clock, limits),
    vectors:
      embedder === null || needs.vectors === null ? null : new VectorsOutside(needs.vectors, clock, limits),
    limits,
  };
  return {
    name: needs.vectors?.name ?? 'postgres',
    hold: (repository, passages, signal) => hold(parts, repository, passages, signal),
    search: (query, signal) => search(parts, query, signal),
  };
}

/** Read once; what could not be read is tried again by whoever asks next. */
function once(load: LoadWordVectors): LoadWordVectors {
  let loaded: Promise<WordVectors> | null = null;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
}

async function hold(
  parts: Parts,
  repository: string,
  all: Parameters<Knowledge['hold']>[1],
  signal: AbortSignal,
): Promise<KnowledgeChange> {
  const { records, corpora, embedding, vectors, limits } = parts;
  const passages = all.slice(0, limits.passages);
  const change = await records.hold(repository, passages);
  corpora.changed(repository);
  const without: string[] = [];
  if (passages.length < all.length)
    without.push(`passages: only the first ${passages.length} of ${all.length} are searched`);
  if (embedding !== null) {
    const missing = await embedding.fill(repository, signal);
    const corpus = await corpora.current(repository);
    without.push(...(missing === null ? notEmbedded(corpus, embedding.name) : [missing]));
    const of = { repository, embedder: embedding.name };
    const notHeld = vectors === null ? null : await vectors.hold(of, corpus, signal);
    if (notHeld !== null) without.push(notHeld);
  }
  return { ...change, without };
}

async function search(
  parts: Parts,
  { repository, text, limit }: Parameters<Knowledge['search']>[0],
  signal: AbortSignal,
): Promise<Search> {
  const { corpora, limits, recordsOutside } = parts;
  const read = await recordsOutside.ask(limits.recordsMs, signal, () => corpora.recent(repository));
  const corpus = read.ok ? read.value : corpora.last(repository);
  const without = read.ok ? [] : [read.reason];
  if (corpus === null || corpus.words.passages.length === 0) return { found: [], without };
  const question = text.slice(0, limits.questionLength);
  const byWords = corpus.words.index.search(question, limits.depth);
  const gist = (await parts.wordVectors?.())?.of(question) ?? null;
  const byWordVectors = gist === null ? [] : corpus.words.near.search(gist, limits.depth);
  const byMeaning = await searchMeaning(parts, repository, corpus, text, signal);
  const weights = byMeaning.ranked.length > 0 ? WEIGHTS_WITH_MEANING : WEIGHTS;
  const words = { ranked: byWords, unlisted: byWords.length < limits.depth ? 0 : null };
  const meaning = { ranked: byMeaning.ranked, unlisted: null };
  const fused = fuse([
    { ...words, weight: weights.words },
    { ranked: byWordVectors, weight: weights.wordVectors, unlisted: null },
    { ...meaning, weight: weights.meaning },
  ]);
  const best = fused.slice(0, limits.compared).flatMap(({ at }) => corpus.words.passages[at]?.id ?? []);
  const byTokens = await searchTokens(parts, repository, corpus, byMeaning, best, signal);
  const ordered =
    byTokens.ranked.length === 0
      ? fused
      : reorder(fused, limits.compared, words, meaning, { ranked: byTokens.ranked, unlisted: null });
  const documentOf = (at: number) => corpus.words.passages[at]?.path ?? '';
  const found = spread(ordered, limit, documentOf).flatMap(({ at, score, ranks }) => {
    const passage = corpus.words.passages[at];
    const [inWords = null, wordVectors = null, inMeaning = null, lateInteraction = null] = ranks;
    if (passage === undefined) return [];
    return [{ passage, score, ranks: { words: inWords, wordVectors, meaning: inMeaning, lateInteraction } }];
  });
  return { found, without: [...new Set([...without, ...byMeaning.without, ...byTokens.without])] };
}

interface Part {
  readonly ranked: readonly Ranked[];
  readonly without: readonly string[];
}

interface ByMeaning extends Part {
  /** null: there is nothing to compare tokens with. */
  readonly tokens: { readonly question: TokenVectors; readonly rarity: Rarity } | null;
}

const NOTHING: ByMeaning = { ranked: [], without: [], tokens: null };

async function searchMeaning(
  parts: Parts,
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
async function searchTokens(
  { embedding, records, recordsOutside, limits }: Parts,
  repository: string,
  corpus: Corpus,
  { tokens }: ByMeaning,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Part> {
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
  { embedding, corpora, recordsOutside, limits }: Parts,
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

function notEmbedded({ words, meaning }: Corpus, embedder: string): string[] {
  const missing = words.passages.length - meaning.index.count;
  if (missing <= 0) return [];
  return [`embeddings: ${missing} of ${words.passages.length} passages have none of ${embedder} yet`];
}
