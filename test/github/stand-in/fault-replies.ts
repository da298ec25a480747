import type { FaultAction } from './faults.js';
import { type Reply, refuse } from './reply.js';

/** The answer that a fault gives instead of the real one; undefined when it gives none. */
export function faultReply(fault: FaultAction): Reply | undefined {
  switch (fault.action) {
    case 'status':
      return {
        status: fault.status,
        body: fault.body ?? { message: 'Server Error' },
        headers: fault.headers ?? {},
      };
    case 'secondary-limit':
      return secondaryLimit(fault.retryAfter ?? 1);
    case 'primary-limit':
      return primaryLimit(fault.status ?? 403, fault.resetInSeconds ?? 2);
    case 'garbage':
      return { status: 200, body: page, headers: { 'content-type': 'text/html; charset=utf-8' } };
    case 'unauthorized':
      return refuse(401, 'Bad credentials').reply;
    default:
      return undefined;
  }
}

const page = '<!DOCTYPE html><html><head><title>Unicorn! &middot; GitHub</title></head><body>…</body></html>';

function secondaryLimit(seconds: number): Reply {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.';
  return refuse(403, message, { 'retry-after': String(seconds) }).reply;
}

function primaryLimit(status: number, seconds: number): Reply {
  const reset = Math.ceil(Date.now() / 1000) + seconds;
  const headers = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-used': '5000',
    'x-ratelimit-reset': String(reset),
  };
  return refuse(status, 'API rate limit exceeded for user ID 1.', headers).reply;
}
