import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { branchWith, type Client, client, commitOn, heldGitHub, workingGit } from './support.js';

let github: GitHub;
let folder: string;
let end: () => Promise<void>;
let ada: Client;
let eve: Client;
let eveToken: string;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  ({ github, folder, end } = await heldGitHub());
  ada = client(github, github.addUser('ada', { name: 'Ada', email: 'ada@example.com' }).token);
  ({ token: eveToken } = github.addUser('eve'));
  eve = client(github, eveToken);
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
});
afterAll(() => end());

async function open(branch: string, files: Record<string, string>) {
  await branchWith(ada, 'acme/gitops', branch, files);
  return (await ada(`POST ${repo}/pulls`, { title: branch, head: branch, base: 'main' })).body;
}

async function pullsOf(sha: string): Promise<number[]> {
  const answer = await ada(`GET ${repo}/commits/${sha}/pulls`);
  return answer.body.map((pull: { number: number }) => pull.number);
}

async function tip(branch: string): Promise<string> {
  return (await ada(`GET ${repo}/git/ref/heads/${branch}`)).body.object.sha;
}

describe('the pull requests of a commit', () => {
  it.each(['merge', 'squash', 'rebase'])(
    'are those whose %s brought it to the base',
    async (merge_method) => {
      const pull = await open(`by-${merge_method}`, { [`${merge_method}.txt`]: 'x\n' });
      expect(await pullsOf(pull.head.sha)).toEqual([pull.number]);
      const merged = await ada(`PUT ${repo}/pulls/${pull.number}/merge`, { merge_method });
      expect(await pullsOf(merged.body.sha)).toEqual([pull.number]);
      expect(await pullsOf(pull.head.sha)).toEqual([pull.number]);
    },
  );
});

describe('comparing and listing', () => {
  it('tells ahead, behind, diverged and identical', async () => {
    const base = await tip('main');
    await branchWith(ada, 'acme/gitops', 'left', { 'left.txt': 'l\n' });
    await branchWith(ada, 'acme/gitops', 'right', { 'right.txt': 'r\n' });
    const status = async (range: string) => (await ada(`GET ${repo}/compare/${range}`)).body.status;
    expect(await status('main...left')).toBe('ahead');
    expect(await status('left...main')).toBe('behind');
    expect(await status('left...right')).toBe('diverged');
    expect(await status(`main...${base}`)).toBe('identical');
  });

  it('names the accounts of commits by their e-mail', async () => {
    const { body } = await ada(`GET ${repo}/commits/left`);
    expect(body).toMatchObject({
      author: { login: 'ada' },
      files: [{ filename: 'left.txt', status: 'added', additions: 1 }],
    });
    const first = (await ada(`GET ${repo}/commits?per_page=1&sha=main&author=ada@example.com`)).body[0];
    expect(first.commit.author.email).toBe('ada@example.com');
  });
});

describe('a branch behind its base', () => {
  it('is brought up to date by merging the base in', async () => {
    const pull = await open('behind', { 'behind.txt': 'b\n' });
    const moved = await commitOn(ada, 'acme/gitops', await tip('main'), { 'moved.txt': 'm\n' });
    await ada(`PATCH ${repo}/git/refs/heads/main`, { sha: moved });
    const stale = await ada(`PUT ${repo}/pulls/${pull.number}/update-branch`, { expected_head_sha: moved });
    expect(stale.status).toBe(422);
    const updated = await ada(`PUT ${repo}/pulls/${pull.number}/update-branch`, {
      expected_head_sha: pull.head.sha,
    });
    expect(updated.status).toBe(202);
    const head = await tip('behind');
    const commit = (await ada(`GET ${repo}/git/commits/${head}`)).body;
    expect(commit.parents.map((parent: { sha: string }) => parent.sha)).toEqual([pull.head.sha, moved]);
    expect((await ada(`GET ${repo}/pulls/${pull.number}`)).body).toMatchObject({
      head: { sha: head },
      commits: 2,
    });
  });
});

describe('a fork', () => {
  it('opens pull requests whose head is in the base repository too, and follows pushes', async () => {
    const fork = await github.fork('acme/gitops', 'eve');
    const url = `${github.webUrl}/${fork}.git`.replace('://', `://x:${eveToken}@`);
    await workingGit(folder, 'clone', '-q', url, 'fork');
    const clone = join(folder, 'fork');
    await workingGit(clone, 'checkout', '-q', '-b', 'idea');
    await workingGit(clone, 'commit', '-q', '--allow-empty', '-m', 'Idea');
    await workingGit(clone, 'push', '-q', 'origin', 'idea');
    const pull = await eve(`POST ${repo}/pulls`, { title: 'Idea', head: 'eve:idea', base: 'main' });
    expect(pull.body).toMatchObject({
      head: { label: 'eve:idea', repo: { full_name: 'eve/gitops', fork: true } },
    });
    await workingGit(clone, 'commit', '-q', '--allow-empty', '-m', 'More');
    await workingGit(clone, 'push', '-q', 'origin', 'idea');
    const head = await workingGit(clone, 'rev-parse', 'HEAD');
    expect((await ada(`GET ${repo}/git/ref/pull/${pull.body.number}/head`)).body.object.sha).toBe(head);
    expect((await eve(`PUT ${repo}/pulls/${pull.body.number}/merge`)).status).toBe(403);
    expect((await ada(`PUT ${repo}/pulls/${pull.body.number}/merge`, { sha: head })).status).toBe(200);
  });
});

describe('the merge queue', () => {
  it('merges what is green on the merged commit, and drops what fails', async () => {
    github.protect('acme/gitops', 'main', { requiredChecks: ['ci'] });
    const good = await open('good', { 'good.txt': 'g\n' });
    const bad = await open('bad', { 'bad.txt': 'b\n' });
    const last = await open('last', { 'last.txt': 'l\n' });
    const first = await github.enqueue('acme/gitops', good.number, 'ada');
    const second = await github.enqueue('acme/gitops', bad.number);
    await github.enqueue('acme/gitops', last.number);
    expect(first.branch).toBe(`gh-readonly-queue/main/pr-${good.number}-${await tip('main')}`);
    expect(await github.processQueue('acme/gitops')).toEqual({ merged: [], removed: [] });
    await ada(`POST ${repo}/statuses/${first.headSha}`, { state: 'success', context: 'ci' });
    await ada(`POST ${repo}/statuses/${second.headSha}`, { state: 'failure', context: 'ci' });
    expect(await github.processQueue('acme/gitops')).toEqual({
      merged: [good.number],
      removed: [bad.number],
    });
    expect(await tip('main')).toBe(first.headSha);
    expect((await ada(`GET ${repo}/pulls/${good.number}`)).body).toMatchObject({
      merged: true,
      merged_by: { login: 'ada' },
    });
    const queued = (await ada(`GET ${repo}/git/matching-refs/heads/gh-readonly-queue`)).body;
    expect(queued.map((ref: { ref: string }) => ref.ref)).toEqual([
      `refs/heads/gh-readonly-queue/main/pr-${last.number}-${first.headSha}`,
    ]);
    github.unprotect('acme/gitops', 'main');
  });
});

describe('deployments', () => {
  it('that succeed make the earlier ones of their environment inactive', async () => {
    const ids: number[] = [];
    for (const ref of ['main', 'main', 'main']) {
      const environment = ids.length === 1 ? 'other' : 'production';
      const made = await ada(`POST ${repo}/deployments`, {
        ref,
        environment,
        required_contexts: [],
        auto_merge: false,
      });
      ids.push(made.body.id);
      await ada(`POST ${repo}/deployments/${made.body.id}/statuses`, { state: 'success' });
    }
    const states = async (id: number | undefined) =>
      (await ada(`GET ${repo}/deployments/${id}/statuses`)).body.map(
        (status: { state: string }) => status.state,
      );
    expect(await states(ids[0])).toEqual(['inactive', 'success']);
    expect(await states(ids[1])).toEqual(['success']);
    const listed = (await ada(`GET ${repo}/deployments?environment=production`)).body;
    expect(listed.map((each: { id: number }) => each.id)).toEqual([ids[2], ids[0]]);
  });
});
