import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner, TaskList, WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import type { Log } from '../../ports/log.js';
import type { JobHandlers } from '../../ports/store.js';
import type { Gate } from './gate.js';
import type { Liveness } from './liveness.js';
import type { Turns } from './turns.js';

export interface LifeParts {
  readonly url: string;
  readonly concurrency: number;
  readonly pollMs: number;
  readonly log: Log;
  readonly handlers: JobHandlers;
  readonly turns: Turns;
  readonly gate: Gate;
}

/** One run of graphile-worker, from a connection to the loss of it. */
export interface Life {
  readonly workerIds: readonly string[];
  /** Ids and attempts of jobs that were cut short by `interrupt`, not by a failure of theirs. */
  readonly interrupted: readonly InterruptedJob[];
  /** Aborts when a worker could not write down what its job came to, or the runner ended. */
  readonly broken: AbortSignal;
  /** Takes no more jobs; resolves when those that run are done. */
  stop(): Promise<void>;
  /** Aborts the signals of the jobs that run. */
  interrupt(): void;
  /** Interrupts and stops, after the database went away. */
  abandon(): Promise<void>;
}

export interface InterruptedJob {
  readonly id: string;
  readonly attempts: number;
}

export async function startLife(parts: LifeParts, liveness: Liveness): Promise<Life> {
  const { Logger, run } = await import('graphile-worker');
  const interruption = new AbortController();
  const broken = new AbortController();
  const workerIds: string[] = [];
  const interrupted: InterruptedJob[] = [];
  const events: WorkerEvents = new EventEmitter();
  events.on('worker:fatalError', () => broken.abort());
  const nobodyAsks = watchAsking(events);
  const pool = openPool(parts);
  const runner = await run({
    pgPool: pool,
    concurrency: parts.concurrency,
    pollInterval: parts.pollMs,
    noHandleSignals: true,
    parsedCronItems: [],
    events,
    // Failures are logged where they happen, see `perform`; what graphile-worker says has whole errors in it.
    logger: new Logger(() => (level, message, meta) => {
      if (meta?.failure !== true) parts.log.debug({ level }, `queue: ${firstLine(message)}`);
    }),
    taskList: taskList(parts, interruption.signal, interrupted),
    preset: {
      plugins: [
        {
          name: 'commander-liveness',
          version: '1.0.0',
          worker: {
            hooks: {
              startWorker: async (_context, { worker }) => {
                workerIds.push(worker.workerId);
                await registerOrWait(liveness, worker.workerId, interruption.signal);
              },
            },
          },
        },
      ],
    },
  }).catch((error: unknown) => {
    void pool.end();
    throw error;
  });
  runner.promise.then(
    () => broken.abort(),
    () => broken.abort(),
  );
  const stop = stopOnce(runner, pool);
  const interrupt = (): void => interruption.abort(new Error('The queue stops, or lost its database'));
  return {
    workerIds,
    interrupted,
    broken: broken.signal,
    stop,
    interrupt,
    abandon: async () => {
      interrupt();
      await nobodyAsks();
      await stop();
    },
  };
}

/** A worker that is stopped while its question for a job fails prints a trace on the console: waits until none is asking. */
function watchAsking(events: WorkerEvents): () => Promise<void> {
  const asking = new Set<unknown>();
  const answered = ({ worker }: { readonly worker: unknown }): void => void asking.delete(worker);
  events.on('worker:getJob:start', ({ worker }) => void asking.add(worker));
  events.on('worker:getJob:error', answered);
  events.on('worker:getJob:empty', answered);
  events.on('job:start', answered);
  return async () => {
    for (let tries = 0; asking.size > 0 && tries < 100; tries += 1) await sleep(5);
  };
}

/** A worker that could not be listed must not take a job: it waits for the end, which is near (the connection is lost). */
async function registerOrWait(liveness: Liveness, workerId: string, end: AbortSignal): Promise<void> {
  try {
    await liveness.register(workerId);
  } catch (error) {
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    throw error;
  }
}

/**
 * A pool of ours: graphile-worker takes its listener off its own one before the connections of that are closed, and one that
 * is lost in between ends the process.
 */
function openPool({ url, concurrency }: LifeParts): pg.Pool {
  // Each worker, the listener, and one to spare.
  const pool = new pg.Pool({
    connectionString: url,
    max: concurrency + 2,
    application_name: 'commander queue',
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function stopOnce(runner: Runner, pool: pg.Pool): () => Promise<void> {
  let stopped: Promise<void> | null = null;
  return () => {
    stopped ??= runner
      .stop()
      .catch(() => undefined)
      .then(() => runner.promise.catch(() => undefined))
      // Not waited for: a connection that is lost may never be given back.
      .finally(() => void pool.end());
    return stopped;
  };
}

function taskList(parts: LifeParts, signal: AbortSignal, interrupted: InterruptedJob[]): TaskList {
  const names = Object.keys(parts.handlers) as (keyof JobHandlers)[];
  const tasks = names.map((name) => [
    name,
    async (payload: unknown, { job }: { readonly job: InterruptedJob }) => {
      try {
        await perform(parts, name, payload, signal);
      } catch (error) {
        if (signal.aborted) interrupted.push({ id: job.id, attempts: job.attempts });
        else
          parts.log.warn(
            { task: name, attempt: job.attempts, problem: String(error) },
            'A job failed, it will be tried again',
          );
        throw error;
      } finally {
        await parts.gate.passed();
      }
    },
  ]);
  return Object.fromEntries(tasks) as TaskList;
}

async function perform(
  parts: LifeParts,
  name: keyof JobHandlers,
  payload: unknown,
  signal: AbortSignal,
): Promise<void> {
  const id = (payload as { readonly id?: unknown } | null)?.id;
  if (typeof id !== 'string') throw new TypeError(`Job ${name} has no id`);
  const handler = parts.handlers[name];
  if (handler === undefined) throw new TypeError(`No handler for ${name}`);
  await parts.turns.take(`${name}:${id}`, signal, () => handler(id, signal));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
