/** A connection of its own, as the database adapter opens it: what it locks is given up when it ends. */
export interface QueueSession {
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Aborts when the connection is lost or closed; it is never replaced. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}
