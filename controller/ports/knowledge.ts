import type { Passage } from '../domain/passage.js';
import type { TokenVectors } from './model.js';

export interface PassageQuery {
  readonly repository: string;
  readonly text: string;
  readonly limit: number;
}

export interface FoundPassage {
  readonly passage: Passage;
  /** Of the fused ranking: larger is better, only comparable within one answer. */
  readonly score: number;
  /** Rank (1 is best) in each of the searches; null: not among its results. */
  readonly ranks: Ranks;
}

export interface Ranks {
  /** BM25. */
  readonly words: number | null;
  /** Vectors of words that come with the program. */
  readonly wordVectors: number | null;
  /** Embeddings of a model, where one is configured. */
  readonly meaning: number | null;
  /** Vectors of the single tokens of question and passage, compared: where the model gives them, and only among the best of the others. */
  readonly lateInteraction: number | null;
}

/** Words of a language with a vector for each. */
export interface WordTable {
  /** The most frequent ones first. */
  readonly words: readonly string[];
  /** The vector of one word after the other, each with a scale of its own. */
  readonly numbers: Int8Array;
}

/** What the words of a text mean, added up. */
export interface WordVectors {
  readonly dimensions: number;
  /** Of unit length; null: it knows none of the words. */
  of(text: string): Float32Array | null;
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

/** The passages of the SOPs of each repository, to be searched by words (BM25), by what words mean (vectors of words) and by meaning (embeddings of texts and of their tokens, where there are). */
export interface Knowledge {
  /** `postgres`, `pgvector` or `chroma`: where the search by meaning is done. */
  readonly name: string;
  /** Makes it hold exactly these passages of a repository. Repeating it changes nothing and embeds nothing anew. */
  hold(repository: string, passages: readonly Passage[], signal: AbortSignal): Promise<KnowledgeChange>;
  /** Never throws for what is away: searches with what is there, and says without what. */
  search(query: PassageQuery, signal: AbortSignal): Promise<Search>;
}

/** One corpus of vectors: those that one embedder made of the passages of one repository. */
export interface VectorCorpus {
  readonly repository: string;
  /** `Embedder.name` */
  readonly embedder: string;
}

export interface StoredVector {
  /** Id of the passage. */
  readonly id: string;
  readonly vector: Float32Array;
}

/** What a model made of a passage. */
export interface MadeVectors extends StoredVector {
  /** null: it gives no vectors of tokens. */
  readonly tokens: TokenVectors | null;
}

/** A vector as it is read for searching, with what tells how frequent tokens are. */
export interface ReadVector extends StoredVector {
  /** Of `TokenVectors`; null: there are none. */
  readonly tokenIds: Uint32Array | null;
}

export interface StoredTokens {
  /** Id of the passage. */
  readonly id: string;
  readonly tokens: TokenVectors;
}

/** Where passages and their vectors are kept. Several controllers may use it at once. */
export interface PassageRecords {
  /** Makes it hold exactly these passages of a repository; vectors go with their passages. */
  hold(repository: string, passages: readonly Passage[]): Promise<Omit<KnowledgeChange, 'without'>>;
  /** Changes whenever the passages do, or the corpus's vectors. Cheap: asked for at each search. */
  revision(corpus: VectorCorpus): Promise<{ readonly passages: string; readonly vectors: string }>;
  /** By path and place. */
  list(repository: string): Promise<readonly Passage[]>;
  /** Passages that this embedder made no vector of, at most `limit`. */
  missing(corpus: VectorCorpus, limit: number): Promise<readonly Passage[]>;
  /** Those of passages that are gone by now are passed over. */
  addVectors(corpus: VectorCorpus, vectors: readonly MadeVectors[]): Promise<void>;
  /** In the order of their ids, from the one after `after`: a page; empty at the end. */
  vectors(corpus: VectorCorpus, after: string | null): Promise<readonly ReadVector[]>;
  /** Of those of these passages that have some; in no order. */
  tokens(corpus: VectorCorpus, ids: readonly string[]): Promise<readonly StoredTokens[]>;
}

export interface SimilarPassage {
  readonly id: string;
  /** Cosine. */
  readonly similarity: number;
}

/** A search engine for vectors outside of this process. What it holds is a copy: the records have them all. Throws when it is away. */
export interface VectorIndex {
  readonly name: 'pgvector' | 'chroma';
  /** Makes it hold exactly the corpus's vectors of these passages, and nothing else of the repository; `read` gives those it asks for. */
  hold(
    corpus: VectorCorpus,
    ids: readonly string[],
    read: (ids: readonly string[]) => readonly StoredVector[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Best first. */
  search(
    corpus: VectorCorpus,
    vector: Float32Array,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly SimilarPassage[]>;
}

/** The text of a document that is no text file. */
export interface DocumentText {
  /** Headings come as Markdown ones where they can be told. Bounded in time, memory and length, whatever the bytes are. */
  readPdf(bytes: Uint8Array, signal: AbortSignal): Promise<DocumentRead>;
}

export type DocumentRead =
  | { readonly ok: true; readonly text: string }
  /** `message` and `fix` are for people. `passing`: it may be read another time, when the machine has less to do. */
  | { readonly ok: false; readonly message: string; readonly fix: string; readonly passing?: boolean };
