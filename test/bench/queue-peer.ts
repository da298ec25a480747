import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import type { Stage } from './stage.js';

export const QUEUE_PEER = "bare graphile-worker's add_job -> start";

export interface QueuePeer {
  /** Milliseconds from add_job to the start of the task, over and over. */
  sample(times: number): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** What the queue by itself costs: an empty task, added over a warm connection, one at a time, on the same server. */
export async function startQueuePeer(stage: Pick<Stage, 'databaseUrl'>): Promise<QueuePeer> {
  const name = 'bench_queue';
  await administer(stage.databaseUrl, `create database ${name}`);
  const url = onDatabase(stage.databaseUrl, name);
  let started: (at: number) => void = () => undefined;
  const runner = await run({
    connectionString: url,
    concurrency: 8,
    pollInterval: 60_000,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    taskList: { noop: async () => started(performance.now()) },
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const once = async (): Promise<number> => {
    const start = new Promise<number>((resolve) => {
      started = resolve;
    });
    const began = performance.now();
    await client.query("select graphile_worker.add_job('noop')");
    return (await start) - began;
  };
  const sample = async (times: number): Promise<readonly number[]> => {
    const values: number[] = [];
    while (values.length < times) values.push(await once());
    return values;
  };
  await sample(20);
  return {
    sample,
    stop: async () => {
      await client.end();
      await runner.stop();
      await administer(stage.databaseUrl, `drop database ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function onDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.toString();
}
