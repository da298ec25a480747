import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefMoved } from '../../../controller/ports/repositories.js';
import { openRepository, type RepositorySite } from './repository-site.js';
import { failureOf, openSite, type Site } from './site.js';

let site: Site;
let at: RepositorySite;
beforeAll(async () => {
  site = await openSite();
  at = await openRepository(site, site.app());
});
afterAll(async () => {
  at.close();
  await site.close();
});

it('a branch that a person set back to an older commit of ours has moved: nothing is written', async () => {
  const branch = 'commander/rewound';
  const parents = [(await at.head()) ?? ''];
  const write = (text: string, expected: string | null) =>
    at.repository.writeBranch({ branch, expected, parents, files: { 'a.yaml': text }, message: text });
  const first = await write('one\n', null);
  const second = await write('two\n', first);
  await at.repository.commit(second);
  await site.olga(`PATCH /repos/acme/gitops/git/refs/heads/${branch}`, { sha: first, force: true });
  const outcome = await failureOf(write('three\n', second));
  expect(await at.head(branch)).toBe(first);
  expect(outcome).toBeInstanceOf(RefMoved);
});

describe('somebody else’s change of a branch of ours', () => {
  const write = async (branch: string, text: string, change: { expected?: string } = {}) =>
    at.repository.writeBranch({
      branch,
      expected: null,
      parents: [(await at.head()) ?? ''],
      files: { 'plans/new.yaml': text },
      message: text,
      ...change,
    });
  const newBranch = () => `commander/${randomUUID()}`;

  it('is not lost when it replaced ours by force', async () => {
    const branch = newBranch();
    const ours = await write(branch, 'ours\n');
    const base = await at.head();
    const theirs = await at.push(branch, { 'x.txt': 'other\n' }, base ?? '', true);
    expect(await failureOf(write(branch, 'again\n', { expected: ours }))).toBeInstanceOf(RefMoved);
    expect(await at.head(branch)).toBe(theirs);
  });

  it('a branch that was deleted meanwhile is not made anew', async () => {
    const branch = newBranch();
    const ours = await write(branch, 'ours\n');
    await site.olga(`DELETE /repos/acme/gitops/git/refs/heads/${branch}`);
    expect(await failureOf(write(branch, 'again\n', { expected: ours }))).toBeInstanceOf(RefMoved);
    expect(await at.head(branch)).toBeNull();
  });
});
