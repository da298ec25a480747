import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client } from '../stand-in/support.js';
import { commented, done, expectNoDuplicates, merged, told } from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, type PullOf, REPOSITORY } from './site.js';

const SERVICES =
  'alpha bravo charlie delta echo foxtrot golf india juliett kilo lima mike november fern'.split(' ');

let at: GitHubSite;
let plans: Plans;
beforeAll(async () => {
  at = await openGitHubSite({ services: SERVICES.map((name) => ({ name })) });
  plans = plansOf(at);
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

describe.concurrent('a plan that is reviewed and merged', () => {
  const METHODS = { alpha: 'merge', bravo: 'squash', charlie: 'rebase' } as const;
  for (const [service, method] of Object.entries(METHODS))
    it(`runs when the method is ${method}`, async () => {
      const pull = await plans.proposed(service);
      await done(at.review(pull.number));
      const { merge_commit_sha: commit } = await merged(at, pull.number, method);
      await plans.ranOnce(service);
      await told(at, commit, 'commander/plan', 'success', 'approved by github:rae');
      await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
      await commented(at, pull.number, 'released');
      expect((await at.site.intent(`${service}-1`))?.plan?.approvedBy).toEqual(['github:rae']);
    });

  it('runs when its reviewer only commented after having approved', async () => {
    const pull = await plans.proposed('fern');
    await done(at.review(pull.number));
    await done(at.review(pull.number, 'COMMENT'));
    await merged(at, pull.number);
    await plans.ranOnce('fern');
  });

  it('runs when its reviewed branch was merged with git and pushed', async () => {
    const pull = await plans.proposed('delta');
    await done(at.review(pull.number));
    await mergeWithGit(pull);
    await plans.ranOnce('delta');
    expect((await at.pull(pull.number)).merged).toBe(true);
  });
});

/** What `git merge` and `git push` do; GitHub then says of the pull request that it was merged. */
function mergeWithGit({ head }: PullOf): Promise<string> {
  return at.site.people.alone(async (run) => {
    for (let attempt = 1; ; attempt += 1) {
      await run('fetch', '--quiet', 'origin');
      await run('checkout', '--quiet', '-B', 'main', 'origin/main');
      await run('merge', '--quiet', '--no-ff', '--no-edit', head.sha);
      try {
        await run('push', '--quiet', 'origin', 'main');
        return await run('rev-parse', 'HEAD');
      } catch (error) {
        if (attempt === 10) throw error;
      }
    }
  });
}

describe.concurrent('a plan that is merged without the approval that it needs', () => {
  it('is not run without a review, and can be planned again', async () => {
    const pull = await merged(at, (await plans.proposed('echo')).number);
    await plans.refusedIn('echo', pull, 'merged with 0 of 1 approvals');
    await plans.runsAfterPlanningAgain('echo', pull.number);
  });

  it('is not run when it was merged with git and pushed without a review', async () => {
    const pull = await plans.proposed('foxtrot');
    const commit = await mergeWithGit(pull);
    await told(at, commit, 'commander/plan', 'failure', 'merged with 0 of 1 approvals');
    await plans.neverRan('foxtrot');
  });

  it('is not run with a review of an older head', async () => {
    const pull = await plans.proposed('golf');
    await done(at.review(pull.number));
    const before = await plans.digestOf('golf');
    await at.push(await plans.withVersion('golf', 'v1.1.0'), 'A newer one', 'commander/golf-1');
    await plans.replaced('golf', before);
    await plans.refusedIn('golf', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'rae approved the older head');
  });

  it('is not run with the review of somebody who may only read', async () => {
    const pull = await plans.proposed('india');
    await done(at.review(pull.number, 'APPROVE', 'sam'));
    await plans.refusedIn('india', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'sam may not write');
  });

  it('is not run with the review of a bot', async () => {
    const pull = await plans.proposed('juliett');
    const { token } = at.github.addUser('helper', { type: 'Bot' });
    at.github.setPermission(REPOSITORY, 'helper', 'write');
    const review = { event: 'APPROVE', body: 'LGTM' };
    await done(client(at.github, token)(`POST /repos/${REPOSITORY}/pulls/${pull.number}/reviews`, review));
    await plans.refusedIn('juliett', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'helper is no person');
  });

  it('is not run with the review of somebody who may not write any more', async () => {
    const pull = await plans.proposed('kilo');
    const { token } = at.github.addUser('quinn');
    at.github.setPermission(REPOSITORY, 'quinn', 'write');
    const review = { event: 'APPROVE', body: 'fine' };
    await done(client(at.github, token)(`POST /repos/${REPOSITORY}/pulls/${pull.number}/reviews`, review));
    at.github.setPermission(REPOSITORY, 'quinn', 'read');
    await plans.refusedIn('kilo', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'quinn may not write');
  });

  it('is not run with a review that comes after the merge', async () => {
    const pull = await merged(at, (await plans.proposed('lima')).number);
    await plans.refusedIn('lima', pull, 'merged with 0 of 1 approvals');
    await done(at.review(pull.number));
    await commented(at, pull.number, 'rae did not approve before the merge');
    await plans.neverRan('lima');
  });

  it('is not run while a change request stands, and runs when that is dismissed', async () => {
    const pull = await plans.proposed('mike');
    await done(at.review(pull.number));
    const { body: objection } = await done(at.review(pull.number, 'REQUEST_CHANGES', 'olga'));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await told(at, commit, 'commander/plan', 'failure', 'olga asked for changes');
    await commented(at, pull.number, 'olga asked for changes');
    await plans.neverRan('mike');
    const reviews = `/repos/${REPOSITORY}/pulls/${pull.number}/reviews`;
    await done(at.as('rae')(`PUT ${reviews}/${objection.id}/dismissals`, { message: 'settled by phone' }));
    await plans.ranOnce('mike');
  });

  it('is not run when its reviewer changed their mind before the merge', async () => {
    const pull = await plans.proposed('november');
    await done(at.review(pull.number));
    await done(at.review(pull.number, 'REQUEST_CHANGES'));
    await plans.refusedIn(
      'november',
      await merged(at, pull.number, 'squash', 'olga'),
      'rae asked for changes',
    );
  });
});
