/**
 * Calls at the same time share one run. It is called off only when every caller has gone; a caller that goes gets its
 * signal's reason at once.
 */
export function createSharedRun(
  run: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  let current: { promise: Promise<void>; abort: AbortController; callers: number } | null = null;

  return async (signal) => {
    signal.throwIfAborted();
    if (current === null) {
      const abort = new AbortController();
      const started = { promise: run(abort.signal), abort, callers: 0 };
      const clear = () => {
        if (current === started) current = null;
      };
      started.promise.then(clear, clear);
      current = started;
    }
    const joined = current;
    joined.callers += 1;
    let leave = () => {};
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      await Promise.race([joined.promise, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      joined.callers -= 1;
      if (joined.callers === 0 && current === joined && signal.aborted) {
        current = null;
        joined.abort.abort(signal.reason);
      }
    }
  };
}
