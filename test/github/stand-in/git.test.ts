import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { branchWith, type Client, client, commitOn, temporaryGitHub, workingGit } from './support.js';

let github: GitHub;
let folder: string;
let end: () => Promise<void>;
let ada: Client;
let token: string;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  ({ github, folder, end } = await temporaryGitHub());
  ({ token } = github.addUser('ada', { name: 'Ada', email: 'ada@example.com' }));
  ada = client(github, token);
  await github.createRepository('acme/gitops', {
    files: { 'README.md': 'hello\n', 'apps/a.yaml': 'a: 1\n' },
  });
  github.setPermission('acme/gitops', 'ada', 'write');
});
afterAll(() => end());

async function tip(branch: string): Promise<string> {
  return (await ada(`GET ${repo}/git/ref/heads/${branch}`)).body.object.sha;
}

describe('git over REST', () => {
  it('makes blobs, trees and commits and points a branch to them', async () => {
    const base = await tip('main');
    const blob = await ada(`POST ${repo}/git/blobs`, {
      content: Buffer.from('b: 2\n').toString('base64'),
      encoding: 'base64',
    });
    const tree = await ada(`POST ${repo}/git/trees`, {
      base_tree: base,
      tree: [
        { path: 'apps/b.yaml', mode: '100644', type: 'blob', sha: blob.body.sha },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
        { path: 'deep/er/c.txt', mode: '100644', type: 'blob', content: 'c\n' },
      ],
    });
    expect(tree.status).toBe(201);
    const commit = await ada(`POST ${repo}/git/commits`, {
      message: 'Move',
      tree: tree.body.sha,
      parents: [base],
    });
    expect(commit.body.author).toMatchObject({ name: 'Ada', email: 'ada@example.com' });
    const made = await ada(`POST ${repo}/git/refs`, { ref: 'refs/heads/made', sha: commit.body.sha });
    expect(made.status).toBe(201);
    const listing = await ada(`GET ${repo}/git/trees/${commit.body.sha}?recursive=1`);
    expect(listing.body.tree.map((entry: { path: string }) => entry.path)).toEqual([
      'apps',
      'apps/a.yaml',
      'apps/b.yaml',
      'deep',
      'deep/er',
      'deep/er/c.txt',
    ]);
    const file = await ada(`GET ${repo}/contents/deep/er/c.txt?ref=made`);
    expect(Buffer.from(file.body.content, 'base64').toString()).toBe('c\n');
    expect((await ada(`GET ${repo}/contents/README.md?ref=made`)).status).toBe(404);
  });

  it('refuses a second ref of the name and an object that is not there', async () => {
    const sha = await tip('main');
    const second = await ada(`POST ${repo}/git/refs`, { ref: 'refs/heads/main', sha });
    expect([second.status, second.body.message]).toEqual([422, 'Reference already exists']);
    const missing = await ada(`POST ${repo}/git/refs`, { ref: 'refs/heads/x', sha: 'a'.repeat(40) });
    expect([missing.status, missing.body.message]).toEqual([422, 'Object does not exist']);
    expect((await ada(`GET ${repo}/git/ref/heads/none`)).status).toBe(404);
  });

  it('moves a ref forward only, unless forced', async () => {
    const first = await branchWith(ada, 'acme/gitops', 'forward', { 'x.txt': '1\n' });
    const main = await tip('main');
    const sideways = await commitOn(ada, 'acme/gitops', main, { 'x.txt': '2\n' });
    const refused = await ada(`PATCH ${repo}/git/refs/heads/forward`, { sha: sideways });
    expect([refused.status, refused.body.message]).toEqual([422, 'Update is not a fast forward']);
    const onward = await commitOn(ada, 'acme/gitops', first, { 'x.txt': '3\n' });
    expect((await ada(`PATCH ${repo}/git/refs/heads/forward`, { sha: onward })).status).toBe(200);
    const forced = await ada(`PATCH ${repo}/git/refs/heads/forward`, { sha: sideways, force: true });
    expect(forced.body.object.sha).toBe(sideways);
    expect((await ada(`DELETE ${repo}/git/refs/heads/forward`)).status).toBe(204);
    expect((await ada(`GET ${repo}/git/matching-refs/heads/forw`)).body).toEqual([]);
  });

  it('lets exactly one of two writers from the same tip through', async () => {
    const base = await branchWith(ada, 'acme/gitops', 'raced', { 'x.txt': '1\n' });
    const one = await commitOn(ada, 'acme/gitops', base, { 'x.txt': 'one\n' });
    const two = await commitOn(ada, 'acme/gitops', base, { 'x.txt': 'two\n' });
    const answers = await Promise.all(
      [one, two].map((sha) => ada(`PATCH ${repo}/git/refs/heads/raced`, { sha })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
  });
});

describe('git over HTTP', () => {
  it('clones, and takes a push of those who may write', async () => {
    const url = `${github.webUrl}/acme/gitops.git`.replace('://', `://x:${token}@`);
    await workingGit(folder, 'clone', '-q', url, 'clone');
    const clone = join(folder, 'clone');
    await workingGit(clone, 'checkout', '-q', '-b', 'pushed');
    await workingGit(clone, 'commit', '-q', '--allow-empty', '-m', 'Pushed');
    await workingGit(clone, 'push', '-q', 'origin', 'pushed');
    expect(await tip('pushed')).toBe(await workingGit(clone, 'rev-parse', 'HEAD'));
  });

  it('refuses a push of somebody who only reads, and to a protected branch', async () => {
    const reader = github.addUser('rita').token;
    const url = (secret: string) => `${github.webUrl}/acme/gitops.git`.replace('://', `://x:${secret}@`);
    await workingGit(folder, 'clone', '-q', url(reader), 'other');
    const other = join(folder, 'other');
    await workingGit(other, 'commit', '-q', '--allow-empty', '-m', 'Mine');
    await expect(workingGit(other, 'push', '-q', 'origin', 'HEAD:mine')).rejects.toThrow(/403|not granted/);
    github.protect('acme/gitops', 'main', { requiredReviews: 1 });
    await expect(workingGit(other, 'push', '-q', url(token), 'HEAD:main')).rejects.toThrow(/GH006/);
    github.unprotect('acme/gitops', 'main');
  });

  it('shows a private repository to nobody without a token', async () => {
    await github.createRepository('acme/secret', { private: true, files: { a: 'a\n' } });
    await expect(workingGit(folder, 'ls-remote', `${github.webUrl}/acme/secret.git`)).rejects.toThrow();
    github.setPermission('acme/secret', 'ada', 'read');
    const url = `${github.webUrl}/acme/secret.git`.replace('://', `://x:${token}@`);
    expect(await workingGit(folder, 'ls-remote', url)).toContain('refs/heads/main');
  });
});
