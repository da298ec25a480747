import type { Caller } from './caller.js';
import { callerKey } from './caller.js';
import { refuse } from './reply.js';

interface Window {
  limit: number;
  used: number;
  resetAt: number;
}

/** What is left of everybody's requests of the hour. */
export interface RateLimits {
  windowOf(caller: Caller): Readonly<Window>;
  count(caller: Caller): void;
  /** Leaves the caller of that key (a token) so many requests. */
  leave(key: string, remaining: number): void;
}

const hour = 3_600_000;

export function createRateLimits(): RateLimits {
  const windows = new Map<string, Window>();
  const window = (key: string): Window => {
    const known = windows.get(key);
    if (known !== undefined && known.resetAt > Date.now()) return known;
    const fresh = { limit: key === 'anonymous' ? 60 : 5000, used: 0, resetAt: Date.now() + hour };
    windows.set(key, fresh);
    return fresh;
  };
  return {
    windowOf: (caller) => window(callerKey(caller)),
    count(caller) {
      window(callerKey(caller)).used += 1;
    },
    leave(key, remaining) {
      const found = window(key);
      found.used = found.limit - remaining;
    },
  };
}

/** Ends the request when nothing is left. */
export function requireRemaining(window: Readonly<Window>): void {
  if (window.used < window.limit) return;
  throw refuse(
    403,
    'API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the request ID.',
  );
}

export function rateHeaders(window: Readonly<Window>): Record<string, string> {
  return {
    'x-ratelimit-limit': String(window.limit),
    'x-ratelimit-remaining': String(Math.max(0, window.limit - window.used)),
    'x-ratelimit-used': String(window.used),
    'x-ratelimit-reset': String(Math.ceil(window.resetAt / 1000)),
    'x-ratelimit-resource': 'core',
  };
}
