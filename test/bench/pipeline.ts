import { setTimeout as sleep } from 'node:timers/promises';
import { beside, figure } from './figures.js';
import { commitIntent, eventually, mergeProposal, proposed } from './intents.js';
import { QUEUE_PEER, startQueuePeer } from './queue-peer.js';
import type { BenchOptions, BenchRow } from './row.js';
import { type Stage, setStage } from './stage.js';

/**
 * From the commit of an intent to its proposal, and from the merge to the first step running: real deploys, one after
 * the other, each until it is last-known-good. The moments are those of the refs' files and of the step's record.
 */
export async function benchPipeline({ quick }: BenchOptions): Promise<BenchRow[]> {
  const stage = await setStage();
  const queue = await startQueuePeer(stage);
  try {
    const peer: number[] = [];
    const proposing: number[] = [];
    const starting: number[] = [];
    // The first round also connects, clones and compiles.
    await deployOnce(stage, 0);
    for (let round = 1; round <= (quick ? 6 : 40); round += 1) {
      // Between the deploys, so that both see the same machine.
      peer.push(...(await queue.sample(15)));
      const sample = await deployOnce(stage, round);
      proposing.push(sample.proposing);
      starting.push(sample.starting);
    }
    const bare = figure(QUEUE_PEER, 'ms', peer);
    return [
      bare,
      beside(
        figure('commit of an intent -> its proposal branch', 'ms', proposing),
        bare,
        'POLL_INTERVAL=60s: only file events and notifications',
      ),
      beside(figure('git merge -> first step running', 'ms', starting), bare, 'aim: at most 10 x the peer'),
    ];
  } finally {
    await queue.stop();
    await stage.strike();
  }
}

const READING_MS = 300;

async function deployOnce(
  stage: Stage,
  round: number,
): Promise<{ readonly proposing: number; readonly starting: number }> {
  const name = `bench-${round}`;
  const version = round % 2 === 0 ? 'v1.0.0' : 'v1.1.0';
  const committed = await commitIntent(stage, name, `Deploy checkout ${version} to production`);
  const proposing = (await proposed(stage, name)) - committed;
  // People read before they merge.
  await sleep(READING_MS);
  const merged = await mergeProposal(stage, name);
  const execution = await eventually(`the execution of ${name}`, () => firstStep(stage, name));
  await eventually(`the end of ${name}`, () => ended(stage, execution.id));
  return { proposing, starting: execution.startedAt - merged };
}

async function firstStep(
  stage: Stage,
  name: string,
): Promise<{ readonly id: string; readonly startedAt: number } | null> {
  const { rows } = await stage.database.query<{ id: string; at: Date | null }>(
    `select e.id, min(s.started_at) as at
     from commander.executions e join commander.execution_steps s on s.execution_id = e.id
     where e.correlation_id like $1 group by e.id`,
    [`${name}/%`],
  );
  const [row] = rows;
  return row?.at == null ? null : { id: row.id, startedAt: row.at.getTime() };
}

async function ended(stage: Stage, id: string): Promise<true | null> {
  const { rows } = await stage.database.query<{ status: string; reason: string }>(
    'select status, reason from commander.executions where id = $1 and finished_at is not null',
    [id],
  );
  const [row] = rows;
  if (row === undefined) return null;
  if (row.status !== 'succeeded') throw new Error(`Execution ${id} ${row.status}: ${row.reason}`);
  return true;
}
