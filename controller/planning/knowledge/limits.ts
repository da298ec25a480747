/** How long is waited, and how much is done at once. Times in milliseconds, lengths in characters. */
export interface Limits {
  /** For the records, in a search. */
  readonly recordsMs: number;
  /** For so long a search does not ask whether another controller changed the passages. */
  readonly freshMs: number;
  readonly questionMs: number;
  readonly questionLength: number;
  /** Passages embedded together, the time for one such batch, and for all of one `hold`. */
  readonly batch: number;
  readonly batchMs: number;
  readonly fillMs: number;
  /** For a search engine outside: a search, and bringing it up to date. */
  readonly searchMs: number;
  readonly syncMs: number;
  /** How long what has failed is left alone. */
  readonly pauseMs: number;
  /** Passages of each ranking that are fused. */
  readonly depth: number;
  /** Of what is fused, the best, whose tokens are compared with the question's. */
  readonly compared: number;
  /** Passages of a repository; the ones after them are not searched. */
  readonly passages: number;
}

export const LIMITS: Limits = {
  recordsMs: 10_000,
  freshMs: 1_000,
  questionMs: 3_000,
  questionLength: 4_000,
  batch: 32,
  batchMs: 10_000,
  fillMs: 60_000,
  searchMs: 3_000,
  syncMs: 30_000,
  pauseMs: 10_000,
  depth: 100,
  compared: 50,
  passages: 100_000,
};
