/**
 * One at a time for each key, within this process. It keeps apart a job and the newer one for the same id that replaced
 * it while it ran, or an attempt that does not heed its signal and the next one. Of several that wait only the newest
 * runs: each would look at the same truth.
 */
export interface Turns {
  /** Resolves without running `work` when a newer one came while it waited; rejects when `signal` aborts meanwhile. */
  take(key: string, signal: AbortSignal, work: () => Promise<void>): Promise<void>;
}

export function createTurns(): Turns {
  const running = new Map<string, Promise<unknown>>();
  const giveWay = new Map<string, () => void>();

  const wait = async (
    key: string,
    before: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<'free' | 'superseded'> => {
    giveWay.get(key)?.();
    const listening = new AbortController();
    let stop = (): void => undefined;
    const superseded = new Promise<'superseded'>((resolve) => {
      stop = () => resolve('superseded');
      giveWay.set(key, stop);
    });
    try {
      return await Promise.race([
        before.then(() => 'free' as const),
        superseded,
        abortion(signal, listening.signal),
      ]);
    } finally {
      listening.abort();
      if (giveWay.get(key) === stop) giveWay.delete(key);
    }
  };

  return {
    take: async (key, signal, work) => {
      for (let before = running.get(key); before !== undefined; before = running.get(key))
        if ((await wait(key, before, signal)) === 'superseded') return;
      signal.throwIfAborted();
      const run = work();
      const settled = run.catch(() => undefined);
      running.set(key, settled);
      try {
        await run;
      } finally {
        if (running.get(key) === settled) running.delete(key);
      }
    },
  };
}

function abortion(signal: AbortSignal, listening: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: listening });
  });
}
