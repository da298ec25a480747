import { once } from 'node:events';
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { createQueue } from '../../controller/adapters/graphile/queue.js';
import { openDatabase } from '../../controller/adapters/postgres/database.js';
import type { Log } from '../../controller/ports/log.js';
import type { BenchRow } from './row.js';

const WARM_UP = 20;
const PEER = "bare graphile-worker's add_job -> start";

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  bind: () => silent,
};

/** Milliseconds from before a job is added to its handler's start, one at a time. `url`: a migrated database of our own. */
export async function benchQueue(url: string, n = 300): Promise<BenchRow[]> {
  const bare = await measureBare(url, n);
  const ours = await measureOurs(url, n, false);
  const whole = await measureOurs(url, n, true);
  return [
    row(PEER, bare, null, 'autocommit, no key'),
    row('store.transaction + job -> handler starts', ours, bare, 'supervised queue, job key'),
    row(
      'the same with an audit entry',
      whole,
      bare,
      'the trail is chained and on the disk before the job starts',
    ),
  ];
}

async function measureBare(url: string, n: number): Promise<readonly number[]> {
  const started = new EventTarget();
  const runner = await run({
    connectionString: url,
    concurrency: 8,
    pollInterval: 1000,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    taskList: { 'bench-noop': async () => void started.dispatchEvent(new Event('job')) },
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await sample(n, started, async () => {
      await client.query("select graphile_worker.add_job('bench-noop')");
    });
  } finally {
    await client.end();
    await runner.stop();
  }
}

async function measureOurs(url: string, n: number, audited: boolean): Promise<readonly number[]> {
  const database = openDatabase({ url, log: silent });
  const queue = createQueue({ url, concurrency: 8, log: silent, openSession: database.openSession });
  const started = new EventTarget();
  const handler = async (): Promise<void> => void started.dispatchEvent(new Event('job'));
  await queue.start({
    'plan-intent': handler,
    'settle-plan': handler,
    'run-execution': handler,
    'write-incident': handler,
  });
  try {
    return await sample(n, started, (round) =>
      database.store.transaction(async ({ write }) => {
        await write.job({ task: 'plan-intent', id: `bench-${round}`, queue: null, runAt: null, priority: 0 });
        if (audited)
          await write.audit({
            actor: 'controller',
            action: 'bench.ran',
            subject: `bench:${round}`,
            digest: null,
            reason: '',
            data: {},
          });
      }),
    );
  } finally {
    await queue.stop(5);
    await database.close();
  }
}

async function sample(
  n: number,
  started: EventTarget,
  add: (round: number) => Promise<void>,
): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = 0; round < n + WARM_UP; round += 1) {
    const start = once(started, 'job', { signal: AbortSignal.timeout(30_000) }).then(() => performance.now());
    const began = performance.now();
    await Promise.all([start, add(round)]);
    if (round >= WARM_UP) values.push((await start) - began);
  }
  return values;
}

function row(
  name: string,
  values: readonly number[],
  peer: readonly number[] | null,
  note: string,
): BenchRow {
  const median = quantile(values, 0.5);
  const peerMedian = peer === null ? null : quantile(peer, 0.5);
  return {
    name,
    unit: 'ms',
    median,
    p99: quantile(values, 0.99),
    n: values.length,
    peer: peer === null ? null : PEER,
    peerMedian,
    ratio: peerMedian === null ? null : median / peerMedian,
    note,
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
