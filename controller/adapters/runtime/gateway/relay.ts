import type { Socket } from 'node:net';
import { type Address, sameAddress } from './held-route.js';
import { joinLink, type Link } from './link.js';

/** An old connection on which nothing is owed is closed after this time of silence, and any at the latest after the limit. */
const IDLE_MS = 250;
const DRAIN_LIMIT_MS = 10_000;
const SWEEP_MS = 50;

/** Forwards connections to the current upstream. */
export interface Relay {
  accept(client: Socket): void;
  /** From the next connection on; the ones to the upstream before are drained. Null: new ones are refused. */
  lead(upstream: Address | null): void;
  /** Resolves when no connection is left. */
  drained(): Promise<void>;
}

export function createRelay(): Relay {
  const links = new Map<Link, number>();
  let current: Address | null = null;
  let sweeper: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];

  const sweep = (): void => {
    const now = performance.now();
    let leaving = 0;
    for (const [link, deadline] of links) {
      if (deadline === Number.POSITIVE_INFINITY) continue;
      // It may have moved by itself meanwhile.
      if (sameAddress(link.target(), current)) {
        links.set(link, Number.POSITIVE_INFINITY);
        continue;
      }
      leaving += 1;
      link.closeIfDone(now, IDLE_MS, deadline);
    }
    if (leaving > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  };
  const forget = (link: Link): void => {
    links.delete(link);
    if (links.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    accept(client) {
      if (current === null) {
        client.destroy();
        return;
      }
      const link: Link = joinLink(client, current, () => forget(link));
      links.set(link, Number.POSITIVE_INFINITY);
    },
    lead(upstream) {
      current = upstream;
      const deadline = performance.now() + DRAIN_LIMIT_MS;
      for (const [link, before] of links) {
        if (sameAddress(link.target(), upstream)) {
          link.stay();
          links.set(link, Number.POSITIVE_INFINITY);
        } else if (before === Number.POSITIVE_INFINITY) {
          link.moveTo(() => current);
          links.set(link, deadline);
        }
      }
      sweeper ??= setInterval(sweep, SWEEP_MS);
    },
    drained() {
      if (links.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
