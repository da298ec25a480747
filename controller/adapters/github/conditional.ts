import { RequestError } from '@octokit/request-error';
import type { Octokit } from '@octokit/rest';

type Response = Awaited<ReturnType<Octokit['request']>>;

interface Kept {
  readonly etag: string;
  readonly response: Response;
}

const KEPT = 2000;
/** Named by their content, so that asking again is a mistake of ours. */
const IMMUTABLE = /\/git\/(?:blobs|trees|commits)\//;

/**
 * Every GET is conditional: what was answered before is asked for with its ETag, and a 304 ("not modified", which costs
 * nothing of the rate limit) is answered with what was kept. So the truth is at the source each time, and free.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function askConditionally(octokit: Octokit): void {
  const kept = new Map<string, Kept>();
  octokit.hook.wrap('request', async (request, options) => {
    const { url, method } = octokit.request.endpoint.parse(options as never);
    if (method !== 'GET' || IMMUTABLE.test(url)) return request(options);
    const known = kept.get(url);
    // In place: octokit gives the hooks below this one the options as they came, not as they are passed on.
    if (known !== undefined) options.headers = { ...options.headers, 'if-none-match': known.etag };
    try {
      const response = (await request(options)) as Response;
      kept.delete(url);
      const { etag } = response.headers;
      if (etag !== undefined) kept.set(url, { etag, response });
      for (const [oldest] of kept) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
      }
      return response;
    } catch (error) {
      if (known !== undefined && error instanceof RequestError && error.status === 304) return known.response;
      throw error;
    }
  });
}
