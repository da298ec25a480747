import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { branchWith, type Client, client, commitOn, heldGitHub } from './support.js';

let github: GitHub;
let end: () => Promise<void>;
let ada: Client;
let bob: Client;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  ({ github, end } = await heldGitHub());
  ada = client(github, github.addUser('ada', { name: 'Ada', email: 'ada@example.com' }).token);
  bob = client(github, github.addUser('bob', { name: 'Bob', email: 'bob@example.com' }).token);
  await github.createRepository('acme/gitops', { files: { 'a.txt': '1\n2\n3\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
  github.setPermission('acme/gitops', 'bob', 'write');
});
afterAll(() => end());

async function open(branch: string, files: Record<string, string>) {
  await branchWith(ada, 'acme/gitops', branch, files);
  return (await ada(`POST ${repo}/pulls`, { title: `Do ${branch}`, head: branch, base: 'main', body: 'why' }))
    .body;
}

async function commit(ref: string) {
  return (await ada(`GET ${repo}/git/commits/${ref}`)).body;
}

async function main(): Promise<string> {
  return (await ada(`GET ${repo}/git/ref/heads/main`)).body.object.sha;
}

describe('pull requests', () => {
  it('opens one for a branch once, finds it by its head, and refuses one without commits', async () => {
    const pull = await open('one', { 'one.txt': '1\n' });
    expect(pull).toMatchObject({
      state: 'open',
      mergeable: true,
      commits: 1,
      changed_files: 1,
      user: { login: 'ada' },
    });
    const again = await ada(`POST ${repo}/pulls`, { title: 'x', head: 'one', base: 'main' });
    expect([again.status, again.body.errors[0].message]).toEqual([
      422,
      'A pull request already exists for acme:one.',
    ]);
    const listed = await ada(`GET ${repo}/pulls?head=acme:one&state=all`);
    expect(listed.body.map((each: { number: number }) => each.number)).toEqual([pull.number]);
    const sha = await main();
    await ada(`POST ${repo}/git/refs`, { ref: 'refs/heads/same', sha });
    const none = await ada(`POST ${repo}/pulls`, { title: 'x', head: 'same', base: 'main' });
    expect([none.status, none.body.errors[0].message]).toEqual([422, 'No commits between main and same']);
  });

  it('merges with a merge commit of who merges, committed by GitHub', async () => {
    const pull = await open('merged', { 'm.txt': 'm\n' });
    const before = await main();
    const merged = await bob(`PUT ${repo}/pulls/${pull.number}/merge`, { sha: pull.head.sha });
    expect(merged.body).toMatchObject({ merged: true });
    expect(await main()).toBe(merged.body.sha);
    const made = await commit(merged.body.sha);
    expect(made.parents.map((parent: { sha: string }) => parent.sha)).toEqual([before, pull.head.sha]);
    expect(made).toMatchObject({
      author: { name: 'Bob' },
      committer: { name: 'GitHub', email: 'noreply@github.com' },
    });
    const shown = (await ada(`GET ${repo}/pulls/${pull.number}`)).body;
    expect(shown).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'bob' },
      merge_commit_sha: merged.body.sha,
    });
    expect((await ada(`PUT ${repo}/pulls/${pull.number}/merge`)).status).toBe(405);
  });

  it('squashes to one commit of who opened it', async () => {
    const pull = await open('squashed', { 's.txt': 's\n' });
    const next = await commitOn(ada, 'acme/gitops', pull.head.sha, { 's2.txt': 's\n' });
    await ada(`PATCH ${repo}/git/refs/heads/squashed`, { sha: next });
    const before = await main();
    const merged = await bob(`PUT ${repo}/pulls/${pull.number}/merge`, { merge_method: 'squash' });
    const made = await commit(merged.body.sha);
    expect(made.parents.map((parent: { sha: string }) => parent.sha)).toEqual([before]);
    expect(made.author.name).toBe('Ada');
    expect(made.message).toBe(`Do squashed (#${pull.number})\n\n* Change s.txt\n\n* Change s2.txt`);
  });

  it('rebases by replaying each commit', async () => {
    const pull = await open('rebased', { 'r.txt': 'r\n' });
    const next = await commitOn(ada, 'acme/gitops', pull.head.sha, { 'r2.txt': 'r\n' });
    await ada(`PATCH ${repo}/git/refs/heads/rebased`, { sha: next });
    const other = await commitOn(ada, 'acme/gitops', await main(), { 'other.txt': 'o\n' });
    await ada(`PATCH ${repo}/git/refs/heads/main`, { sha: other });
    const merged = await bob(`PUT ${repo}/pulls/${pull.number}/merge`, { merge_method: 'rebase' });
    const last = await commit(merged.body.sha);
    const first = await commit(last.parents[0].sha);
    expect([first.message, last.message]).toEqual(['Change r.txt', 'Change r2.txt']);
    expect(first.parents[0].sha).toBe(other);
    expect(last).toMatchObject({ author: { name: 'Ada' }, committer: { name: 'Bob' } });
  });

  it('refuses a head that has moved (409) and a conflict (405)', async () => {
    const pull = await open('conflicting', { 'a.txt': 'one\n' });
    const stale = await bob(`PUT ${repo}/pulls/${pull.number}/merge`, { sha: 'a'.repeat(40) });
    expect(stale.status).toBe(409);
    const other = await commitOn(ada, 'acme/gitops', await main(), { 'a.txt': 'other\n' });
    await ada(`PATCH ${repo}/git/refs/heads/main`, { sha: other });
    const shown = (await ada(`GET ${repo}/pulls/${pull.number}`)).body;
    expect(shown).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const refused = await bob(`PUT ${repo}/pulls/${pull.number}/merge`);
    expect([refused.status, refused.body.message]).toEqual([405, 'Pull Request is not mergeable']);
  });

  it('closes one whose branch goes, and reopens it only when the branch is back', async () => {
    const pull = await open('leaving', { 'l.txt': 'l\n' });
    await ada(`DELETE ${repo}/git/refs/heads/leaving`);
    expect((await ada(`GET ${repo}/pulls/${pull.number}`)).body).toMatchObject({
      state: 'closed',
      merged: false,
    });
    const gone = await ada(`PATCH ${repo}/pulls/${pull.number}`, { state: 'open' });
    expect(gone.status).toBe(422);
    await ada(`POST ${repo}/git/refs`, { ref: 'refs/heads/leaving', sha: pull.head.sha });
    const reopened = await ada(`PATCH ${repo}/pulls/${pull.number}`, { state: 'open', title: 'Back' });
    expect(reopened.body).toMatchObject({ state: 'open', title: 'Back', closed_at: null });
  });

  it('marks one as merged whose commits reach the base by a push', async () => {
    const pull = await open('landed', { 'landed.txt': 'l\n' });
    await bob(`PATCH ${repo}/git/refs/heads/main`, { sha: pull.head.sha, force: true });
    const shown = (await ada(`GET ${repo}/pulls/${pull.number}`)).body;
    expect(shown).toMatchObject({
      merged: true,
      merged_by: { login: 'bob' },
      merge_commit_sha: pull.head.sha,
    });
  });
});

describe('reviews', () => {
  it('lets others approve but not the author, and dismisses', async () => {
    const pull = await open('reviewed', { 'v.txt': 'v\n' });
    const own = await ada(`POST ${repo}/pulls/${pull.number}/reviews`, { event: 'APPROVE' });
    expect([own.status, own.body.errors]).toEqual([422, ['Can not approve your own pull request']]);
    const review = await bob(`POST ${repo}/pulls/${pull.number}/reviews`, { event: 'APPROVE', body: 'ok' });
    expect(review.body).toMatchObject({
      state: 'APPROVED',
      commit_id: pull.head.sha,
      user: { login: 'bob' },
    });
    const url = `PUT ${repo}/pulls/${pull.number}/reviews/${review.body.id}/dismissals`;
    expect((await ada(url, { message: 'no' })).body.state).toBe('DISMISSED');
    expect((await ada(`GET ${repo}/pulls/${pull.number}/reviews`)).body).toHaveLength(1);
  });
});

describe('protection', () => {
  it('holds a merge back until the required check and review are there, except for an administrator', async () => {
    github.protect('acme/gitops', 'main', { requiredChecks: ['ci'], requiredReviews: 1 });
    const pull = await open('guarded', { 'g.txt': 'g\n' });
    expect(pull.mergeable_state).toBe('blocked');
    const merge = `PUT ${repo}/pulls/${pull.number}/merge`;
    expect((await bob(merge)).body.message).toContain('approving review');
    await bob(`POST ${repo}/pulls/${pull.number}/reviews`, { event: 'APPROVE' });
    expect((await bob(merge)).body.message).toBe('Required status check "ci" is expected.');
    await ada(`POST ${repo}/statuses/${pull.head.sha}`, { state: 'success', context: 'ci' });
    expect((await bob(merge)).status).toBe(200);
    const next = await open('bypassed', { 'b.txt': 'b\n' });
    const admin = client(github, github.addUser('root').token);
    github.setPermission('acme/gitops', 'root', 'admin');
    expect((await admin(`PUT ${repo}/pulls/${next.number}/merge`)).status).toBe(200);
    github.unprotect('acme/gitops', 'main');
  });
});

describe('a draft', () => {
  it('is not merged before it is ready', async () => {
    await branchWith(ada, 'acme/gitops', 'draft', { 'draft.txt': 'd\n' });
    const body = { title: 'Draft', head: 'draft', base: 'main', draft: true };
    const pull = (await ada(`POST ${repo}/pulls`, body)).body;
    expect(pull).toMatchObject({ draft: true, mergeable_state: 'draft' });
    expect((await bob(`PUT ${repo}/pulls/${pull.number}/merge`)).status).toBe(405);
    await github.setDraft('acme/gitops', pull.number, false);
    expect((await bob(`PUT ${repo}/pulls/${pull.number}/merge`)).status).toBe(200);
  });
});

describe('mergeability', () => {
  it('is unknown at first when faults say so, as on GitHub', async () => {
    github.faults.set({ mergeable: 'later' });
    const pull = await open('later', { 'later.txt': 'l\n' });
    expect(pull).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
    const shown = (await ada(`GET ${repo}/pulls/${pull.number}`)).body;
    expect(shown).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    github.faults.clear();
  });
});

describe('a base branch', () => {
  it('that is deleted closes the pull requests into it', async () => {
    await branchWith(ada, 'acme/gitops', 'release', { 'release.txt': 'r\n' });
    await branchWith(ada, 'acme/gitops', 'fix', { 'fix.txt': 'f\n' }, 'release');
    const pull = (await ada(`POST ${repo}/pulls`, { title: 'Fix', head: 'fix', base: 'release' })).body;
    await ada(`DELETE ${repo}/git/refs/heads/release`);
    expect((await ada(`GET ${repo}/pulls/${pull.number}`)).body).toMatchObject({
      state: 'closed',
      merged: false,
    });
  });
});
