import { afterEach, describe, expect, it } from 'vitest';
import { diagnoseGitHub } from '../../../controller/adapters/github/diagnose.js';
import { openSite, REPOSITORY, type Site, type SiteOptions } from './site.js';

let site: Site;
afterEach(async () => {
  await site.close();
  expect(site.held.breaches).toEqual([]);
});
const open = async (options: SiteOptions = {}) => {
  site = await openSite(options);
};

describe('commander doctor on GitHub', () => {
  it('is content with an App that has what the documentation asks for, and with a token that may write', async () => {
    await open();
    expect(await diagnoseGitHub(site.app(), null)).toEqual({
      ok: true,
      detail: `${REPOSITORY} as commander-app[bot], branch main.`,
    });
    expect(await diagnoseGitHub(site.user(), null)).toEqual({
      ok: true,
      detail: `${REPOSITORY} as commander-bot, branch main.`,
    });
  });

  it('leaves nothing behind when it asks what a token may do', async () => {
    await open();
    await diagnoseGitHub(site.user(), null);
    for (const path of ['pulls?state=all', 'deployments', 'commits/main/statuses'])
      expect((await site.olga(`GET /repos/${REPOSITORY}/${path}`)).body, path).toEqual([]);
  });

  it('names each permission that an App lacks', async () => {
    await open({ permissions: { contents: 'write', pull_requests: 'read', issues: 'write' } });
    const { ok, detail } = await diagnoseGitHub(site.app(), null);
    expect(ok).toBe(false);
    expect(detail).toContain(
      'missing pull_requests: write, statuses: write, checks: write, deployments: write',
    );
  });

  it('names what a token of somebody who may only read is refused', async () => {
    await open();
    site.github.setPermission(REPOSITORY, 'commander-bot', 'read');
    const { ok, detail } = await diagnoseGitHub(site.user(), null);
    expect(ok).toBe(false);
    expect(detail).toContain('contents: write');
    expect(detail).toContain('statuses: write');
  });

  it('says that a repository is archived, or renamed', async () => {
    await open();
    site.github.rename(REPOSITORY, 'acme/releases');
    expect((await diagnoseGitHub(site.user(), null)).detail).toContain(
      'It is called acme/releases now: change GITHUB_REPOSITORY',
    );
    site.github.archive('acme/releases');
    expect(await diagnoseGitHub(site.user(), null)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('archived'),
    });
  });

  it('says in words that a token is not taken, without the token', async () => {
    await open();
    const token = 'ghp_notatokenofanybody0123456789abcdef';
    const wrong = site.user({ credentials: { kind: 'token', token } });
    const error = await diagnoseGitHub(wrong, null).catch((failure: Error) => failure.message);
    expect(error).toContain('does not take the credentials');
    expect(error).not.toContain(token);
  });
});
