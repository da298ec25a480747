import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultAction, FaultRule } from '../stand-in/faults.js';
import { allPulls, commented, done, expectNoDuplicates, pullsOf, say, told } from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, type PullOf, REPOSITORY, until } from './site.js';

const ACTIONS: Readonly<Record<string, FaultAction>> = {
  alpha: { action: 'status', status: 502 },
  bravo: { action: 'reset' },
  charlie: { action: 'hang' },
  delta: { action: 'garbage' },
  echo: { action: 'done-then-reset' },
  foxtrot: { action: 'secondary-limit', retryAfter: 1 },
  golf: { action: 'unauthorized' },
};
/** What an approval is decided on. */
const FACTS = ['/pulls/\\d+/reviews$', '/collaborators/[^/]+/permission$', '/commits/[0-9a-f]{40}/pulls$'];
const SERVICES = [
  ...Object.keys(ACTIONS).flatMap((name) => [name, `${name}x`]),
  ...'hotel india juliett kilo lima mike november oscar papa'.split(' '),
];

let at: GitHubSite;
let plans: Plans;
beforeAll(async () => {
  at = await openGitHubSite({
    services: SERVICES.map((name) => ({ name })),
    env: { GITHUB_TIMEOUT: '2s' },
  });
  plans = plansOf(at);
});
afterAll(async () => {
  at.github.faults.set({});
  await at.close();
  expect(at.held.breaches.filter(({ of }) => of !== 'response')).toEqual([]);
});

function fail(rules: readonly FaultRule[]): void {
  at.github.faults.set({ rules });
}

/** The whole story of one plan; the merge's own answer tells the commit, so that no fault meets the people. */
async function approved(pull: PullOf): Promise<string> {
  await done(at.review(pull.number));
  return (await done(at.merge(pull.number))).body.sha;
}

/** A few at a time: a job that failed waits longer each time before it is tried again. */
const ROUNDS: readonly (readonly [string, FaultAction, readonly string[]])[] = [
  ['alpha', { action: 'status', status: 502 }, ['/git/trees$', '/pulls$', '/statuses/']],
  ['bravo', { action: 'reset' }, ['/git/commits$', '/labels$', '/deployments$']],
  ['charlie', { action: 'hang' }, ['/pulls$', '/issues/\\d+/comments$']],
  ['delta', { action: 'garbage' }, ['/git/refs$', '/statuses/', '/deployments/\\d+/statuses$']],
  ['echo', { action: 'done-then-reset' }, ['/git/refs$', '/pulls$', '/issues/\\d+/comments$']],
  ['foxtrot', { action: 'secondary-limit', retryAfter: 1 }, ['/pulls$', '/statuses/', '/labels$']],
  ['golf', { action: 'unauthorized' }, ['/git/trees$', '/pulls$', '/statuses/']],
  ['oscar', { action: 'done-then-reset' }, ['/statuses/', '/deployments$', '/deployments/\\d+/statuses$']],
];

describe('while GitHub fails once at what is written to it', () => {
  it.each(ROUNDS)('everything arrives once: %s, %o at %o', async (service, action, paths) => {
    fail(paths.map((path) => ({ ...action, match: { method: 'POST', path }, times: 1 })));
    const pull = await plans.proposed(service);
    await told(at, pull.head.sha, 'commander/sop', 'success', '');
    const commit = await approved(pull);
    await plans.ranOnce(service);
    await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
    await commented(at, pull.number, 'released');
    expect(await pullsOf(at, `commander/${service}-1`)).toEqual([pull.number]);
    // What was cut is tried again in a moment, and the comment does not wait for it.
    await expect.poll(() => deploymentsOf(commit), { timeout: 60_000 }).toBe(1);
    await expectNoDuplicates(at);
    fail([]);
  });
});

it('a command whose acknowledgement fails is carried out once all the same', async () => {
  const pull = await plans.proposed('papa');
  const reactions = { method: 'POST', path: '/reactions$' };
  // The first one says that it was seen, the second one that it was done.
  fail([
    { action: 'slow', milliseconds: 1, match: reactions, times: 1 },
    { action: 'status', status: 502, match: reactions, times: 1 },
  ]);
  await say(at, pull.number, '/commander plan');
  await commented(at, pull.number, 'papa-1 is planned again');
  fail([]);
  const asked =
    await at.site.client.get<readonly { action: string; subject: string }[]>('/v1/audit?limit=1000');
  const ours = asked.filter(
    ({ action, subject }) => action === 'intent.plan-asked' && subject === 'intent:papa-1',
  );
  expect(ours).toHaveLength(1);
});

async function deploymentsOf(commit: string): Promise<number> {
  const { body } = await done(at.as('olga')(`GET /repos/${REPOSITORY}/deployments?sha=${commit}`));
  return body.length;
}

describe('while GitHub does not tell what an approval is decided on', () => {
  for (const [service, action] of Object.entries(ACTIONS).filter(
    ([, { action }]) => action !== 'done-then-reset',
  ))
    it(`nothing runs, and it runs once GitHub tells: ${JSON.stringify(action)}`, async () => {
      const name = `${service}x`;
      const pull = await plans.proposed(name);
      await done(at.review(pull.number));
      fail(FACTS.map((path) => ({ ...action, match: { method: 'GET', path } })));
      const commit: string = (await done(at.merge(pull.number))).body.sha;
      await at.site.until(`${name}-1`, 'to say that GitHub cannot be asked', ({ plan }) =>
        /GitHub/.test(plan?.reason ?? ''),
      );
      await plans.neverRan(name);
      fail([]);
      await plans.ranOnce(name);
      await told(at, commit, 'commander/plan', 'success', 'approved by github:rae');
    });

  it('a plan without a review is not run either when GitHub comes and goes', async () => {
    const pull = await plans.proposed('hotel');
    fail(FACTS.map((path) => ({ action: 'status', status: 503, match: { method: 'GET', path }, times: 2 })));
    const commit: string = (await done(at.merge(pull.number))).body.sha;
    await told(at, commit, 'commander/plan', 'failure', 'merged with 0 of 1 approvals');
    await plans.neverRan('hotel');
    fail([]);
  });
});

describe('while the controller or its credentials go away', () => {
  it('tokens that expire between the steps are renewed', async () => {
    const pull = await plans.proposed('india');
    at.github.expireTokens();
    const commit = await approved(pull);
    at.github.expireTokens();
    await plans.ranOnce('india');
    await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
  });

  it('it is killed and started again after each step, and everything happens once', async () => {
    await at.ask('juliett-1', 'Deploy juliett v1.0.0 to staging.');
    await restart();
    const pull = await at.pullOf('juliett-1');
    await restart();
    await done(at.review(pull.number));
    const commit: string = (await done(at.merge(pull.number))).body.sha;
    await restart();
    await plans.ranOnce('juliett');
    await restart();
    await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
    await commented(at, pull.number, 'released');
    expect(await pullsOf(at, 'commander/juliett-1')).toEqual([pull.number]);
  });

  it('a pull request that was opened just before it was killed, and merged meanwhile, is found and run', async () => {
    fail([{ action: 'done-then-reset', match: { method: 'POST', path: '/pulls$' }, times: 1 }]);
    await at.ask('kilo-1', 'Deploy kilo v1.0.0 to staging.');
    const pull = await at.pullOf('kilo-1');
    await at.site.kill();
    const commit = await approved(pull);
    await at.site.start();
    await plans.ranOnce('kilo');
    await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
    expect(await pullsOf(at, 'commander/kilo-1')).toEqual([pull.number]);
    fail([]);
  });

  async function restart(): Promise<void> {
    await at.site.kill();
    await at.site.start();
  }
});

describe('while GitHub is away', () => {
  it('a release that goes bad goes back all the same, and that is told once GitHub is there again', async () => {
    const first = await plans.proposed('lima');
    await approved(first);
    await plans.ranOnce('lima');
    await at.ask('lima-2', 'Deploy lima v1.2.0 to staging.');
    const pull = await at.pullOf('lima-2');
    await at.site.proposed('lima-2');
    const commit = await approved(pull);
    await at.site.planIs('lima-2', 'running');
    fail([{ action: 'status', status: 503, match: {} }]);
    expect(await at.site.ended('lima-2')).toMatchObject({ status: 'rolled_back' });
    await at.site.incident('lima', 'resolved');
    await at.site.answers('lima', 'staging', 'v1.0.0');
    fail([]);
    await told(at, commit, 'commander/staging', 'failure', 'rolled back');
    await commented(at, pull.number, 'serves again');
    await until('one pull request of the incident', async () => {
      const incidents = (await allPulls(at)).filter(({ head }) => head.ref.startsWith('commander/incident-'));
      return incidents.length === 1;
    });
    await expectNoDuplicates(at);
  });
});

describe('when the repository changes', () => {
  it('under another name it is still the same one', async () => {
    await expectNoDuplicates(at);
    const renamed = 'acme/deployments';
    at.github.rename(REPOSITORY, renamed);
    await at.ask('mike-1', 'Deploy mike v1.0.0 to staging.');
    await at.site.proposed('mike-1');
    const rae = at.as('rae');
    const { body } = await done(rae(`GET /repos/${renamed}/pulls?state=open&per_page=100`));
    const pull = (body as PullOf[]).find(({ head }) => head.ref === 'commander/mike-1');
    const path = `/repos/${renamed}/pulls/${pull?.number}`;
    await done(rae(`POST ${path}/reviews`, { event: 'APPROVE', body: 'seen' }));
    await done(rae(`PUT ${path}/merge`, { merge_method: 'squash' }));
    await plans.ranOnce('mike');
    at.github.rename(renamed, REPOSITORY);
  });

  it('archived, that is said in words', async () => {
    await plans.proposed('november');
    at.github.archive(REPOSITORY);
    await at.site.command('reject', { intent: 'november-1', reason: 'not now' }).catch(() => undefined);
    await until('the log to say it', async () => (await at.site.log()).includes('is archived and read-only'));
    expect((await at.site.intent('november-1'))?.plan?.status).toBe('rejected');
    await plans.neverRan('november');
  });
});
