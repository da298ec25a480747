import { headersOfRead, readWholeBody } from '../../ports/whole-body.js';

export interface Bounds {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * `fetch` for one call to a provider: the whole answer is read within the signal's time and up to `maxBytes`; a redirect is an error, so that
 * a key never goes to another host. A client's own signal would only follow this one.
 */
export function boundedFetch({ maxBytes, signal }: Bounds): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error', signal });
    const body = await readWholeBody(response, maxBytes, signal);
    const { status, statusText, headers } = response;
    const empty = status === 204 || status === 304;
    return new Response(empty ? null : body, { status, statusText, headers: headersOfRead(headers) });
  };
}
