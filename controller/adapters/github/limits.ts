import Bottleneck from 'bottleneck';
import type { Log } from '../../ports/log.js';
import { GitHubFailure } from './failures.js';

/** Waits that are worth sitting out; longer ones are told, and the work is taken up again later. */
const SIT_OUT_SECONDS = 3;
const SECOND = 1000;

export interface Remaining {
  readonly resource: string;
  readonly remaining: number;
  readonly limit: number;
}

/**
 * When GitHub asks for a pause (primary or secondary limit, Retry-After), nothing is sent before it is over.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export class Pause {
  private until = 0;

  constructor(
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /** Notes the pause; tells whether it is short enough to wait for. */
  ask(seconds: number, tries: number, why: string): boolean {
    this.until = Math.max(this.until, this.now() + seconds * SECOND);
    this.log.warn({ seconds, until: new Date(this.until).toISOString() }, `GitHub asks for a pause: ${why}`);
    return seconds <= SIT_OUT_SECONDS && tries === 0;
  }

  /** Throws while the pause lasts, except for a short rest of it. */
  check(): void {
    const rest = (this.until - this.now()) / SECOND;
    if (rest > SIT_OUT_SECONDS)
      throw new GitHubFailure(
        `GitHub asked for a pause until ${new Date(this.until).toISOString()} (rate limit): it is tried again after that`,
        429,
        undefined,
      );
  }
}

/** What may be written at once after a quiet time, and what of it may notify people. */
const BURST = 100;
const NOTIFYING_BURST = 20;
const NOTIFYING_SHARE = 3;

/**
 * Writes one at a time: 100 at once, then `perMinute`; what notifies people 20 at once, then a third of that. At the default of
 * 60 that stays below GitHub's 900 points (a write is 5) and 80 notifying requests a minute. The plugin's own spacing (1 s and
 * 3 s from the first one on) would make people wait for nothing.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function writeLimits(perMinute: number) {
  return {
    write: group(BURST, perMinute),
    notifications: group(NOTIFYING_BURST, perMinute / NOTIFYING_SHARE),
  };
}

/** A bucket that is filled as often as is needed to add whole requests. */
function group(burst: number, perMinute: number): Bottleneck.Group {
  const perSecond = perMinute / 60;
  const amount = Math.max(1, Math.round(perSecond));
  const interval = Math.ceil((amount / perSecond) * 4) * (SECOND / 4);
  return new Bottleneck.Group({
    maxConcurrent: 1,
    reservoir: burst,
    reservoirIncreaseAmount: amount,
    reservoirIncreaseInterval: interval,
    reservoirIncreaseMaximum: burst,
  });
}
