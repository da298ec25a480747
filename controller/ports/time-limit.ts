import { setMaxListeners } from 'node:events';

/** Rejects with the signal's reason as soon as it aborts, whether the work heeds it or not. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  setMaxListeners(0, signal);
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('called off'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Whichever of the two comes too late is nobody's.
    work.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}

/**
 * Runs work with a signal that aborts when `asked` does, with its reason, or after `milliseconds`, with a TimeoutError. The timer is one of
 * its own: Node 20 collects an `AbortSignal.timeout` that only an `AbortSignal.any` refers to, and then it never fires.
 */
export async function limitTime<T>(
  milliseconds: number,
  asked: AbortSignal | null,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const gone = () => limit.abort(asked?.reason);
  const over = () =>
    limit.abort(new DOMException(`no answer within ${milliseconds / 1000} s`, 'TimeoutError'));
  // Many may wait for one who asks, such as all that a controller does for its end.
  if (asked !== null) setMaxListeners(0, asked);
  if (asked?.aborted === true) gone();
  asked?.addEventListener('abort', gone, { once: true });
  const timer = setTimeout(over, milliseconds);
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    asked?.removeEventListener('abort', gone);
  }
}

/** The same for work that may not heed its signal: it is waited for no longer than the limit. */
export function withinTime<T>(
  milliseconds: number,
  asked: AbortSignal | null,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  return limitTime(milliseconds, asked, (limit) => untilAborted(work(limit), limit));
}
