import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { type Client, client, temporaryGitHub } from './support.js';

let github: GitHub;
let end: () => Promise<void>;
let token: string;
let ada: Client;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  ({ github, end } = await temporaryGitHub());
  ({ token } = github.addUser('ada'));
  ada = client(github, token);
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
});
afterAll(() => end());
beforeEach(() => github.faults.clear());

describe('every answer', () => {
  it('has an ETag, and the same question is 304 and does not count against the limit', async () => {
    const first = await ada(`GET ${repo}`);
    const etag = first.headers.get('etag') ?? '';
    const again = await ada(`GET ${repo}`, undefined, { 'if-none-match': etag });
    expect([again.status, again.body]).toEqual([304, '']);
    const remaining = (answer: typeof first) => answer.headers.get('x-ratelimit-remaining');
    expect(remaining(again)).toBe(remaining(first));
    expect(github.requests.slice(-2).map((request) => request.counted)).toEqual([true, false]);
    await ada(`POST ${repo}/issues`, { title: 'Open' });
    expect((await ada(`GET ${repo}`, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is refused once nothing is left of the hour', async () => {
    const { token: poor } = github.addUser('poor');
    const client2 = client(github, poor);
    github.leaveRequests(poor, 1);
    expect((await client2('GET /user')).status).toBe(200);
    const refused = await client2('GET /user');
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect((await client2('GET /rate_limit')).body.rate.remaining).toBe(0);
  });

  it('comes in pages that link to each other', async () => {
    for (const title of ['1', '2', '3']) await ada(`POST ${repo}/issues`, { title });
    const first = await ada(`GET ${repo}/issues?per_page=2&state=all`);
    expect(first.body).toHaveLength(2);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await ada(`GET ${next}`);
    expect(second.headers.get('link')).toContain('rel="prev"');
  });

  it('is there without /api/v3 too, and leads from a former name to the repository', async () => {
    const root = client({ url: github.webUrl }, token);
    expect((await root(`GET ${repo}`)).body.full_name).toBe('acme/gitops');
    await github.createRepository('acme/old', { files: { 'a.txt': 'a\n' } });
    github.setPermission('acme/old', 'ada', 'write');
    github.rename('acme/old', 'new');
    const moved = await ada('GET /repos/acme/old/git/ref/heads/main');
    expect([moved.status, moved.body.message]).toEqual([301, 'Moved Permanently']);
    expect((await ada(`GET ${moved.headers.get('location')}`)).body.ref).toBe('refs/heads/main');
    expect((await ada('POST /repos/acme/old/issues', { title: 'x' })).status).toBe(307);
  });
});

describe('permissions', () => {
  it('hide a private repository, and refuse writing to those who read', async () => {
    await github.createRepository('acme/secret', { private: true, files: { 'a.txt': 'a\n' } });
    expect((await ada('GET /repos/acme/secret')).status).toBe(404);
    github.setPermission('acme/secret', 'ada', 'read');
    expect((await ada('GET /repos/acme/secret')).status).toBe(200);
    const sha = (await ada('GET /repos/acme/secret/git/ref/heads/main')).body.object.sha;
    const refused = await ada('POST /repos/acme/secret/git/refs', { ref: 'refs/heads/x', sha });
    expect(refused.status).toBe(403);
    const permission = await ada('GET /repos/acme/secret/collaborators/ada/permission');
    expect(permission.body).toMatchObject({ permission: 'read', role_name: 'read', user: { login: 'ada' } });
  });

  it('know roles by their older names', async () => {
    github.setPermission('acme/gitops', 'ada', 'maintain');
    const shown = (await ada(`GET ${repo}/collaborators/ada/permission`)).body;
    expect(shown).toMatchObject({ permission: 'write', role_name: 'maintain' });
    github.setPermission('acme/gitops', 'ada', 'write');
  });

  it('do not let anybody write to an archived repository', async () => {
    await github.createRepository('acme/done', { files: { 'a.txt': 'a\n' } });
    github.setPermission('acme/done', 'ada', 'admin');
    github.archive('acme/done');
    expect((await ada('POST /repos/acme/done/issues', { title: 'x' })).status).toBe(403);
  });

  it('are nobody’s without a valid token', async () => {
    expect((await client(github, 'ghp_wrong')('GET /user')).body.message).toBe('Bad credentials');
    expect((await client(github, undefined)('GET /user')).body.message).toBe('Requires authentication');
  });
});

describe('faults', () => {
  it('answer with limits, errors and pages that are no JSON, as often as told', async () => {
    const rule = (action: 'secondary-limit' | 'primary-limit' | 'garbage' | 'unauthorized') =>
      ({ match: { path: '^/repos/acme/gitops$' }, times: 1, action }) as const;
    github.faults.set({
      rules: ['secondary-limit', 'primary-limit', 'garbage', 'unauthorized'].map((each) =>
        rule(each as 'garbage'),
      ),
    });
    const secondary = await ada(`GET ${repo}`);
    expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([403, '1']);
    expect(secondary.body.message).toContain('secondary rate limit');
    const primary = await ada(`GET ${repo}`);
    expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect((await ada(`GET ${repo}`)).body).toContain('<html>');
    expect((await ada(`GET ${repo}`)).status).toBe(401);
    expect((await ada(`GET ${repo}`)).status).toBe(200);
  });

  it('break the connection before the effect, or after it', async () => {
    const count = async () => (await ada(`GET ${repo}/issues?per_page=100`)).body.length;
    const before = await count();
    github.faults.set({ rules: [{ match: { method: 'POST' }, times: 1, action: 'reset' }] });
    await expect(ada(`POST ${repo}/issues`, { title: 'never' })).rejects.toThrow();
    expect(await count()).toBe(before);
    github.faults.set({ rules: [{ match: { method: 'POST' }, times: 1, action: 'done-then-reset' }] });
    await expect(ada(`POST ${repo}/issues`, { title: 'once' })).rejects.toThrow();
    expect(await count()).toBe(before + 1);
  });

  it('hang until the client gives up, and delay', async () => {
    github.faults.set({
      rules: [
        { match: { path: '/user' }, times: 1, action: 'hang' },
        { match: { path: '/user' }, times: 1, action: 'slow', milliseconds: 50 },
        { match: { path: '/user' }, action: 'status', status: 502, body: { message: 'Bad Gateway' } },
      ],
    });
    const signal = AbortSignal.timeout(100);
    await expect(fetch(`${github.url}/user`, { signal })).rejects.toThrow();
    const begun = performance.now();
    expect((await ada('GET /user')).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
    expect((await ada('GET /user')).status).toBe(502);
  });
});
