import { buildNodeImage } from '../../controller/cli/demo/base-image.js';
import { sendTraffic } from '../../controller/cli/demo/traffic.js';
import { figure } from './figures.js';
import { commitIntent, eventually, mergeProposal, proposed } from './intents.js';
import type { BenchOptions, BenchRow } from './row.js';
import { type Stage, setStage } from './stage.js';

const IMAGE = 'commander-bench-node:local';
const DOCKERFILE = `FROM ${IMAGE}\nCOPY . /app\nWORKDIR /app\nCMD ["/usr/bin/node", "server.js"]\n`;

/**
 * From the verdict (the incident's record) to the old release serving again (its address is switched and verified): a
 * version that fails a fifth of its requests, again and again, under traffic. The quarantine is lifted each time.
 */
export async function benchRollback(options: BenchOptions): Promise<BenchRow[]> {
  const rows = await rollbacks('process', options);
  const docker = await rollbacks('docker', options).catch((error: unknown) => {
    console.error(`without docker: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  return [...rows, ...docker];
}

async function rollbacks(runtime: 'process' | 'docker', { quick }: BenchOptions): Promise<BenchRow[]> {
  if (runtime === 'docker') await buildNodeImage(IMAGE, '/var/run/docker.sock');
  const stage = await setStage({
    runtime,
    serviceFiles: runtime === 'docker' ? { Dockerfile: DOCKERFILE } : {},
    env: { WATCH_INTERVAL: '200ms' },
  });
  const traffic = sendTraffic(stage.port);
  try {
    await deploy(stage, 'good', 'v1.0.0', 'succeeded');
    const times: Times[] = [];
    for (let round = 0; round < (quick ? 3 : 24); round += 1) {
      await deploy(stage, `bad-${round}`, 'v1.2.0', 'rolled_back');
      times.push(await timesOf(stage, round + 1));
      await stage.database.query(
        "update commander.quarantine set lifted_at = now(), lifted_by = 'bench' where lifted_at is null",
      );
    }
    const values = (pick: (one: Times) => number) => times.map(pick);
    return [
      figure(
        `verdict -> old release serves again, ${runtime}`,
        'ms',
        values((one) => one.recorded - one.verdict),
        `until it is verified and recorded; of that, until the rollback begins: median ${median(values((one) => one.began - one.verdict))} ms`,
      ),
    ];
  } finally {
    traffic.stop();
    await stage.strike();
  }
}

interface Times {
  readonly verdict: number;
  readonly began: number;
  readonly recorded: number;
}

async function timesOf(stage: Stage, count: number): Promise<Times> {
  const row = await eventually('the incident to be resolved', async () => {
    const { rows } = await stage.database.query<{ opened: Date; began: Date; closed: Date }>(
      `select i.opened_at as opened, e.started_at as began, i.closed_at as closed
       from commander.incidents i join commander.executions e on e.id = i.execution_id
       where i.state = 'resolved' order by i.id`,
    );
    return rows[count - 1] ?? null;
  });
  return { verdict: row.opened.getTime(), began: row.began.getTime(), recorded: row.closed.getTime() };
}

async function deploy(stage: Stage, name: string, version: string, end: string): Promise<void> {
  await commitIntent(stage, name, `Deploy checkout ${version} to production`);
  await proposed(stage, name);
  await mergeProposal(stage, name);
  const status = await eventually(`the end of ${name}`, async () => {
    const { rows } = await stage.database.query<{ status: string }>(
      `select status from commander.executions where kind = 'plan' and correlation_id like $1 and finished_at is not null`,
      [`${name}/%`],
    );
    return rows[0]?.status ?? null;
  });
  if (status !== end) throw new Error(`${name} ${status} instead of ${end}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
