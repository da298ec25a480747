import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commented,
  commitAs,
  deleteBranch,
  done,
  expectNoDuplicates,
  looked,
  makeBranch,
  merged,
  moveBranch,
  openPull,
  planOn,
  pullsOf,
  say,
  setPull,
  tipOf,
  told,
} from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, REPOSITORY } from './site.js';

const SERVICES = 'quebec romeo sierra tango uniform victor whiskey xray yankee zulu amber'.split(' ');

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

describe.concurrent('a plan that comes to main in another way', () => {
  it('is not run when its file is pushed to main', async () => {
    const pull = await plans.proposed('quebec');
    await done(at.review(pull.number));
    const file = await planOn(at, 'quebec-1');
    const commit = await at.push({ 'plans/quebec-1.yaml': file }, 'Straight to main');
    await commented(at, pull.number, 'was pushed to main');
    await told(at, pull.head.sha, 'commander/plan', 'failure', 'was pushed to main');
    await told(at, commit, 'commander/plan', 'failure', 'was pushed to main');
    await plans.neverRan('quebec');
  });

  it('is not run when a pull request of a person carries a copy of its file', async () => {
    const pull = await plans.proposed('romeo');
    await makeBranch(at, 'copy-of-romeo');
    const file = await planOn(at, 'romeo-1');
    await commitAs(at, 'pat', 'copy-of-romeo', { 'plans/romeo-1.yaml': file });
    const copy = await openPull(at, 'pat', { head: 'copy-of-romeo' });
    await done(at.review(copy));
    const { merge_commit_sha: commit } = await merged(at, copy);
    await commented(at, pull.number, 'without merging');
    await told(at, commit, 'commander/plan', 'failure', 'romeo-1.yaml');
    await plans.neverRan('romeo');
  });

  it('is not run when its pull request is merged into another branch', async () => {
    const pull = await plans.proposed('sierra');
    await makeBranch(at, 'release-sierra');
    await done(at.review(pull.number));
    await setPull(at, pull.number, { base: 'release-sierra' });
    await told(at, pull.head.sha, 'commander/plan', 'failure', 'release-sierra');
    await merged(at, pull.number);
    await commented(at, pull.number, 'release-sierra');
    await plans.neverRan('sierra');
  });

  it('says so when its pull request is retargeted and merged at once', async () => {
    const pull = await plans.proposed('tango');
    await makeBranch(at, 'release-tango');
    await done(at.review(pull.number));
    await setPull(at, pull.number, { base: 'release-tango' });
    await merged(at, pull.number);
    await commented(at, pull.number, 'release-tango');
    await plans.neverRan('tango');
  });

  it('runs when its base was changed and changed back', async () => {
    const pull = await plans.proposed('uniform');
    await makeBranch(at, 'release-uniform');
    await setPull(at, pull.number, { base: 'release-uniform' });
    await told(at, pull.head.sha, 'commander/plan', 'failure', 'release-uniform');
    await setPull(at, pull.number, { base: 'main' });
    await told(at, pull.head.sha, 'commander/plan', 'success', 'merging approves exactly');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('uniform');
  });

  it('runs once when a second pull request from its branch goes somewhere else', async () => {
    const pull = await plans.proposed('victor');
    await makeBranch(at, 'release-victor');
    const second = await openPull(at, 'pat', { head: 'commander/victor-1', base: 'release-victor' });
    await done(at.review(second));
    await merged(at, second);
    await plans.neverRan('victor');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('victor');
  });
});

describe.concurrent('a plan whose pull request or branch is taken away', () => {
  it('is rejected when that is closed, and lives on when it is opened again', async () => {
    const pull = await plans.proposed('whiskey');
    await setPull(at, pull.number, { state: 'closed' });
    await at.site.planIs('whiskey-1', 'rejected');
    await commented(at, pull.number, 'rejected');
    await told(at, pull.head.sha, 'commander/plan', 'failure', `#${pull.number} was closed`);
    await setPull(at, pull.number, { state: 'open' });
    await at.site.proposed('whiskey-1');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('whiskey');
    expect(await pullsOf(at, 'commander/whiskey-1')).toEqual([pull.number]);
  });

  it('is rejected when its branch is deleted, and comes again when somebody asks for it', async () => {
    const pull = await plans.proposed('xray');
    await deleteBranch(at, 'commander/xray-1');
    await at.site.planIs('xray-1', 'rejected');
    await commented(at, pull.number, 'rejected');
    await say(at, pull.number, '/commander retry');
    const again = await at.pullOf('xray-1');
    await done(at.review(again.number));
    await merged(at, again.number);
    await plans.ranOnce('xray');
  });

  it('is not run when the merge was reverted before it ran', async () => {
    const pull = await plans.proposed('yankee');
    await say(at, pull.number, '/commander hold the day is short');
    await commented(at, pull.number, 'on hold');
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await told(at, commit, 'commander/plan', 'failure', 'on hold');
    await at.push({ 'plans/yankee-1.yaml': null }, 'Revert');
    await say(at, pull.number, '/commander resume');
    await told(at, commit, 'commander/plan', 'failure', 'is not on main any more');
    await commented(at, pull.number, 'is not on main any more');
    await plans.neverRan('yankee');
  });

  it('stays as it is when the merge is reverted after it ran', async () => {
    const pull = await plans.proposed('zulu');
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await plans.ranOnce('zulu');
    await at.push({ 'plans/zulu-1.yaml': null }, 'Revert');
    await looked(at);
    await told(at, commit, 'commander/staging', 'success', 'v1.0.0');
    await plans.ranOnce('zulu');
    expect(await at.site.answer('zulu', 'staging')).toBe('v1.0.0');
  });

  it('says so when its branch was forced back to main', async () => {
    const pull = await plans.proposed('amber');
    const main = (await tipOf(at, 'main')) ?? '';
    const sha = await emptyCommit(main);
    await moveBranch(at, 'commander/amber-1', sha);
    await commented(at, pull.number, 'removed plans/amber-1.yaml from the branch');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.neverRan('amber');
    expect(await tipOf(at, 'commander/amber-1')).toBe(sha);
  });
});

async function emptyCommit(parent: string): Promise<string> {
  const rae = at.as('rae');
  const { body } = await done(rae(`GET /repos/${REPOSITORY}/git/commits/${parent}`));
  const commit = { message: 'Nothing', tree: body.tree.sha, parents: [parent] };
  return (await done(rae(`POST /repos/${REPOSITORY}/git/commits`, commit))).body.sha;
}
