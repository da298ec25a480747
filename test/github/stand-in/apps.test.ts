import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { appKey, branchWith, type Client, client, signedJwt, temporaryGitHub } from './support.js';

let github: GitHub;
let end: () => Promise<void>;
let app: Client;
let installation: number;
const repo = '/repos/acme/gitops';
const key = appKey();

beforeAll(async () => {
  ({ github, end } = await temporaryGitHub());
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' }, private: true });
  await github.createRepository('acme/other', { files: { 'a.txt': 'a\n' }, private: true });
  const permissions = {
    contents: 'write',
    pull_requests: 'write',
    checks: 'write',
    statuses: 'read',
  } as const;
  github.addApp({ slug: 'commander', appId: 7, privateKey: key, permissions, events: ['push'] });
  installation = github.installApp(7, 'acme/gitops');
  app = client(github, signedJwt(7, key));
});
afterAll(() => end());

async function installed(): Promise<Client> {
  const issued = await app(`POST /app/installations/${installation}/access_tokens`);
  expect(issued.status).toBe(201);
  return client(github, issued.body.token);
}

describe('an App', () => {
  it('signs in with its own key only', async () => {
    expect((await app('GET /app')).body).toMatchObject({ slug: 'commander', id: 7 });
    expect((await app(`GET ${repo}/installation`)).body).toMatchObject({
      id: installation,
      app_slug: 'commander',
    });
    expect((await client(github, signedJwt(7, appKey()))('GET /app')).status).toBe(401);
    expect((await client(github, signedJwt(7, key, 3600))('GET /app')).status).toBe(401);
  });

  it('does what its permissions allow, in the repositories where it is installed', async () => {
    const bot = await installed();
    await branchWith(bot, 'acme/gitops', 'by-app', { 'b.txt': 'b\n' });
    const pull = await bot(`POST ${repo}/pulls`, { title: 'x', head: 'by-app', base: 'main' });
    expect(pull.body.user).toMatchObject({ login: 'commander[bot]', type: 'Bot' });
    const status = await bot(`POST ${repo}/statuses/${pull.body.head.sha}`, { state: 'success' });
    expect([status.status, status.body.message]).toEqual([403, 'Resource not accessible by integration']);
    expect(status.headers.get('x-accepted-github-permissions')).toBe('statuses=write');
    expect((await bot('GET /repos/acme/other')).status).toBe(404);
    expect((await bot('GET /user')).status).toBe(403);
  });

  it('alone makes check runs', async () => {
    const bot = await installed();
    const sha = await branchWith(bot, 'acme/gitops', 'checked', { 'c.txt': 'c\n' });
    const run = { name: 'plan', head_sha: sha, status: 'completed', conclusion: 'success' };
    expect((await bot(`POST ${repo}/check-runs`, run)).body).toMatchObject({
      conclusion: 'success',
      app: { id: 7 },
    });
    const ada = client(github, github.addUser('ada').token);
    github.setPermission('acme/gitops', 'ada', 'admin');
    expect((await ada(`POST ${repo}/check-runs`, run)).status).toBe(403);
  });

  it('is 401 with tokens that expired, and gets new ones', async () => {
    const bot = await installed();
    github.expireTokens();
    expect((await bot(`GET ${repo}`)).status).toBe(401);
    expect((await (await installed())(`GET ${repo}`)).status).toBe(200);
  });
});
