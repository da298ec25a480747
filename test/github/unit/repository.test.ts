import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeUnavailable } from '../../../controller/ports/forge.js';
import { RefMoved } from '../../../controller/ports/repositories.js';
import { IDENTITY } from '../../git/support.js';
import { openRepository, type RepositorySite } from './repository-site.js';
import { failureOf, openSite, type Site } from './site.js';

let site: Site;
let at: RepositorySite;
beforeAll(async () => {
  site = await openSite({ files: { 'README.md': 'hello\n', 'plans/old.yaml': 'old\n' } });
  at = await openRepository(site, site.app());
});
afterAll(async () => {
  at.close();
  await site.close();
});
beforeEach(() => site.calm());

describe('writing a branch', () => {
  it('makes one commit of ours on the base, with the file, and leaves the other files', async () => {
    const branch = at.newBranch();
    const base = await at.head();
    const sha = await at.write(branch, 'plan: ünïcode 🚀\n');
    expect(await at.head(branch)).toBe(sha);
    expect(await at.file(branch, 'plans/new.yaml')).toBe('plan: ünïcode 🚀\n');
    expect(await at.file(branch, 'plans/old.yaml')).toBe('old\n');
    expect(await at.repository.commit(sha)).toMatchObject({
      parents: [base],
      author: IDENTITY,
      committer: IDENTITY,
      message: expect.stringContaining('Plan\n\nplan: ünïcode 🚀'),
    });
  });

  it('deletes files where it is told to', async () => {
    const branch = at.newBranch();
    const parents = [(await at.head()) ?? ''];
    const files = { 'plans/old.yaml': null, 'plans/deep/er.yaml': 'x\n' };
    await at.repository.writeBranch({ branch, expected: null, parents, files, message: 'm' });
    expect(await at.file(branch, 'plans/old.yaml')).toBeNull();
    expect(await at.file(branch, 'plans/deep/er.yaml')).toBe('x\n');
  });

  it('again follows the commit that is there, so that nothing is forced', async () => {
    const branch = at.newBranch();
    const first = await at.write(branch, 'one\n');
    const second = await at.write(branch, 'two\n', { expected: first });
    expect((await at.repository.commit(second)).parents).toContain(first);
    expect(await at.file(branch, 'plans/new.yaml')).toBe('two\n');
    expect(await at.repository.contains(second, (await at.head()) ?? '')).toBe(true);
  });

  it('again after the base has moved has the base’s files, and still follows what was there', async () => {
    const branch = at.newBranch();
    const first = await at.write(branch, 'one\n');
    const base = await at.push('main', { 'late.txt': 'late\n' });
    const second = await at.write(branch, 'two\n', { expected: first, parents: [base] });
    expect(await at.file(branch, 'late.txt')).toBe('late\n');
    expect(await at.repository.contains(second, first)).toBe(true);
  });
});

describe('somebody else’s commit on a branch of ours', () => {
  it('is not lost when it came after we looked: the writer is told, and the branch stays', async () => {
    const branch = at.newBranch();
    const ours = await at.write(branch, 'ours\n');
    const theirs = await at.push(branch, { 'plans/new.yaml': 'theirs\n' });
    expect(await failureOf(at.write(branch, 'again\n', { expected: ours }))).toBeInstanceOf(RefMoved);
    expect(await at.head(branch)).toBe(theirs);
  });

  it('is not lost when it came between our commit and its branch', async () => {
    const branch = at.newBranch();
    const ours = await at.write(branch, 'ours\n');
    site.github.faults.set({
      rules: [{ match: { method: 'PATCH' }, times: 1, action: 'slow', milliseconds: 300 }],
    });
    const writing = failureOf(at.write(branch, 'again\n', { expected: ours }));
    const theirs = await at.push(branch, { 'plans/new.yaml': 'theirs\n' }).catch(() => at.head(branch));
    const outcome = await writing;
    const head = (await at.head(branch)) ?? '';
    expect(outcome instanceof RefMoved || outcome.message.startsWith('It did not fail')).toBe(true);
    expect(head === theirs || (await at.repository.contains(head, theirs ?? ''))).toBe(true);
  });

  it('is not lost when the branch was not expected at all', async () => {
    const branch = at.newBranch();
    const theirs = await at.push(branch, { 'x.txt': 'theirs\n' });
    expect(await failureOf(at.write(branch, 'ours\n'))).toBeInstanceOf(RefMoved);
    expect(await at.head(branch)).toBe(theirs);
  });

  it('of two writers at once one wins and the other is told', async () => {
    const branch = at.newBranch();
    const first = await at.write(branch, 'one\n');
    const outcomes = await Promise.allSettled(
      ['two\n', 'three\n', 'four\n'].map((text) => at.write(branch, text, { expected: first })),
    );
    const won = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect([won, lost.every((error) => error instanceof RefMoved)]).toEqual([[await at.head(branch)], true]);
  });
});

describe('an answer that was lost', () => {
  afterEach(() => expect(site.github.requests.some(({ fault }) => fault !== undefined)).toBe(true));
  const lose = (method: string, path: string) =>
    site.github.faults.set({ rules: [{ match: { method, path }, times: 1, action: 'done-then-reset' }] });

  it('to a new branch is no error: it is there', async () => {
    const branch = at.newBranch();
    lose('POST', '/git/refs$');
    const sha = await at.write(branch, 'one\n');
    expect(await at.head(branch)).toBe(sha);
  });

  it('to a moved branch is no error: it was moved', async () => {
    const branch = at.newBranch();
    const first = await at.write(branch, 'one\n');
    lose('PATCH', '/git/refs/');
    const sha = await at.write(branch, 'two\n', { expected: first });
    expect(await at.head(branch)).toBe(sha);
  });

  it.each([
    ['tree', '/git/trees$'],
    ['commit', '/git/commits$'],
  ])('to a new %s is told, nothing has moved, and the next try does it', async (_what, path) => {
    const branch = at.newBranch();
    lose('POST', path);
    expect(await failureOf(at.write(branch, 'one\n'))).toBeInstanceOf(ForgeUnavailable);
    expect(await at.head(branch)).toBeNull();
    expect(await at.head(branch).then(() => at.write(branch, 'one\n'))).toBe(await at.head(branch));
  });

  it('because the request was lost: nothing has moved, and that is told', async () => {
    const branch = at.newBranch();
    site.github.faults.set({ rules: [{ match: { method: 'POST', path: '/git/refs$' }, action: 'reset' }] });
    const error = await failureOf(at.write(branch, 'one\n'));
    expect([error instanceof ForgeUnavailable, await at.head(branch)]).toEqual([true, null]);
    site.expectNoSecrets(error);
  });

  it('to a deletion is no error: it is gone', async () => {
    const branch = at.newBranch();
    const sha = await at.write(branch, 'one\n');
    lose('DELETE', '/git/refs/');
    await at.repository.deleteBranch(branch, sha);
    expect(await at.head(branch)).toBeNull();
  });
});
