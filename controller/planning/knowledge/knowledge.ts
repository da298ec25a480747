import type { Clock } from '../../ports/clock.js';
import type {
  Knowledge,
  KnowledgeChange,
  PassageRecords,
  VectorIndex,
  WordVectors,
} from '../../ports/knowledge.js';
import type { Embedder } from '../../ports/model.js';
import { Corpora, type LoadWordVectors } from './corpora.js';
import { Embedding } from './embedding.js';
import { LIMITS, type Limits } from './limits.js';
import { Outside } from './outside.js';
import { search } from './search.js';
import type { SearchParts } from './search-parts.js';
import { notEmbedded } from './search-vectors.js';
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

/** Hybrid search of passages: BM25, vectors of words, and embeddings where there are, fused, and the best of them in an order by their tokens where there are. The parts outside are done without when they are away. */
export function createKnowledge(needs: KnowledgeNeeds): Knowledge {
  const { records, embedder, clock } = needs;
  const limits = { ...LIMITS, ...needs.limits };
  const wordVectors = needs.wordVectors === null ? null : once(needs.wordVectors);
  const parts: SearchParts = {
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
  parts: SearchParts,
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
