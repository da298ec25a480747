import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../ports/log.js';
import type { JobHandlers, Queue } from '../../ports/store.js';
import { createGate } from './gate.js';
import { type Life, type LifeParts, startLife } from './life.js';
import { declareAlive, type Liveness, nudge } from './liveness.js';
import type { QueueSession } from './session.js';
import { createTurns } from './turns.js';

export interface QueueOptions {
  /** Connection string; the schemas have to be there (`migrate`). */
  readonly url: string;
  /** Jobs that run at the same time in this process. */
  readonly concurrency: number;
  readonly log: Log;
  readonly openSession: () => Promise<QueueSession>;
  /** How often jobs with a future time, and other processes' death, are looked for. Defaults: 1000 and 500 ms. */
  readonly pollMs?: number;
  readonly sweepMs?: number;
}

/** How long a job that was interrupted may take to end before its place is given to another attempt. */
const UNWIND_MS = 10_000;
const RECONNECT_MS = 250;
/** A job without key was replaced by a newer one: that one runs. */
const RESCHEDULE = `
  select graphile_worker.reschedule_jobs(
    array(select id from graphile_worker.jobs where id = $1::bigint and key is not null), now(), attempts => $2::int)`;

interface Served {
  readonly session: QueueSession;
  readonly liveness: Liveness;
  readonly life: Life;
}

/**
 * graphile-worker 0.16 with a supervisor of ours. At least once: a job runs again when its process, or the database, died
 * before its end was written down. A handler that throws is tried again after e^attempt seconds (2.7 s, 7.4 s, 20 s … 6 h).
 * When the connection is lost, running jobs get their signal aborted, and are taken up again, at once, when it is back.
 */
export function createQueue(options: QueueOptions): Queue {
  const { log, sweepMs = 500 } = options;
  const stopping = new AbortController();
  const gate = createGate();
  let parts: LifeParts | null = null;
  let served: Served | null = null;
  let before: Life | null = null;
  let loop: Promise<void> = Promise.resolve();

  const bringUp = async (session: QueueSession): Promise<Served> => {
    if (parts === null) throw new Error('The queue has no handlers');
    const liveness = await declareAlive(session, log);
    gate.open();
    await settle(session, liveness, before, log);
    before = null;
    await forgetReplaced(session, Object.keys(parts.handlers));
    await liveness.sweep();
    return { session, liveness, life: await startLife(parts, liveness) };
  };

  const serve = async (session: QueueSession, up: () => void): Promise<void> => {
    try {
      served = await bringUp(session);
      up();
      await watchOver(served, sweepMs, stopping.signal);
    } finally {
      // What is being stopped is wound down by stop.
      if (!stopping.signal.aborted || served?.session !== session) await abandon(session);
    }
  };

  const abandon = async (session: QueueSession): Promise<void> => {
    gate.close();
    before = served?.life ?? before;
    served = null;
    void before?.abandon();
    await session.close();
  };

  const keepServing = async (up: () => void): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await serve(await options.openSession(), up);
        if (!stopping.signal.aborted) log.warn({}, 'The queue lost its database, connecting again');
      } catch (error) {
        log.warn({ problem: String(error) }, 'The queue cannot work yet, trying again');
      }
      await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    up();
  };

  return {
    start: async (handlers: JobHandlers) => {
      if (parts !== null) throw new Error('The queue was started already');
      parts = { ...options, pollMs: options.pollMs ?? 1000, handlers, gate, turns: createTurns() };
      await new Promise<void>((up) => {
        loop = keepServing(up);
      });
    },
    stop: async (graceSeconds) => {
      stopping.abort();
      await loop;
      gate.open();
      if (served === null) return;
      const { session, liveness, life } = served;
      await windDown(life, graceSeconds);
      // A database that is away cannot be told; the next one to start sees that we are gone.
      await settle(session, liveness, life, log).catch(() => undefined);
      await session.close();
    },
  };
}

async function watchOver(
  { session, liveness, life }: Served,
  sweepMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const end = AbortSignal.any([session.lost, life.broken, stopping]);
  while (!end.aborted) {
    await sleep(sweepMs, undefined, { signal: end }).catch(() => undefined);
    if (!end.aborted) await liveness.sweep();
  }
}

async function windDown(life: Life, graceSeconds: number): Promise<void> {
  const stopped = life.stop();
  if (await within(stopped, graceSeconds * 1000)) return;
  life.interrupt();
  await within(stopped, UNWIND_MS);
}

/** Closes the books of a life that ended: its interrupted jobs run again now, without the pause of a failure. */
async function settle(session: QueueSession, liveness: Liveness, life: Life | null, log: Log): Promise<void> {
  if (life === null) return;
  if (!(await within(life.stop(), UNWIND_MS)))
    log.error({}, 'A job does not end although it was interrupted; its next attempt waits for it');
  await liveness.retire(life.workerIds);
  for (const { id, attempts } of life.interrupted)
    await session.query(RESCHEDULE, [id, Math.max(attempts - 1, 0)]);
  if (life.interrupted.length > 0) await nudge(session, life.interrupted.length);
}

/** A job that failed after a newer one took its key over will not run again: its row is of no use. */
async function forgetReplaced(session: QueueSession, tasks: readonly string[]): Promise<void> {
  await session.query(
    `select graphile_worker.complete_jobs(array(
       select id from graphile_worker.jobs
       where key is null and locked_at is null and attempts >= max_attempts and task_identifier = any($1::text[])))`,
    [tasks],
  );
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timeout = new AbortController();
  const late = sleep(milliseconds, false, { signal: timeout.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timeout.abort();
  }
}
