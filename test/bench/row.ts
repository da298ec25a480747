/** One line of the bench: a figure, and the peer that it was measured beside in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p99: number;
  /** Repetitions. */
  readonly n: number;
  readonly peer: string | null;
  readonly peerMedian: number | null;
  /** median / peerMedian; null without a peer. */
  readonly ratio: number | null;
  readonly note: string;
}

export interface BenchOptions {
  /** Few repetitions: to see that it works, not to be quoted. */
  readonly quick: boolean;
}
