/** Closed while the database is away: what a job came to is told to the queue only when it can write that down. */
export interface Gate {
  open(): void;
  close(): void;
  passed(): Promise<void>;
}

export function createGate(): Gate {
  let closed: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  return {
    open: () => {
      closed?.resolve();
      closed = null;
    },
    close: () => {
      if (closed !== null) return;
      let resolve = (): void => undefined;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      closed = { promise, resolve };
    },
    passed: () => closed?.promise ?? Promise.resolve(),
  };
}
