import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHub } from './server.js';
import { appKey, temporaryGitHub } from './support.js';

let github: GitHub;
let end: () => Promise<void>;
let octokit: Octokit;
const at = { owner: 'acme', repo: 'gitops' };

beforeAll(async () => {
  ({ github, end } = await temporaryGitHub());
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' }, private: true });
  const privateKey = appKey();
  const permissions = { contents: 'write', issues: 'write', pull_requests: 'write' } as const;
  github.addApp({ slug: 'commander', appId: 7, privateKey, permissions, events: [] });
  const installationId = github.installApp(7, 'acme/gitops');
  const auth = { appId: 7, privateKey, installationId };
  octokit = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: github.url });
});
afterAll(() => end());

describe('GitHub’s own client', () => {
  it('signs in as an App and reads and writes refs whose names have slashes', async () => {
    const main = await octokit.git.getRef({ ...at, ref: 'heads/main' });
    const { sha } = main.data.object;
    await octokit.git.createRef({ ...at, ref: 'refs/heads/team/change', sha });
    expect((await octokit.git.getRef({ ...at, ref: 'heads/team/change' })).data.object.sha).toBe(sha);
    expect((await octokit.repos.getBranch({ ...at, branch: 'team/change' })).data.name).toBe('team/change');
    await octokit.git.deleteRef({ ...at, ref: 'heads/team/change' });
  });

  it('goes through pages', async () => {
    for (const title of ['1', '2', '3']) await octokit.issues.create({ ...at, title });
    const all = await octokit.paginate(octokit.issues.listForRepo, { ...at, per_page: 2 });
    expect(all.map((issue) => issue.title)).toEqual(['3', '2', '1']);
  });

  it('follows a repository to its new name', async () => {
    github.rename('acme/gitops', 'gitops-two');
    expect((await octokit.repos.get(at)).data.full_name).toBe('acme/gitops-two');
    expect((await octokit.issues.create({ ...at, title: 'After' })).status).toBe(201);
  });
});
