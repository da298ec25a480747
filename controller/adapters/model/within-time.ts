/**
 * Work that ends after `milliseconds`, or when who asked has gone, whether it heeds its signal or not. Throws a TimeoutError, or the
 * reason of `asked`. The timer is one of its own: Node 20 collects an `AbortSignal.timeout` that only an `AbortSignal.any` refers to,
 * and then it never fires.
 */
export async function withinTime<T>(
  milliseconds: number,
  asked: AbortSignal | null,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const gone = () => limit.abort(asked?.reason);
  const over = () => limit.abort(new DOMException('The time for it is over', 'TimeoutError'));
  const timer = setTimeout(over, milliseconds);
  const ended = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
  });
  ended.catch(() => undefined);
  asked?.addEventListener('abort', gone, { once: true });
  if (asked?.aborted === true) gone();
  try {
    const working = work(limit.signal);
    working.catch(() => undefined);
    return await Promise.race([working, ended]);
  } finally {
    clearTimeout(timer);
    asked?.removeEventListener('abort', gone);
  }
}
