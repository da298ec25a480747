/** Gives up on work that does not heed its signal: rejects with the signal's reason as soon as that aborts. */
export async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('called off'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Whichever of the two comes too late is nobody's.
    work.catch(() => {});
    aborted.catch(() => {});
  }
}

/**
 * Runs work with a signal that aborts when `signal` does, or after `milliseconds`. A timer of its own: Node 20 forgets an
 * `AbortSignal.timeout` that only an `AbortSignal.any` refers to.
 */
export async function limited<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const over = () => controller.abort(new Error(`took longer than ${milliseconds / 1000} s`));
  const timer = setTimeout(over, milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
