import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCommit } from './refs.js';
import type { GitHub } from './server.js';
import {
  appKey,
  branchWith,
  type Client,
  client,
  commitOn,
  heldGitHub,
  signedJwt,
  workingGit,
} from './support.js';

let github: GitHub;
let folder: string;
let end: () => Promise<void>;
let ada: Client;
let eve: Client;
let adaToken: string;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  ({ github, folder, end } = await heldGitHub());
  ({ token: adaToken } = github.addUser('ada', { name: 'Ada', email: 'ada@example.com' }));
  ada = client(github, adaToken);
  eve = client(github, github.addUser('eve').token);
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
  github.setPermission('acme/gitops', 'eve', 'write');
});
afterAll(() => end());

interface Shown {
  readonly activity_type: string;
  readonly actor: { readonly login: string };
  readonly before: string;
  readonly after: string;
  readonly ref: string;
}

/** Who did what to which commits, newest first. */
async function told(query: string): Promise<string[][]> {
  const { body } = await ada(`GET ${repo}/activity?${query}`);
  return body.map((each: Shown) => [each.activity_type, each.actor.login, each.before, each.after]);
}

async function tip(branch: string): Promise<string> {
  return (await ada(`GET ${repo}/git/ref/heads/${branch}`)).body.object.sha;
}

async function open(branch: string, files: Record<string, string>) {
  await branchWith(ada, 'acme/gitops', branch, files);
  return (await ada(`POST ${repo}/pulls`, { title: branch, head: branch, base: 'main' })).body;
}

describe('the activity of a repository tells who', () => {
  it('created, pushed, forced and deleted a branch by REST, newest first', async () => {
    const first = await branchWith(ada, 'acme/gitops', 'rest', { 'x.txt': '1\n' });
    const second = await commitOn(ada, 'acme/gitops', first, { 'x.txt': '2\n' });
    const aside = await commitOn(ada, 'acme/gitops', await tip('main'), { 'x.txt': '3\n' });
    await eve(`PATCH ${repo}/git/refs/heads/rest`, { sha: second });
    await ada(`PATCH ${repo}/git/refs/heads/rest`, { sha: aside, force: true });
    await eve(`DELETE ${repo}/git/refs/heads/rest`);
    expect(await told('ref=refs/heads/rest')).toEqual([
      ['branch_deletion', 'eve', aside, noCommit],
      ['force_push', 'ada', second, aside],
      ['push', 'eve', first, second],
      ['branch_creation', 'ada', noCommit, first],
    ]);
  });

  it('pushed with git, whoever the commits are by; nothing of tags and of refused pushes', async () => {
    const url = `${github.webUrl}/acme/gitops.git`.replace('://', `://x:${adaToken}@`);
    await workingGit(folder, 'clone', '-q', url, 'clone');
    const clone = join(folder, 'clone');
    const commit = async (...more: string[]) => {
      await workingGit(
        clone,
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        'As Eve',
        '--author',
        'Eve <eve@x>',
        ...more,
      );
      return workingGit(clone, 'rev-parse', 'HEAD');
    };
    await workingGit(clone, 'checkout', '-q', '-b', 'git');
    const first = await commit();
    await workingGit(clone, 'push', '-q', 'origin', 'git', 'HEAD:refs/tags/v1');
    const second = await commit();
    await workingGit(clone, 'push', '-q', 'origin', 'git');
    const amended = await commit('--amend', '--date', '2020-01-01T00:00:00Z');
    await expect(workingGit(clone, 'push', '-q', 'origin', 'git')).rejects.toThrow('rejected');
    await workingGit(clone, 'push', '-q', '-f', 'origin', 'git');
    await workingGit(clone, 'push', '-q', 'origin', ':git');
    expect(await told('ref=git')).toEqual([
      ['branch_deletion', 'ada', amended, noCommit],
      ['force_push', 'ada', second, amended],
      ['push', 'ada', first, second],
      ['branch_creation', 'ada', noCommit, first],
    ]);
    expect(await told('ref=refs/tags/v1')).toEqual([]);
  });

  it.each(['merge', 'squash', 'rebase'])('merged a pull request by %s', async (merge_method) => {
    const pull = await open(`by-${merge_method}`, { [`${merge_method}.txt`]: 'x\n' });
    const before = await tip('main');
    const merged = await eve(`PUT ${repo}/pulls/${pull.number}/merge`, { merge_method });
    expect(await told('ref=main&per_page=1')).toEqual([['pr_merge', 'eve', before, merged.body.sha]]);
  });

  it('merged a pull request through the queue', async () => {
    const pull = await open('queued', { 'queued.txt': 'q\n' });
    const before = await tip('main');
    const { headSha } = await github.enqueue('acme/gitops', pull.number, 'eve');
    expect(await github.processQueue('acme/gitops')).toMatchObject({ merged: [pull.number] });
    expect(await told('ref=main&per_page=1')).toEqual([['merge_queue_merge', 'eve', before, headSha]]);
  });

  it('updated the branch of a pull request with its base: a push', async () => {
    const pull = await open('behind', { 'behind.txt': 'b\n' });
    await branchWith(ada, 'acme/gitops', 'ahead', { 'ahead.txt': 'a\n' });
    await ada(`PATCH ${repo}/git/refs/heads/main`, { sha: await tip('ahead') });
    expect((await eve(`PUT ${repo}/pulls/${pull.number}/update-branch`)).status).toBe(202);
    expect(await told('ref=behind&per_page=1')).toEqual([
      ['push', 'eve', pull.head.sha, await tip('behind')],
    ]);
  });

  it('began the repository: its owner', async () => {
    await github.createRepository('acme/fresh', { files: { 'a.txt': 'a\n' } });
    const { body } = await ada('GET /repos/acme/fresh/activity');
    const main = (await ada('GET /repos/acme/fresh/git/ref/heads/main')).body.object.sha;
    const creation = { before: noCommit, after: main, ref: 'refs/heads/main', actor: { login: 'acme' } };
    expect(body).toMatchObject([{ ...creation, activity_type: 'branch_creation' }]);
  });

  it('acted for an App: its bot', async () => {
    const privateKey = appKey();
    github.addApp({ slug: 'robot', appId: 7, privateKey, permissions: { contents: 'write' }, events: [] });
    const id = github.installApp(7, 'acme/gitops');
    const made = await client(
      github,
      signedJwt(7, privateKey),
    )(`POST /app/installations/${id}/access_tokens`);
    const robot = client(github, made.body.token);
    await branchWith(robot, 'acme/gitops', 'of-robot', { 'r.txt': 'r\n' });
    expect((await robot(`GET ${repo}/activity?ref=of-robot`)).body).toMatchObject([
      { activity_type: 'branch_creation', actor: { login: 'robot[bot]', type: 'Bot' } },
    ]);
  });
});

describe('the activity of a repository is filtered', () => {
  it('by actor and type, together with the branch', async () => {
    await branchWith(eve, 'acme/gitops', 'of-eve', { 'e.txt': 'e\n' });
    const actors = (await told('actor=Eve&per_page=100')).map(([, login]) => login);
    expect(new Set(actors)).toEqual(new Set(['eve']));
    const types = (await told('activity_type=branch_creation&per_page=100')).map(([type]) => type);
    expect(new Set(types)).toEqual(new Set(['branch_creation']));
    expect(await told('ref=of-eve&actor=eve&activity_type=branch_creation&time_period=day')).toHaveLength(1);
    expect(await told('ref=of-eve&actor=ada')).toEqual([]);
    expect(await told('ref=of')).toEqual([]);
  });

  it('by a type that there is', async () => {
    expect((await ada(`GET ${repo}/activity?activity_type=star`)).status).toBe(422);
  });
});

describe('the activity of a private repository', () => {
  it('is seen by its readers only', async () => {
    await github.createRepository('acme/secret', { private: true, files: { 'a.txt': 'a\n' } });
    expect((await ada('GET /repos/acme/secret/activity')).status).toBe(404);
    github.setPermission('acme/secret', 'ada', 'read');
    expect((await ada('GET /repos/acme/secret/activity')).status).toBe(200);
  });
});
