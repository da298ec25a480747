import { randomInt } from 'node:crypto';
import type { Log } from '../../ports/log.js';
import type { QueueSession } from './session.js';

/**
 * graphile-worker leaves the job of a killed worker locked for four hours. So each process holds a session advisory lock
 * and lists its workers in `commander.workers`: whoever can take the lock of another process knows that it is dead, and
 * releases its jobs. The lock is taken before a worker is listed, and a worker is listed before it takes a job.
 */
export interface Liveness {
  register(workerId: string): Promise<void>;
  /** Releases the jobs of processes that are dead. */
  sweep(): Promise<void>;
  /** Takes workers of our own off the list, releasing what they still hold. */
  retire(workerIds: readonly string[]): Promise<void>;
}

export async function declareAlive(session: QueueSession, log: Log): Promise<Liveness> {
  // Below 2^48, so that it is exact as a number; two processes with one key only see each other as alive for longer.
  const lockKey = randomInt(1, 2 ** 48 - 1);
  await session.query('select pg_advisory_lock($1::bigint)', [lockKey]);
  return {
    register: async (workerId) => {
      await session.query('insert into commander.workers (worker_id, lock_key) values ($1, $2)', [
        workerId,
        lockKey,
      ]);
    },
    sweep: () => sweep(session, lockKey, log),
    retire: (workerIds) => release(session, workerIds),
  };
}

async function sweep(session: QueueSession, own: number, log: Log): Promise<void> {
  const others = await session.query(
    'select lock_key::text as key, array_agg(worker_id) as workers from commander.workers where lock_key <> $1 group by lock_key',
    [own],
  );
  for (const { key, workers } of others as readonly { key: string; workers: readonly string[] }[]) {
    const [answer] = await session.query('select pg_try_advisory_lock($1::bigint) as dead', [key]);
    if (answer?.dead !== true) continue;
    try {
      await release(session, workers);
      log.warn({ workers: workers.length }, 'A queue worker died, its jobs are taken over');
    } finally {
      await session.query('select pg_advisory_unlock($1::bigint)', [key]);
    }
  }
}

async function release(session: QueueSession, workers: readonly string[]): Promise<void> {
  if (workers.length === 0) return;
  await session.query('select graphile_worker.force_unlock_workers($1::text[])', [workers]);
  await session.query('delete from commander.workers where worker_id = any($1::text[])', [workers]);
  await nudge(session, workers.length);
}

/** Jobs that became free are looked for now, not at the next poll. */
export async function nudge(session: QueueSession, count: number): Promise<void> {
  await session.query("select pg_notify('jobs:insert', json_build_object('count', $1::int)::text)", [count]);
}
