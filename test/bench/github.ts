import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beside, figure } from './figures.js';
import { type GitHubPeople, gitHubPeople } from './github-people.js';
import { eventually } from './intents.js';
import { QUEUE_PEER, startQueuePeer } from './queue-peer.js';
import type { BenchOptions, BenchRow } from './row.js';
import { type Stage, setStage } from './stage.js';

/** What an hour asks at the default of POLL_INTERVAL. */
const POLLS_AN_HOUR = 360;
const READING_MS = 500;
/** A plan that was refused is asked for again after 15 s: only then all that was said about it has been seen. */
const SETTLED_MS = 16_000;

/**
 * On the stand-in for GitHub, in a process of its own: from the webhook of a merge to the first step, and what an hour of
 * polling costs while nothing changes.
 */
export async function benchGitHub({ quick }: BenchOptions): Promise<BenchRow[]> {
  const people = await gitHubPeople();
  const stage = await setStage({ publish: people.publish });
  const queue = await startQueuePeer(stage);
  try {
    const peer: number[] = [];
    const starting: number[] = [];
    await deployOnce(stage, people, 0);
    for (let round = 1; round <= (quick ? 5 : 25); round += 1) {
      peer.push(...(await queue.sample(15)));
      starting.push(await deployOnce(stage, people, round));
    }
    const bare = figure(QUEUE_PEER, 'ms', peer);
    return [
      bare,
      beside(
        figure('webhook of the merge -> first step running', 'ms', starting),
        bare,
        'the local forge’s bound, a git fetch over http, and the checks at the source twice',
      ),
      await anHourOfPolling(stage, people, quick ? 60 : POLLS_AN_HOUR),
    ];
  } finally {
    await queue.stop();
    await stage.strike();
    await people.close();
  }
}

async function deployOnce(stage: Stage, people: GitHubPeople, round: number): Promise<number> {
  const name = `bench-${round}`;
  const version = round % 2 === 0 ? 'v1.0.0' : 'v1.1.0';
  await people.commitIntent(stage.gitops, name, `Deploy checkout ${version} to production`);
  const number = await eventually(`the pull request of ${name}`, () => proposal(stage, name));
  // People read before they merge; the webhooks of the opening are over by then.
  await sleep(READING_MS);
  const before = new Date();
  await people.approveAndMerge(number);
  const started = await eventually(`the first step of ${name}`, () => firstStep(stage, name));
  const { rows } = await stage.database.query<{ at: Date }>(
    `select min(received_at) as at from commander.deliveries where received_at >= $1 and event in ('push', 'pull_request')`,
    [before],
  );
  const delivered = rows[0]?.at.getTime() ?? Number.NaN;
  await eventually(`the end of ${name}`, () => ended(stage, name));
  return started - delivered;
}

/** Number of an intent's pull request. */
async function proposal(stage: Stage, name: string): Promise<number | null> {
  const { rows } = await stage.database.query<{ number: number }>(
    `select (proposal->>'number')::int as number from commander.plans where path = $1 and proposal is not null`,
    [`plans/${name}.yaml`],
  );
  return rows[0]?.number ?? null;
}

async function firstStep(stage: Stage, name: string): Promise<number | null> {
  const { rows } = await stage.database.query<{ at: Date | null }>(
    `select min(s.started_at) as at
     from commander.executions e join commander.execution_steps s on s.execution_id = e.id
     where e.correlation_id like $1`,
    [`${name}/%`],
  );
  return rows[0]?.at?.getTime() ?? null;
}

async function ended(stage: Stage, name: string): Promise<true | null> {
  const { rows } = await stage.database.query<{ status: string; reason: string }>(
    'select status, reason from commander.executions where correlation_id like $1 and finished_at is not null',
    [`${name}/%`],
  );
  const [row] = rows;
  if (row === undefined) return null;
  if (row.status !== 'succeeded') throw new Error(`The execution of ${name} ${row.status}: ${row.reason}`);
  return true;
}

/** With a plan that waits, and one that was merged without its review and is looked at again each time. */
async function anHourOfPolling(stage: Stage, people: GitHubPeople, polls: number): Promise<BenchRow> {
  for (const name of ['waiting', 'refused'])
    await people.commitIntent(stage.gitops, name, `Deploy checkout v1.0.0 to production`);
  const refused = await eventually('the pull request of refused', () => proposal(stage, 'refused'));
  await eventually('the pull request of waiting', () => proposal(stage, 'waiting'));
  await people.merge(refused);
  const look = await looker(stage);
  const settle = async () => {
    for (;;) {
      const { counted } = await people.asked();
      await look();
      await sleep(SETTLED_MS);
      if ((await people.asked()).counted === counted) return;
    }
  };
  await settle();
  const before = await people.asked();
  for (let poll = 0; poll < polls; poll += 1) await look();
  const after = await people.asked();
  const counted = after.counted - before.counted;
  return figure(
    `counted requests in ${polls} polls while nothing changes`,
    'requests',
    [counted],
    `${after.all - before.all} requests answered with 304; one plan waits, one is refused`,
  );
}

async function looker(stage: Stage): Promise<() => Promise<void>> {
  const data = join(stage.folder, 'data');
  const { url } = JSON.parse(await readFile(join(data, 'controller.json'), 'utf8')) as { url: string };
  const token = (await readFile(join(data, 'token'), 'utf8')).trim();
  return async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/v1/look`, { method: 'POST', headers });
    if (!response.ok) throw new Error(`/v1/look: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
}
