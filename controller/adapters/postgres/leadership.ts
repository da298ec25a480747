import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../ports/log.js';
import type { Leadership } from '../../ports/store.js';
import { openSession, type Session } from './connection.js';

const RETRY_MS = 1000;
const CHANNEL = 'commander_leader';

/**
 * One session advisory lock for each name: Postgres gives it back by itself when the leader's connection ends. Work that
 * returns while it leads is done; work that throws, or loses the leadership, is started again when the lock is there.
 */
export function createLeadership(
  url: string,
  log: Log,
  notify: (query: string, values: readonly string[]) => Promise<void>,
): Leadership {
  return {
    lead: async (name, signal, work, onWake) => {
      while (!signal.aborted) {
        const outcome = await leadOnce(url, name, signal, work, onWake).catch((error: unknown) => {
          if (!signal.aborted)
            log.warn({ leadership: name, problem: String(error) }, 'Leading was interrupted, trying again');
          return 'interrupted' as const;
        });
        if (outcome === 'done') return;
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    wake: (name) => notify('select pg_notify($1, $2)', [CHANNEL, name]),
  };
}

type Outcome = 'done' | 'taken' | 'interrupted';

async function leadOnce(
  url: string,
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
  onWake: (() => void) | undefined,
): Promise<Outcome> {
  const session = await openSession(url);
  try {
    if (!(await awaitLock(session, name, signal))) return 'taken';
    if (onWake !== undefined)
      await session.listen(CHANNEL, (payload) => {
        if (payload === name) onWake();
      });
    await work(AbortSignal.any([signal, session.lost]));
    return session.lost.aborted && !signal.aborted ? 'interrupted' : 'done';
  } finally {
    await session.close();
  }
}

async function awaitLock(session: Session, name: string, signal: AbortSignal): Promise<boolean> {
  const end = AbortSignal.any([signal, session.lost]);
  while (!end.aborted) {
    const [answer] = await session.query('select pg_try_advisory_lock($1::bigint) as taken', [lockKey(name)]);
    if (answer?.taken === true) return true;
    await sleep(RETRY_MS, undefined, { signal: end }).catch(() => undefined);
  }
  return false;
}

function lockKey(name: string): string {
  return createHash('sha256').update(`commander leadership ${name}`).digest().readBigInt64BE().toString();
}
