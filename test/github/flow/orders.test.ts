import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intentFile } from '../../end-to-end/harness.js';
import { type Chance, chance } from './chance.js';
import {
  allPulls,
  commitAs,
  deleteBranch,
  expectNoDuplicates,
  fileAt,
  looked,
  oursUnder,
  say,
  setPull,
  statusesOf,
} from './deeds.js';
import { type Approved, type Oracle, oracleOf } from './oracle.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, type PullOf, REPOSITORY, until } from './site.js';

const SEEDS = (process.env.ORDERS_SEEDS ?? '1,2,3,4').split(',').map(Number);
const STEPS = Number(process.env.ORDERS_STEPS ?? '30');
const NAMES = ['apple', 'berry', 'cherry'] as const;
const WORDS = 'amber birch cedar dahlia ember fern gorse hazel iris jade'.split(' ');

let at: GitHubSite;
let plans: Plans;
/** Of all seeds. */
const told = { approved: 0, ran: 0 };
beforeAll(async () => {
  const services = SEEDS.flatMap((_, index) => NAMES.map((name) => ({ name: serviceOf(index, name) })));
  at = await openGitHubSite({ services });
  plans = plansOf(at);
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

function serviceOf(index: number, name: string): string {
  return `${WORDS[index]}-${name}`;
}

interface World {
  readonly services: readonly [string, ...string[]];
  readonly by: Chance;
  readonly oracle: Oracle;
  readonly done: string[];
  /** The version that each service was last asked for. */
  readonly asked: Map<string, string>;
  /** Pull requests under which somebody said retry: what was approved there may run more than once. */
  readonly retried: Set<number>;
}

/** Each gets a service and what its newest pull request is; what GitHub refuses is as good as done. */
type Deed = (world: World, service: string, pull: PullOf | undefined) => Promise<unknown>;

const text = (service: string, version: string) => `Deploy ${service} ${version} to staging.`;

/** Each time the other version, so that there is something to do. */
async function ask({ asked }: World, service: string): Promise<unknown> {
  const version = asked.get(service) === 'v1.0.0' ? 'v1.1.0' : 'v1.0.0';
  asked.set(service, version);
  return at.push(
    { [`intents/${service}-1.yaml`]: intentFile(`${service}-1`, text(service, version)) },
    `${service} ${version}`,
  );
}

const review: Deed = async ({ by }, _service, pull) => {
  if (pull === undefined) return;
  // GitHub's times are whole seconds: after a merge is after it only then.
  if (pull.merged) await nextSecond();
  const login = by.one(['rae', 'rae', 'olga', 'sam', 'pat'] as const);
  return at.review(
    pull.number,
    by.one(['APPROVE', 'APPROVE', 'APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
    login,
  );
};

const merge: Deed = async ({ by, oracle }, _service, pull) => {
  if (pull === undefined || pull.state !== 'open') return;
  const note = await oracle.ask(pull);
  const login = by.one(['rae', 'olga'] as const);
  const merging = { merge_method: by.one(['merge', 'squash', 'rebase']), sha: pull.head.sha };
  const answer = await at.as(login)(`PUT /repos/${REPOSITORY}/pulls/${pull.number}/merge`, merging);
  if (answer.status === 200) note(answer.body.sha);
  return answer.status;
};

const approveAndMerge: Deed = async (world, service, pull) => {
  if (pull === undefined || pull.state !== 'open') return;
  await at.review(pull.number, 'APPROVE', world.by.one(['rae', 'olga'] as const));
  return merge(world, service, await at.pull(pull.number));
};

const edit: Deed = async ({ by, oracle }, service, pull) => {
  if (pull === undefined || pull.state !== 'open') return;
  const login = by.one(['pat', 'rae'] as const);
  const files = await plans.withVersion(service, by.one(['v1.0.0', 'v1.1.0']));
  const [content = null] = Object.values(files);
  oracle.wrote(await commitAs(at, login, pull.head.ref, files), login, content);
};

const addFile: Deed = async ({ by, oracle }, service, pull) => {
  if (pull === undefined || pull.state !== 'open') return;
  const login = by.one(['pat', 'olga'] as const);
  const files = { [`notes/${service}.md`]: `${by.below(1_000_000)}\n` };
  oracle.wrote(await commitAs(at, login, pull.head.ref, files), login, null);
};

const close: Deed = async (_world, _service, pull) =>
  pull !== undefined && setPull(at, pull.number, { state: 'closed' });
const reopen: Deed = async (_world, _service, pull) =>
  pull !== undefined && setPull(at, pull.number, { state: 'open' });
const remove: Deed = async (_world, _service, pull) => pull !== undefined && deleteBranch(at, pull.head.ref);

const command: Deed = async ({ by, retried }, _service, pull) => {
  if (pull === undefined) return;
  const verb = by.one(['plan', 'plan', 'hold', 'resume', 'cancel', 'retry', 'retry', 'help']);
  if (verb === 'retry') retried.add(pull.number);
  return say(at, pull.number, `/commander ${verb}`, by.one(['rae', 'rae', 'sam'] as const));
};

const pushToMain: Deed = async (_world, service, pull) => {
  const file = pull === undefined ? null : await fileAt(at, pull.head.ref, `plans/${service}-1.yaml`);
  if (file !== null) return commitAs(at, 'olga', 'main', { [`plans/${service}-1.yaml`]: file });
};

const redeliver: Deed = async ({ by }) => {
  const all = at.github.deliveries(REPOSITORY);
  for (let times = 5; times > 0; times -= 1) {
    const delivery = all[by.below(all.length)];
    if (delivery !== undefined) at.github.redeliver(REPOSITORY, delivery.id);
  }
};

const wait: Deed = async (_world, service) => {
  await looked(at);
  await at.site
    .until(`${service}-1`, 'to have been planned', ({ state }) => state !== 'pending')
    .catch(() => null);
};

const DEEDS: readonly [readonly [string, Deed], ...(readonly [string, Deed])[]] = [
  ['ask', ask],
  ['ask', ask],
  ['review', review],
  ['review', review],
  ['merge', merge],
  ['approve and merge', approveAndMerge],
  ['approve and merge', approveAndMerge],
  ['approve and merge', approveAndMerge],
  ['edit', edit],
  ['add a file', addFile],
  ['close', close],
  ['reopen', reopen],
  ['delete the branch', remove],
  ['command', command],
  ['command', command],
  ['push to main', pushToMain],
  ['redeliver', redeliver],
  ['wait', wait],
  ['wait', wait],
  ['wait', wait],
];

describe.concurrent('in any order', () => {
  it.each(SEEDS.map((seed, index) => [seed, index] as const))(
    'only what was approved runs, and all of that runs or says why not (seed %d)',
    async (seed, index) => {
      const [first, ...rest] = NAMES.map((name) => serviceOf(index, name));
      const world: World = {
        services: [first ?? '', ...rest],
        by: chance(seed),
        oracle: oracleOf(at),
        done: [],
        asked: new Map(),
        retried: new Set(),
      };
      for (const service of world.services) await ask(world, service);
      for (const service of world.services) await at.pullOf(`${service}-1`);
      for (let step = 0; step < STEPS; step += 1) await act(world);
      // What is still open then is approved, so that no order is about nothing.
      for (const service of world.services) await act(world, service, ['approve and merge', approveAndMerge]);
      try {
        await settle(world);
        await expectOnlyApproved(world);
        for (const approved of world.oracle.approved) await expectRunOrReason(world, approved);
      } catch (error) {
        throw new Error(`${String(error)}\nseed ${seed}:\n${world.done.join('\n')}`);
      }
      told.approved += world.oracle.approved.length;
      for (const service of world.services) told.ran += (await at.site.executions(service)).length;
    },
  );
});

it('something was approved in those orders, and something ran', () => {
  expect(told.approved).toBeGreaterThan(0);
  expect(told.ran).toBeGreaterThan(0);
});

async function act(
  world: World,
  service = world.by.one(world.services),
  [what, deed] = world.by.one(DEEDS),
): Promise<void> {
  const { done } = world;
  const pull = await newestPull(service);
  try {
    const result = await deed(world, service, pull);
    done.push(`${service}: ${what} #${pull?.number} ${pull?.state} -> ${shown(result)}`);
  } catch (error) {
    done.push(`${service}: ${what} #${pull?.number} refused: ${String(error).slice(0, 120)}`);
  }
}

function shown(result: unknown): string {
  if (typeof result !== 'object' || result === null) return String(result);
  return 'status' in result ? String(result.status) : '';
}

async function newestPull(service: string): Promise<PullOf | undefined> {
  const [newest] = (await allPulls(at)).filter(({ head }) => head.ref === `commander/${service}-1`);
  return newest === undefined ? undefined : at.pull(newest.number);
}

async function nextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await until('the next second', async () => Math.floor(Date.now() / 1000) > now + 1);
}

/** Lets go of what was held, and waits until nothing is under way. */
async function settle({ services }: World): Promise<void> {
  for (const service of services) {
    await at.site.command('resume', { intent: `${service}-1` }).catch(() => null);
    await looked(at);
    await until(`${service} to come to rest`, async () =>
      (await at.site.executions(service)).every(({ finishedAt }) => finishedAt !== null),
    );
  }
}

async function expectOnlyApproved({ services, oracle, retried }: World): Promise<void> {
  const may = new Map(oracle.approved.map(({ digest, pull }) => [digest, pull]));
  for (const service of services) {
    const ran = (await at.site.executions(service))
      .filter(({ kind }) => kind === 'plan')
      .map(({ plan }) => plan);
    for (const digest of ran) expect([...may.keys()], `${service} ran ${digest}`).toContain(digest);
    for (const digest of new Set(ran))
      if (!retried.has(may.get(digest) ?? 0)) expect(ran.filter((one) => one === digest)).toHaveLength(1);
  }
}

async function expectRunOrReason({ services }: World, { digest, commit, pull }: Approved): Promise<void> {
  await until(`${digest} of #${pull} to have run, or a reason on ${commit}`, async () => {
    for (const service of services)
      if ((await at.site.executions(service)).some(({ plan }) => plan === digest)) return true;
    const reason = (await statusesOf(at, commit)).find(
      ({ context, state }) => context === 'commander/plan' && state !== 'success',
    );
    return reason !== undefined && reason.description !== '';
  }).catch(async (error: unknown) => {
    const seen = JSON.stringify([await statusesOf(at, commit), await oursUnder(at, pull)]);
    throw new Error(`${String(error)}: ${seen}`);
  });
}
