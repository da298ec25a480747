import { limitTime } from '../../ports/time-limit.js';
import { headersOfRead, readWholeBody } from '../../ports/whole-body.js';

/** Larger than anything that is asked for: 100 pull requests are about 2 MB. */
const BODY_LIMIT = 32 * 1024 * 1024;
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * A fetch whose answers are whole: the body has been read within the time and the size, and it is JSON where it says so. Octokit
 * itself makes an empty text of a body that breaks off, which would be an empty list.
 */
export function wholeAnswers(timeoutMs: number): typeof fetch {
  // Each attempt has its own time; waiting for our own limits does not count.
  return (url, init) =>
    limitTime(timeoutMs, init?.signal ?? null, (limit) =>
      wholeAnswer(url, { ...init, signal: limit }, limit),
    );
}

async function wholeAnswer(
  url: Parameters<typeof fetch>[0],
  init: RequestInit,
  limit: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, init);
  const { status, statusText, headers } = response;
  if (WITHOUT_BODY.includes(status))
    return from(response, new Response(null, { status, statusText, headers }));
  const text = Buffer.from(await readWholeBody(response, BODY_LIMIT, limit)).toString('utf8');
  if (status < 400) assertJson(text, headers.get('content-type') ?? '');
  return from(response, new Response(text, { status, statusText, headers: headersOfRead(headers) }));
}

/** Pagination reads the address of an answer. */
function from({ url }: Response, answer: Response): Response {
  return Object.defineProperty(answer, 'url', { value: url });
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
