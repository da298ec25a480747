import { RequestError } from '@octokit/request-error';
import type { Octokit } from '@octokit/rest';

type Response = Awaited<ReturnType<Octokit['request']>>;

/** An answer as text, so that who gets it again gets it as it came: pagination changes what it is given. */
interface Kept {
  readonly etag: string;
  readonly response: Response;
  readonly data: string;
}

/** Characters of all answers that are kept together. */
const KEPT = 32 * 1024 * 1024;
/** Named by their content, so that asking again is a mistake of ours. */
const IMMUTABLE = /\/git\/(?:blobs|trees|commits)\//;

/**
 * Every GET is conditional: what was answered before is asked for with its ETag, and a 304 ("not modified", which costs
 * nothing of the rate limit) is answered with what was kept. So the truth is at the source each time, and free.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function askConditionally(octokit: Octokit): void {
  const store = keepAnswers();
  octokit.hook.wrap('request', async (request, options) => {
    const { url, method } = octokit.request.endpoint.parse(options as never);
    if (method !== 'GET' || IMMUTABLE.test(url)) return request(options);
    const known = store.get(url);
    // In place: octokit gives the hooks below this one the options as they came, not as they are passed on.
    if (known !== null) options.headers = { ...options.headers, 'if-none-match': known.etag };
    try {
      const response = (await request(options)) as Response;
      store.keep(url, response);
      return response;
    } catch (error) {
      if (known !== null && error instanceof RequestError && error.status === 304)
        return { ...known.response, data: JSON.parse(known.data) };
      throw error;
    }
  });
}

/** What was answered last, by address; what was not asked for the longest gives way. */
function keepAnswers() {
  const kept = new Map<string, Kept>();
  let size = 0;
  const forget = (url: string) => {
    size -= kept.get(url)?.data.length ?? 0;
    kept.delete(url);
  };
  return {
    get: (url: string): Kept | null => {
      const known = kept.get(url);
      if (known === undefined) return null;
      kept.delete(url);
      kept.set(url, known);
      return known;
    },
    keep: (url: string, response: Response): void => {
      forget(url);
      const { etag } = response.headers;
      if (etag === undefined) return;
      const data = JSON.stringify(response.data);
      kept.set(url, { etag, response: { ...response, data: null }, data });
      size += data.length;
      for (const [oldest] of kept) {
        if (size <= KEPT) break;
        forget(oldest);
      }
    },
  };
}
