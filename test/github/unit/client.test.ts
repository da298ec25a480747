import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { branchWith } from '../stand-in/support.js';
import { failureOf, openSite, REPOSITORY, type Site } from './site.js';

const at = { owner: 'acme', repo: 'gitops' };
const repo = `/repos/${REPOSITORY}`;
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.calm());

const answered = () => site.github.requests.at(-1);

describe('asking twice', () => {
  it('is answered with 304 and costs nothing, and gives the same', async () => {
    const client = site.user();
    const first = await client.facts();
    expect(answered()).toMatchObject({ status: 200, counted: true });
    expect(await client.facts()).toEqual(first);
    expect(answered()).toMatchObject({ status: 304, counted: false });
    expect(first).toMatchObject({ fullName: REPOSITORY, defaultBranch: 'main', archived: false });
  });

  it('sees what has changed, and then that again for nothing', async () => {
    const client = site.user();
    const { git } = await client.rest();
    await branchWith(site.olga, REPOSITORY, 'moving', { 'a.txt': '1\n' });
    const head = async () => (await git.getRef({ ...at, ref: 'heads/moving' })).data.object.sha;
    const before = await head();
    await branchWith(site.olga, REPOSITORY, 'next', { 'a.txt': '2\n' }, 'moving');
    const { body } = await site.olga(`GET ${repo}/git/ref/heads/next`);
    await site.olga(`PATCH ${repo}/git/refs/heads/moving`, { sha: body.object.sha });
    expect(await head()).toBe(body.object.sha);
    expect(body.object.sha).not.toBe(before);
    expect(await head()).toBe(body.object.sha);
    expect(answered()?.status).toBe(304);
    await site.olga(`DELETE ${repo}/git/refs/heads/moving`);
    expect((await failureOf(head())).message).toContain('knows nothing there');
  });

  it('keeps each question apart: pages, parameters, and what is asked with which words', async () => {
    const client = site.user();
    const { issues } = await client.rest();
    for (const title of ['one', 'two', 'three']) await site.olga(`POST ${repo}/issues`, { title });
    const page = async (number: number) =>
      (await issues.listForRepo({ ...at, per_page: 2, page: number })).data.map(({ title }) => title);
    const pages = [await page(1), await page(2)];
    expect([await page(1), await page(2)]).toEqual(pages);
    expect(pages[0]).not.toEqual(pages[1]);
  });
});

describe('a repository that moved', () => {
  it('is found under its old name, for reading and for writing', async () => {
    const other = 'acme/was';
    await site.github.createRepository(other, { files: { 'a.txt': 'a\n' } });
    site.github.setPermission(other, 'commander-bot', 'write');
    site.github.rename(other, 'is-now');
    const client = site.user({ name: 'was' });
    expect(await client.facts()).toMatchObject({ fullName: 'acme/is-now' });
    const { issues } = await client.rest();
    const { data } = await issues.create({ owner: 'acme', repo: 'was', title: 'still there' });
    expect(data.html_url).toContain('acme/is-now');
    expect((await site.olga('GET /repos/acme/is-now/issues')).body).toHaveLength(1);
  });

  it('does not take the token along to another host', async () => {
    const seen: string[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
    const location = `http://localhost:${(elsewhere.address() as AddressInfo).port}/steal`;
    for (const status of [301, 302, 307]) {
      site.answerOnce(/gitops$/, (_request, response) => response.writeHead(status, { location }).end());
      const error = await failureOf(site.user().facts());
      expect(error.message).toContain('cannot be read');
    }
    elsewhere.close();
    elsewhere.closeAllConnections();
    expect(seen.length).toBe(3);
    expect(seen.join()).not.toContain(site.token);
  });
});

describe('what is not allowed or not there', () => {
  it('404 names the repository and what to check', async () => {
    const error = await failureOf(site.user({ name: 'nothing' }).facts());
    expect(error.status).toBe(404);
    expect(error.message).toMatch(
      /GET .*\/repos\/acme\/nothing.*GITHUB_REPOSITORY \(acme\/nothing\).*commander doctor/,
    );
  });

  it('a missing permission is named, with what to do', async () => {
    const poor = await openSite({ permissions: { contents: 'read', statuses: 'read' } });
    try {
      const { repos } = await poor.app().rest();
      const { body } = await poor.olga(`GET ${repo}/git/ref/heads/main`);
      const asked = { ...at, sha: body.object.sha as string, state: 'success' as const, context: 'x' };
      const error = await failureOf(repos.createCommitStatus(asked));
      expect(error.status).toBe(403);
      expect(error.message).toMatch(/does not allow it.*the permission statuses=write.*Grant it to the App/);
      poor.expectNoSecrets(error);
    } finally {
      await poor.close();
    }
  });

  it('an archived repository is read-only, which is told, and can still be read', async () => {
    await site.github.createRepository('acme/old', { files: { 'a.txt': 'a\n' } });
    site.github.setPermission('acme/old', 'commander-bot', 'write');
    site.github.archive('acme/old');
    const client = site.user({ name: 'old' });
    expect((await client.facts()).archived).toBe(true);
    const { issues } = await client.rest();
    const error = await failureOf(issues.create({ owner: 'acme', repo: 'old', title: 'x' }));
    expect(error.message).toMatch(/acme\/old is archived and read-only: unarchive it/);
  });

  it('what is refused is told in GitHub’s words, on one short line', async () => {
    const { git } = await site.user().rest();
    const error = await failureOf(git.createRef({ ...at, ref: 'refs/heads/x', sha: '0'.repeat(40) }));
    expect(error.status).toBe(422);
    expect(error.message).toMatch(/^GitHub \(POST [^)]*\) refuses: Object does not exist/);
    const long = { message: `no\n${'x'.repeat(5000)}` };
    site.github.faults.set({
      rules: [{ match: { method: 'GET' }, action: 'status', status: 422, body: long }],
    });
    const second = await failureOf(site.user().facts());
    expect(second.message.length).toBeLessThan(600);
    expect(second.message).not.toContain('\n');
  });
});

describe('requests that are left', () => {
  it('are told after each answer: 200, 304 and errors', async () => {
    const client = site.user();
    const told = () => site.remaining.at(-1);
    site.github.leaveRequests(site.token, 100);
    await client.facts();
    expect(told()).toEqual({ resource: 'core', remaining: 99, limit: 5000 });
    await client.facts();
    expect(told()?.remaining).toBe(99);
    const { git } = await client.rest();
    await failureOf(git.getRef({ ...at, ref: 'heads/none' }));
    expect(told()?.remaining).toBe(98);
    const count = site.remaining.length;
    await client.facts();
    expect(site.remaining.length).toBe(count + 1);
    site.github.leaveRequests(site.token, 5000);
  });
});
