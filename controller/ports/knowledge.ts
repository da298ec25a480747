import type { Passage } from '../domain/passage.js';

export interface PassageQuery {
  readonly repository: string;
  readonly text: string;
  readonly limit: number;
}

export interface FoundPassage {
  readonly passage: Passage;
  /** Of the fused ranking: larger is better, only comparable within one answer. */
  readonly score: number;
  /** Rank (1 is best) in each of the two searches; null: not among its results. */
  readonly ranks: { readonly words: number | null; readonly meaning: number | null };
}

export interface Search {
  readonly found: readonly FoundPassage[];
  /** What the answer was made without, in words for people, for example "embeddings: openai/… does not answer (…)". Empty: nothing is missing. */
  readonly without: readonly string[];
}

export interface KnowledgeChange {
  readonly added: number;
  readonly removed: number;
  readonly kept: number;
  readonly without: readonly string[];
}

/** The passages of the SOPs of each repository, to be searched by words (BM25) and by meaning (embeddings, where there are). */
export interface Knowledge {
  /** `postgres`, `pgvector` or `chroma`: where the search by meaning is done. */
  readonly name: string;
  /** Makes it hold exactly these passages of a repository. Repeating it changes nothing and embeds nothing anew. */
  hold(repository: string, passages: readonly Passage[], signal: AbortSignal): Promise<KnowledgeChange>;
  /** Never throws for what is away: searches with what is there, and says without what. */
  search(query: PassageQuery, signal: AbortSignal): Promise<Search>;
}
