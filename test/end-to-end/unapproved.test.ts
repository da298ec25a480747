import { execFile } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { computeDigest, type DeploymentPlan } from '../../controller/domain/plan.js';
import type { PlanView } from '../../controller/triggers/api/views.js';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';

let site: Site;
const run = promisify(execFile);
const NAMES = [
  'alpha',
  'bravo',
  'delta',
  'echo',
  'foxtrot',
  'golf',
  'hotel',
  'india',
  'kilo',
  'lima',
  'mike',
  'oscar',
  'papa',
  'quebec',
  'romeo',
];

beforeAll(async () => {
  site = await openSite({ services: NAMES.map((name) => ({ name })) });
});

afterAll(() => site.close());

describe.concurrent('nothing runs that was not approved', () => {
  it('a plan file written to main by hand while its proposal is open is not run, and the intent says why', async () => {
    const { branch } = await proposed('alpha');
    const file = await site.people.git('show', `${branch}:plans/alpha.yaml`);
    await site.people.commit({ 'plans/alpha.yaml': file.replace('v1.0.0', 'v1.1.0') }, 'Quicker this way');
    const { plan } = await site.until(
      'alpha',
      'to say why',
      (intent) => intent.plan?.reason.includes('edited by hand') ?? false,
    );
    expect(plan?.status).toBe('pending_approval');
    await nothingRan('alpha');
  });

  it('a self-consistent plan with a right digest, pushed to main without a proposal, is not run and is told in the status', async () => {
    const { branch } = await proposed('bravo');
    const plan = parse(await site.people.git('show', `${branch}:plans/bravo.yaml`)) as DeploymentPlan;
    const forged = { ...plan, intent: { ...plan.intent, name: 'bravo-forged' } };
    const text = stringify({ ...forged, digest: computeDigest(forged) });
    await site.people.commit({ 'plans/bravo-forged.yaml': text }, 'A plan of my own');
    expect(await notExecuted('plans/bravo-forged.yaml')).toContain('no proposal');
    expect(await site.people.git('show', 'main:plans/bravo-forged.yaml')).toContain('bravo-forged');
    await nothingRan('bravo');
  });

  it('the very plan of a proposal, committed to main under another name, is not run', async () => {
    const { branch } = await proposed('delta');
    const file = await site.people.git('show', `${branch}:plans/delta.yaml`);
    await site.people.commit({ 'plans/delta-copy.yaml': `${file}\n` }, 'Copied');
    expect(await notExecuted('plans/delta-copy.yaml')).toContain('belongs to plans/delta.yaml');
    await nothingRan('delta');
  });

  it('a plan whose merge commit changes it (an evil merge) is not run', async () => {
    const { branch } = await proposed('echo');
    await site.people.alone(async (git) => {
      await git('merge', '--quiet', '--no-ff', '--no-commit', branch);
      const file = await git('show', `${branch}:plans/echo.yaml`);
      await site.people.commitNow(
        { 'plans/echo.yaml': file.replaceAll('v1.0.0', 'v1.1.0') },
        `Merge branch '${branch}'`,
      );
    });
    await site.until('echo', 'to say why', (intent) =>
      /edited (by hand|while it was merged)/.test(intent.plan?.reason ?? ''),
    );
    await nothingRan('echo');
  });

  it('a plan file that is a symlink to the proposed plan is not run', async () => {
    const { branch } = await proposed('foxtrot');
    const file = await site.people.git('show', `${branch}:plans/foxtrot.yaml`);
    await site.people.alone(async (git) => {
      await site.people.commitNow({ 'notes/foxtrot.yaml': `${file}\n` }, 'Notes');
      const folder = await mkdtemp(join(site.folder, 'link-'));
      await symlink('../notes/foxtrot.yaml', join(folder, 'link'));
      await run('mkdir', ['-p', join(site.gitops, 'plans')]);
      await run('cp', ['-P', join(folder, 'link'), join(site.gitops, 'plans/foxtrot.yaml')]);
      await git('add', 'plans/foxtrot.yaml');
      await git('commit', '--quiet', '--message', 'A link');
    });
    expect(await notExecuted('plans/foxtrot.yaml')).toContain('symlink');
    await nothingRan('foxtrot');
  });

  it('a superseded plan, merged from a branch that somebody had kept, is not run; the new one is proposed again by retry', async () => {
    const first = await proposed('golf');
    await site.people.git('branch', 'kept-golf', first.branch);
    await site.ask('golf', 'Deploy golf v1.1.0 to staging');
    const { plan: second } = await site.until(
      'golf',
      'to be proposed with the new version',
      ({ plan }) => plan?.title.includes('v1.1.0') === true && plan.branch !== null,
    );
    if (second === null) throw new Error('No plan');
    await site.people.merge('kept-golf');
    expect(await notExecuted('plans/golf.yaml')).toContain('superseded');
    await site.until(
      'golf',
      'to say why',
      (intent) => intent.plan?.digest === second.digest && intent.plan.reason !== '',
    );
    await nothingRan('golf');
    await site.command('retry', { target: 'golf' });
    await site.people.merge((await site.proposed('golf', second.digest)).branch);
    expect((await site.ended('golf')).status).toBe('succeeded');
    await site.answers('golf', 'staging', 'v1.1.0');
  });

  it('a proposal merged after the catalog changed under it is not run, says so, and comes again', async () => {
    const { branch, digest } = await proposed('hotel');
    await site.people.alone(async (git) => {
      const catalog = JSON.parse(await git('show', 'main:commander.yaml')) as {
        services: { name: string; healthTimeout: string }[];
      };
      const services = catalog.services.map((service) =>
        service.name === 'hotel' ? { ...service, healthTimeout: '11s' } : service,
      );
      await git('checkout', '--quiet', '-b', 'hotel-catalog', 'main');
      await site.people.commitNow(
        { 'commander.yaml': JSON.stringify({ ...catalog, services }, null, 2) },
        'Catalog',
      );
      await git('checkout', '--quiet', 'main');
      // Both arrive at once, so that the controller cannot plan again in between.
      await git('checkout', '--quiet', '--detach');
      await git('merge', '--quiet', '--no-ff', '--no-edit', 'hotel-catalog');
      await git('merge', '--quiet', '--no-ff', '--no-edit', branch);
      await git('checkout', '--quiet', '-B', 'main');
    });
    const { plan, plans } = await site.until(
      'hotel',
      'to come again',
      (intent) => intent.plan !== null && intent.plan.digest !== digest && intent.plan.branch !== null,
    );
    expect(plan?.status).toBe('pending_approval');
    expect(plans.find((other) => other.digest === digest)).toMatchObject({
      status: 'stale',
      reason: expect.stringContaining('commander.yaml changed'),
    });
    await nothingRan('hotel');
  });

  it('a proposal merged together with an edit of its intent is not run, says so, and comes again', async () => {
    const { branch, digest } = await proposed('india');
    await site.people.alone(async (git) => {
      await git('checkout', '--quiet', '--detach');
      const file = (await git('show', 'HEAD:intents/india.yaml')).replace('v1.0.0', 'v1.1.0');
      await site.people.commitNow({ 'intents/india.yaml': `${file}\n` }, 'Rather the newer one');
      await git('merge', '--quiet', '--no-ff', '--no-edit', branch);
      await git('checkout', '--quiet', '-B', 'main');
    });
    const { plan, plans } = await site.until(
      'india',
      'to come again',
      (intent) => intent.plan !== null && intent.plan.title.includes('v1.1.0') && intent.plan.branch !== null,
    );
    expect(plan?.status).toBe('pending_approval');
    expect(plans.find((other) => other.digest === digest)?.reason).toMatch(/was edited|replaced by/);
    await nothingRan('india');
  });

  it('a proposal merged after another release went to that environment is not run, says so, and comes again', async () => {
    await site.ask('kilo-second', 'Deploy kilo v1.1.0 to staging');
    const second = await site.proposed('kilo-second');
    await site.ask('kilo-first', 'Deploy kilo v1.0.0 to staging');
    const first = await site.proposed('kilo-first');
    await site.people.git('branch', 'kept-kilo', second.branch);
    await site.people.merge(first.branch);
    await site.planIs('kilo-first', 'running', 'succeeded');
    await site.people.merge('kept-kilo');
    expect((await site.ended('kilo-first')).status).toBe('succeeded');
    const again = await site.proposed('kilo-second', second.digest);
    expect(again.digest).not.toBe(second.digest);
    await site.answers('kilo', 'staging', 'v1.0.0');
    const { plans } = await site.inState('kilo-second', 'planned');
    expect(plans.find((plan) => plan.digest === second.digest)?.status).toMatch(/stale|superseded/);
  });
});

describe.concurrent('a merge is a merge, however it is made', () => {
  it('a squash merge is an approval', async () => {
    const { branch } = await proposed('lima');
    await site.people.alone(async (git) => {
      await git('merge', '--quiet', '--squash', branch);
      await git('commit', '--quiet', '--message', 'Squashed');
    });
    expect((await site.ended('lima')).status).toBe('succeeded');
    await site.answers('lima', 'staging', 'v1.0.0');
  });

  it('a cherry-pick (what a rebase merge does) is an approval', async () => {
    const { branch } = await proposed('mike');
    await site.people.git('cherry-pick', branch);
    expect((await site.ended('mike')).status).toBe('succeeded');
  });

  it('a revert of the merge after the end runs nothing, and merging it again runs nothing a second time', async () => {
    const { branch } = await proposed('oscar');
    await site.people.merge(branch);
    expect((await site.ended('oscar')).status).toBe('succeeded');
    await site.people.alone(async (git) => {
      const merge = await git('log', '--merges', '-1', '--format=%H', '--grep', branch);
      await git('revert', '--no-edit', '-m', '1', merge);
      await git('revert', '--no-edit', 'HEAD');
    });
    const head = await site.people.git('rev-parse', 'main');
    await waitFor('the new head to be seen', async () => {
      const repository = (await site.status()).repositories[0];
      return repository?.head != null && (await contains(repository.head, head));
    });
    expect((await site.executions('oscar')).length).toBe(1);
    await site.answers('oscar', 'staging', 'v1.0.0');
  });

  it('a merge that is reverted before it is seen runs nothing', async () => {
    const { branch } = await proposed('papa');
    await site.people.alone(async (git) => {
      await git('checkout', '--quiet', '--detach');
      await git('merge', '--quiet', '--no-ff', '--no-edit', branch);
      await git('revert', '--no-edit', '-m', '1', 'HEAD');
      await git('checkout', '--quiet', '-B', 'main');
    });
    const answer = await site.people.alone(() => site.command<PlanView>('approve', { intent: 'papa' }));
    expect(answer.reason).toContain('deleted after the merge');
    await nothingRan('papa');
  });
});

describe.concurrent('names that are taken', () => {
  it('of two intents with one name the first stands, and the second says whose the name is and takes it when it is free', async () => {
    const { branch } = await proposed('quebec');
    const text = await site.people.git('show', 'main:intents/quebec.yaml');
    await site.people.commit(
      { 'intents/quebec-too.yaml': `${text.replace('v1.0.0', 'v1.1.0')}\n` },
      'Same name',
    );
    await waitFor('the second to be told', async () =>
      (await site.status()).intents.some(
        ({ path, detail }) =>
          path === 'intents/quebec-too.yaml' && detail.join().includes('taken by intents/quebec.yaml'),
      ),
    );
    expect((await site.intent('quebec'))?.plan?.branch).toBe(branch);
    await site.people.commit({ 'intents/quebec.yaml': null }, 'The second one, then');
    const plan = await site.until(
      'quebec',
      'to be planned from the second file',
      (intent) => intent.path === 'intents/quebec-too.yaml' && intent.plan?.branch != null,
    );
    expect(plan.plan?.title).toContain('v1.1.0');
  });

  it('a branch of that name that is somebody’s is never touched, and the proposal follows when it is gone', async () => {
    await site.people.alone(async (git) => {
      await git('checkout', '--quiet', '-b', 'commander/romeo');
      await site.people.commitNow({ 'notes/romeo.md': 'mine\n' }, 'My own work');
      await git('checkout', '--quiet', 'main');
    });
    const mine = await site.people.git('rev-parse', 'commander/romeo');
    await site.ask('romeo', 'Deploy romeo v1.0.0 to staging');
    await site.until('romeo', 'to say why', (intent) => intent.plan?.reason.includes('is not ours') ?? false);
    expect(await site.people.git('rev-parse', 'commander/romeo')).toBe(mine);
    await site.people.git('branch', '--move', 'commander/romeo', 'my-romeo');
    await site.proposed('romeo');
  });
});

async function proposed(service: string) {
  await site.ask(service, `Deploy ${service} v1.0.0 to staging`);
  return site.proposed(service);
}

async function nothingRan(service: string): Promise<void> {
  expect(await site.executions(service)).toEqual([]);
  expect(await site.answer(service, 'staging')).toContain('no answer');
}

/** Waits until the status names a plan file as not executed; returns why. */
function notExecuted(path: string): Promise<string> {
  return waitFor(`${path} to be told as not executed`, async () => {
    const { repositories } = await site.status();
    return repositories[0]?.notExecuted.find((stray) => stray.path === path)?.reason;
  });
}

async function contains(commit: string, ancestor: string): Promise<boolean> {
  return site.people.git('merge-base', '--is-ancestor', ancestor, commit).then(
    () => true,
    () => false,
  );
}
