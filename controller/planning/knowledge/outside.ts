import { redact } from '../../domain/redact.js';
import type { Clock } from '../../ports/clock.js';
import { withinTime } from '../../ports/time-limit.js';

export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  /** `asked`: it was asked and failed; otherwise it was left alone. `late`: it may still be at it. */
  | { readonly ok: false; readonly reason: string; readonly asked: boolean; readonly late: boolean };

/** Something outside of this process that may be away. After a failure it is left alone for a while. */
export class Outside {
  private awayUntil = 0;
  private reason = '';

  /** `what` and `name` tell people what is away; of a kind there may be one only, then the name is ''. */
  constructor(
    private readonly what: string,
    private readonly name: string,
    private readonly clock: Clock,
    private readonly pauseMs: number,
  ) {}

  /** Asks, for at most `limitMs` milliseconds. Throws only when `signal` says that the answer is not wanted any more. */
  async ask<T>(
    limitMs: number,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<Asked<T>> {
    if (this.clock.now().getTime() < this.awayUntil)
      return { ok: false, reason: this.reason, asked: false, late: false };
    return this.askNow(limitMs, signal, work);
  }

  /** The same, also while it is left alone. */
  async askNow<T>(
    limitMs: number,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<Asked<T>> {
    let late = false;
    try {
      const value = await withinTime(limitMs, signal, (limited) => {
        limited.addEventListener('abort', () => (late = true));
        return work(limited);
      });
      this.awayUntil = 0;
      return { ok: true, value };
    } catch (error) {
      signal.throwIfAborted();
      this.reason = this.describe(reasonOf(error));
      this.awayUntil = this.clock.now().getTime() + this.pauseMs;
      return { ok: false, reason: this.reason, asked: true, late };
    }
  }

  /** Errors of models begin with the model's name. */
  private describe(reason: string): string {
    if (this.name === '' || reason.startsWith(`${this.name}: `)) return `${this.what}: ${reason}`;
    return `${this.what}: ${this.name}: ${reason}`;
  }
}

const LONGEST_REASON = 300;

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return redact(message.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()).slice(0, LONGEST_REASON);
}
