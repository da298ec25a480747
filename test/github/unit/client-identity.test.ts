import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubFailure } from '../../../controller/adapters/github/failures.js';
import { appKey } from '../stand-in/support.js';
import { failureOf, openSite, REPOSITORY, type Site } from './site.js';

const at = { owner: 'acme', repo: 'gitops' };
const repo = `/repos/${REPOSITORY}`;
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.calm());

describe('who we are', () => {
  it('is asked once, and is the App’s bot or the user of the token', async () => {
    const [app, user] = [site.app(), site.user()];
    expect(await app.actor()).toEqual({ login: 'commander-app[bot]', kind: 'app' });
    expect(await user.actor()).toEqual({ login: 'commander-bot', kind: 'token' });
    site.since();
    expect([(await app.actor()).kind, (await user.actor()).kind]).toEqual(['app', 'token']);
    expect(site.since()).toEqual([]);
  });

  it('that cannot be told now is asked again later', async () => {
    const user = site.user();
    site.github.faults.set({
      rules: [{ match: { path: '^/user$' }, times: 3, action: 'status', status: 503 }],
    });
    expect((await failureOf(user.actor())).message).toContain('answered 503');
    expect((await user.actor()).login).toBe('commander-bot');
  });
});

describe('the token of an installation', () => {
  it('that is no longer taken is renewed, once, and the request is made again', async () => {
    const app = site.app();
    await app.facts();
    site.github.expireTokens();
    site.since();
    expect((await app.facts()).fullName).toBe(REPOSITORY);
    const paths = site.since().map(({ method, path }) => `${method} ${path.replace(/\d+/, 'n')}`);
    expect(paths.filter((path) => path.includes('access_tokens'))).toHaveLength(1);
    expect(await app.gitToken()).toMatch(/^ghs_/);
  });

  it('is renewed for what is written, too, and nothing is written twice', async () => {
    const { issues } = await site.app().rest();
    await issues.create({ ...at, title: 'before' });
    site.github.expireTokens();
    await issues.create({ ...at, title: 'after the token ended' });
    const { body } = await site.olga(`GET ${repo}/issues?per_page=100`);
    const titles = (body as { title: string }[]).map(({ title }) => title);
    expect(titles.filter((title) => title === 'after the token ended')).toHaveLength(1);
  });

  it('that is refused for good ends in words, and is not asked for endlessly', async () => {
    const app = site.app();
    await app.facts();
    site.since();
    site.github.faults.set({ rules: [{ match: { path: '^/repos/acme/gitops$' }, action: 'unauthorized' }] });
    const error = await failureOf(app.facts());
    expect([error instanceof GitHubFailure, error.status]).toEqual([true, 401]);
    expect(error.message).toMatch(/does not take the credentials.*GITHUB_APP_ID/);
    // @octokit/auth-app asks thrice more with a token of the last seconds: GitHub may not know it everywhere yet.
    expect(site.since().length).toBeLessThan(12);
    site.expectNoSecrets(error);
  });

  it('cannot be had with another key, and the key is not shown', async () => {
    const key = appKey();
    const credentials = { kind: 'app', appId: '4711', privateKey: key, installationId: null } as const;
    const error = await failureOf(site.app({ credentials }).facts());
    expect(error).toMatchObject({ status: 401 });
    site.expectNoSecrets(error);
    expect(error.message).not.toContain(key.slice(40, 80));
  });

  it('of an App that is not installed there: says so', async () => {
    const error = await failureOf(site.app({ name: 'elsewhere' }).facts());
    expect(error.message).toMatch(/knows nothing there.*acme\/elsewhere.*the App is installed/);
  });

  it('of a user is not renewed: the message says what to renew', async () => {
    const error = await failureOf(
      site.user({ credentials: { kind: 'token', token: 'ghp_0123456789abcdefghij' } }).facts(),
    );
    expect(error.message).toContain('Renew GITHUB_TOKEN');
    expect(site.since()).toHaveLength(1);
    site.expectNoSecrets(error);
  });
});
