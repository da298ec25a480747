/** Larger than anything that is asked for: 100 pull requests are about 2 MB. */
const BODY_LIMIT = 32 * 1024 * 1024;
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * A fetch whose answers are whole: the body has been read within the time and the size, and it is JSON where it says so. Octokit
 * itself makes an empty text of a body that breaks off, which would be an empty list.
 */
export function wholeAnswers(timeoutMs: number): typeof fetch {
  return async (url, init) => {
    // Each attempt has its own time; waiting for our own limits does not count.
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal == null ? limit : AbortSignal.any([init.signal, limit]);
    const response = await fetch(url, { ...init, signal });
    const { status, statusText, headers } = response;
    if (WITHOUT_BODY.includes(status))
      return from(response, new Response(null, { status, statusText, headers }));
    const text = await readCapped(response);
    if (status < 400) assertJson(text, headers.get('content-type') ?? '');
    return from(response, new Response(text, { status, statusText, headers: decoded(headers) }));
  };
}

/** Pagination reads the address of an answer. */
function from({ url }: Response, answer: Response): Response {
  return Object.defineProperty(answer, 'url', { value: url });
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error(`the answer is larger than ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function assertJson(text: string, contentType: string): void {
  if (!contentType.includes('json'))
    throw new Error(`the answer is not JSON but ${contentType.slice(0, 60) || 'of no type'}: a proxy?`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error('the answer broke off, or is no JSON', { cause: error });
  }
}

/** The body is not compressed any more, and no longer of the length that was announced. */
function decoded(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}
