import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, REPOSITORY, type Site } from './site.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  await site.close();
  expect(site.held.breaches).toEqual([]);
});

describe('check runs, which come with their number and in pages', () => {
  it.each([0, 1, 2, 3])(
    'are the same %i when they are asked for again and nothing has changed',
    async (count) => {
      const client = site.app();
      const octokit = await client.octokit();
      const at = { owner: 'acme', repo: 'gitops' };
      const branch = await site.olga(`GET /repos/${REPOSITORY}/git/ref/heads/main`);
      const { data: commit } = await octokit.rest.git.createCommit({
        ...at,
        message: `with ${count} runs`,
        tree: (await octokit.rest.git.getCommit({ ...at, commit_sha: branch.body.object.sha })).data.tree.sha,
        parents: [branch.body.object.sha],
      });
      for (let run = 0; run < count; run += 1)
        await octokit.rest.checks.create({ ...at, name: `ci-${run}`, head_sha: commit.sha });
      const ask = () =>
        octokit.paginate(octokit.rest.checks.listForRef, { ...at, ref: commit.sha, per_page: 2 });
      const first = (await ask()).map(({ name }) => name).sort();
      expect(first).toHaveLength(count);
      for (let time = 0; time < 3; time += 1)
        expect((await ask()).map(({ name }) => name).sort()).toEqual(first);
    },
  );
});
