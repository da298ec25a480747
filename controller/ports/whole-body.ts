export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The whole body of an answer. Throws BodyTooLarge above `maxBytes`, whatever its headers promise, and the signal's reason when it aborts. */
export async function readWholeBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > maxBytes) throw new BodyTooLarge(`the answer is larger than ${maxBytes} bytes`);
      parts.push(next.value);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  signal.throwIfAborted();
  return new Uint8Array(Buffer.concat(parts));
}

/** Headers of a body that was read: it is not compressed any more, and no longer of the length that was announced. */
export function headersOfRead(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}
