import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createQueue } from '../../controller/adapters/graphile/queue.js';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { migrate } from '../../controller/adapters/postgres/migrate.js';
import type { Job, JobHandlers, Queue } from '../../controller/ports/store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { waitFor } from '../support/wait-for.js';

type Handler = (id: string, signal: AbortSignal) => Promise<void>;

let test: TestDatabase;
let database: Database;
const queues: Queue[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog() });
});
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop(0)));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await database.close();
  await test.drop();
});

function handlers(handler: Handler): JobHandlers {
  return {
    'plan-intent': handler,
    'settle-plan': handler,
    'run-execution': handler,
    'write-incident': handler,
  };
}

async function startQueue(handler: Handler, on = database, url = test.url): Promise<Queue> {
  const queue = createQueue({ url, concurrency: 4, log: quietLog(), openSession: on.openSession });
  queues.push(queue);
  await queue.start(handlers(handler));
  return queue;
}

function job(id: string, change: Partial<Job> = {}): Job {
  return { task: 'plan-intent', id, queue: null, runAt: null, priority: 0, ...change };
}

async function add(on: Database, ...jobs: readonly Job[]): Promise<void> {
  await on.store.transaction(async (tx) => {
    for (const each of jobs) await tx.write.job(each);
  });
}

async function rows(on: Database, text: string): Promise<readonly Record<string, unknown>[]> {
  const session = await on.openSession();
  try {
    return await session.query(text);
  } finally {
    await session.close();
  }
}

async function jobsLeft(on = database): Promise<number> {
  const [row] = await rows(on, 'select count(*)::int as n from graphile_worker.jobs');
  return Number(row?.n);
}

const drained = (on = database) =>
  waitFor('the queue to be empty', async () => (await jobsLeft(on)) === 0, 50_000);

describe('a job', () => {
  it('starts after the commit of its transaction, and never when that is rolled back', async () => {
    const seen: string[] = [];
    await startQueue(async (id) => void seen.push(id));
    const refused = database.store.transaction(async (tx) => {
      await tx.write.job(job('never'));
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    await add(database, job('wanted'));
    await waitFor('the job', () => seen.length > 0);
    await drained();
    expect(seen).toEqual(['wanted']);
  });

  it('replaces one of the same task and id that has not started', async () => {
    const seen: string[] = [];
    await add(database, job('same'), job('same'), job('other'), job('same', { task: 'settle-plan' }));
    await startQueue(async (id) => void seen.push(id));
    await drained();
    expect(seen.toSorted()).toEqual(['other', 'same', 'same']);
  });

  it('runs once more when it is added while it runs, and not at the same time', async () => {
    let open = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      open = resolve;
    });
    let running = 0;
    let most = 0;
    let runs = 0;
    await startQueue(async () => {
      runs += 1;
      most = Math.max(most, ++running);
      if (runs === 1) await first;
      running -= 1;
    });
    await add(database, job('busy'));
    await waitFor('the first run', () => runs === 1);
    // The one that runs has lost its key to the newer one.
    const taken = 'select 1 from graphile_worker.jobs where locked_at is not null and key is not null';
    const waiting = () =>
      waitFor('the newer to wait', async () => (await rows(database, taken)).length === 1);
    await add(database, job('busy'));
    await waiting();
    await add(database, job('busy'));
    await waiting();
    open();
    await drained();
    expect([runs, most]).toEqual([2, 1]);
  });

  it('runs one after the other in a named queue, smaller priority first', async () => {
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    await add(
      database,
      ...[1, 2, 3].map((n) => job(`n${n}`, { queue: 'lane' })),
      job('rollback', { queue: 'lane', priority: -10 }),
    );
    await startQueue(async (id) => {
      most = Math.max(most, ++running);
      await database.store.ping();
      seen.push(id);
      running -= 1;
    });
    await drained();
    expect([seen, most]).toEqual([['rollback', 'n1', 'n2', 'n3'], 1]);
  });

  it('waits for its time', async () => {
    const seen: string[] = [];
    await startQueue(async (id) => void seen.push(id));
    await add(database, job('later', { runAt: new Date(Date.now() + 3_600_000) }), job('now'));
    await waitFor('the other job', () => seen.length > 0);
    expect([seen, await jobsLeft()]).toEqual([['now'], 1]);
  });

  it('is tried again when it throws', async () => {
    let runs = 0;
    await startQueue(async () => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
    });
    await add(database, job('flaky'));
    await drained();
    expect(runs).toBe(2);
  });

  it('is run by one of two controllers, not by both', async () => {
    const seen: string[] = [];
    const handler = async (id: string): Promise<void> => {
      seen.push(id);
      await database.store.ping();
    };
    await startQueue(handler);
    await startQueue(handler);
    const ids = Array.from({ length: 200 }, (_, n) => `j${n}`);
    await add(database, ...ids.map((id) => job(id)));
    await drained();
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});

describe('stopping', () => {
  it('lets a running job finish within the grace time', async () => {
    let ended = false;
    const queue = await startQueue(async () => {
      for (let n = 0; n < 20; n += 1) await database.store.ping();
      ended = true;
    });
    await add(database, job('quick'));
    await waitFor(
      'the job to start',
      async () =>
        (await rows(database, 'select 1 from graphile_worker.jobs where locked_at is not null')).length > 0 ||
        ended,
    );
    await queue.stop(20);
    expect([ended, await jobsLeft()]).toEqual([true, 0]);
  });

  it('aborts a job that takes longer; the next controller runs it at once, without the pause of a failure', async () => {
    const seen: string[] = [];
    const queue = await startQueue(
      (id, signal) =>
        new Promise((_, reject) => {
          seen.push(`first ${id}`);
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    await add(database, job('long'));
    await waitFor('the job to start', () => seen.length > 0);
    await queue.stop(0);
    const [left] = await rows(
      database,
      'select attempts, run_at <= now() as due, locked_by from graphile_worker.jobs',
    );
    expect(left).toEqual({ attempts: 0, due: true, locked_by: null });
    expect(await rows(database, 'select * from commander.workers')).toEqual([]);
    await startQueue(async (id) => void seen.push(`second ${id}`));
    await drained();
    expect(seen).toEqual(['first long', 'second long']);
  });
});

describe('kill -9 of a controller', () => {
  function spawnWorker(): { readonly child: ChildProcess; readonly started: string[] } {
    const script = new URL('./children/worker.mjs', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, test.url], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const started: string[] = [];
    child.stdout?.on('data', (text: Buffer) => started.push(...text.toString().trim().split('\n')));
    return { child, started };
  }

  it('hands its jobs, also those of named queues, to a controller that is up', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    await add(database, ...ids.map((id) => job(id, { queue: `lane-${id}` })));
    const { child, started } = spawnWorker();
    await waitFor('the child to run them', () => started.length === 4);
    const seen: string[] = [];
    await startQueue(async (id) => void seen.push(id));
    child.kill('SIGKILL');
    await drained();
    expect(seen.toSorted()).toEqual(ids);
  });

  it('costs a single replica nothing: its next start takes the jobs up again', async () => {
    await add(database, job('only'));
    const { child, started } = spawnWorker();
    await waitFor('the child to run it', () => started.length === 1);
    child.kill('SIGKILL');
    await waitFor('the child to be dead', () => child.signalCode !== null);
    const seen: string[] = [];
    await startQueue(async (id) => void seen.push(id));
    await drained();
    expect(seen).toEqual(['only']);
    expect((await rows(database, 'select count(*)::int as n from commander.workers'))[0]?.n).toBe(4);
  });
});

describe('kill -9 of Postgres', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commander-queue-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('loses no job: 40 of 40 end, and the queue goes on by itself', async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, log: quietLog() });
    await migrate(server.url, quietLog());
    const own = openDatabase({ url: server.url, log: quietLog() });
    const ended: string[] = [];
    const active = new Set<string>();
    let overlaps = 0;
    let killed = false;
    const handler: Handler = async (id, signal) => {
      if (active.has(id)) overlaps += 1;
      active.add(id);
      try {
        if (ended.length >= 10 && !killed) {
          killed = true;
          process.kill(server.pid(), 'SIGKILL');
        }
        await own.store.transaction((tx) => tx.intents.get(id));
        signal.throwIfAborted();
        ended.push(id);
      } finally {
        active.delete(id);
      }
    };
    const queue = await startQueue(handler, own, server.url);
    try {
      const ids = Array.from({ length: 40 }, (_, n) => `j${n}`);
      await add(own, ...ids.map((id) => job(id)));
      await waitFor('all jobs to end', async () => (await jobsLeft(own).catch(() => 1)) === 0, 50_000);
      expect([...new Set(ended)].toSorted()).toEqual(ids.toSorted());
      expect([killed, overlaps]).toEqual([true, 0]);
    } finally {
      await queue.stop(0);
      await own.close();
      await server.stop();
    }
  });

  it('takes up again, at once, what ran while all connections were cut', async () => {
    const seen: string[] = [];
    await startQueue(
      (_id, signal) =>
        new Promise((resolve, reject) => {
          seen.push('run');
          if (seen.length > 1) return resolve();
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    await add(database, job('cut'));
    await waitFor('the job to start', () => seen.length === 1);
    await rows(
      database,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await drained();
    expect(seen).toEqual(['run', 'run']);
  });
});
