export interface Bounds {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/**
 * `fetch` for one call to a provider: the whole answer is read within the signal's time and up to `maxBytes`, whatever its headers
 * promise; a redirect is an error, so that a key never goes to another host.
 */
export function boundedFetch({ maxBytes, signal }: Bounds): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, {
      ...init,
      redirect: 'error',
      // The one that is told when the time is over. A client's own would only follow it.
      signal,
    });
    const body = await readAll(response, maxBytes, signal);
    const { status, statusText, headers } = response;
    const empty = status === 204 || status === 304;
    return new Response(empty ? null : body, { status, statusText, headers: withoutLength(headers) });
  };
}

async function readAll(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength;
    if (size > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new AnswerTooLarge(`the answer is longer than ${maxBytes} bytes`);
    }
    parts.push(next.value);
  }
  signal.throwIfAborted();
  return new Uint8Array(Buffer.concat(parts));
}

/** What was decoded on the way in is not encoded any more. */
function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) kept.delete(name);
  return kept;
}
