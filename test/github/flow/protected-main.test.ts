import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commented,
  commitAs,
  done,
  expectNoDuplicates,
  merged,
  moveBranch,
  say,
  setStatus,
  tipOf,
  told,
} from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, type PullOf, REPOSITORY, until } from './site.js';

const SERVICES = 'birch cedar gorse hazel'.split(' ');

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

describe('on a protected main', () => {
  it('an administrator who passes the protection by approves nothing', async () => {
    at.github.protect(REPOSITORY, 'main', { requiredReviews: 1 });
    try {
      const pull = await proposedBy('birch');
      expect((await at.merge(pull.number)).status).toBe(405);
      await plans.refusedIn(
        'birch',
        await merged(at, pull.number, 'merge', 'olga'),
        'merged with 0 of 1 approvals',
      );
    } finally {
      at.github.unprotect(REPOSITORY, 'main');
    }
  });

  it('a required check has to be there and green, also for an administrator', async () => {
    const pull = await proposedBy('cedar');
    at.github.protect(REPOSITORY, 'main', { requiredChecks: ['ci/build'] });
    try {
      await done(at.review(pull.number));
      const { merge_commit_sha: commit } = await merged(at, pull.number, 'merge', 'olga');
      await told(at, commit, 'commander/plan', 'failure', 'ci/build (pending)');
      await setStatus(at, pull.head.sha, 'ci/build', 'failure');
      await told(at, commit, 'commander/plan', 'failure', 'ci/build (failure)');
      await commented(at, pull.number, 'not green');
      await plans.neverRan('cedar');
      await setStatus(at, pull.head.sha, 'ci/build', 'success');
      await plans.ranOnce('cedar');
    } finally {
      at.github.unprotect(REPOSITORY, 'main');
    }
  });

  it('a merge queue that requires the controller’s own checks gets them, and what it merges runs', async () => {
    const pull = await proposedBy('hazel');
    const requiredChecks = ['commander/plan', 'commander/sop', 'commander/intent'];
    at.github.protect(REPOSITORY, 'main', { requiredChecks });
    try {
      await done(at.review(pull.number));
      await at.github.enqueue(REPOSITORY, pull.number, 'rae');
      await until('the queue to merge it', async () => {
        await at.github.processQueue(REPOSITORY);
        return (await at.pull(pull.number)).merged;
      });
      await plans.ranOnce('hazel');
    } finally {
      at.github.unprotect(REPOSITORY, 'main');
    }
  });

  it('a merge from which main was forced back is not run', async () => {
    const pull = await proposedBy('gorse');
    await say(at, pull.number, '/commander hold');
    await commented(at, pull.number, 'on hold');
    const before = (await tipOf(at, 'main')) ?? '';
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await told(at, commit, 'commander/plan', 'failure', 'on hold');
    await moveBranch(at, 'main', before, 'olga');
    await say(at, pull.number, '/commander resume');
    await told(at, commit, 'commander/plan', 'failure', 'is not on main any more');
    await plans.neverRan('gorse');
  });

  /** The intent goes through a push of an administrator, who may. */
  async function proposedBy(service: string): Promise<PullOf> {
    const text = `Deploy ${service} v1.0.0 to staging.`;
    const file = {
      apiVersion: 'devopscommander.io/v1alpha1',
      kind: 'Intent',
      metadata: { name: `${service}-1` },
      spec: { text },
    };
    await commitAs(at, 'olga', 'main', { [`intents/${service}-1.yaml`]: JSON.stringify(file) });
    return at.pullOf(`${service}-1`);
  }
});
