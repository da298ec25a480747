import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const never = new AbortController().signal;
const writes = () => site.since().filter(({ method }) => !['GET', 'HEAD'].includes(method));

describe('the protected branch', () => {
  it('is never written or deleted: nothing is even sent', async () => {
    const head = (await at.head()) ?? '';
    site.since();
    expect(await failureOf(at.write('main', 'x\n', { expected: head }))).toBeInstanceOf(TypeError);
    expect(await failureOf(at.repository.deleteBranch('main', head))).toBeInstanceOf(TypeError);
    expect(writes()).toEqual([]);
    expect(await at.head()).toBe(head);
  });

  it('is not merged into: people do that on GitHub', async () => {
    const error = await failureOf(at.repository.merge('x', 'y', 'm', IDENTITY));
    expect(error.message).toContain('reviewed and merged there');
  });
});

describe('deleting a branch', () => {
  it('deletes it where we left it, and is nothing the second time', async () => {
    const branch = at.newBranch();
    const sha = await at.write(branch, 'one\n');
    await at.repository.deleteBranch(branch, sha);
    expect(await at.head(branch)).toBeNull();
    site.since();
    await at.repository.deleteBranch(branch, sha);
    expect(writes()).toEqual([]);
  });

  it('leaves one that somebody has moved', async () => {
    const branch = at.newBranch();
    const sha = await at.write(branch, 'one\n');
    const theirs = await at.push(branch, { 'x.txt': 'x\n' });
    expect(await failureOf(at.repository.deleteBranch(branch, sha))).toBeInstanceOf(RefMoved);
    expect(await at.head(branch)).toBe(theirs);
  });

  it('leaves another one whose name begins like it', async () => {
    const branch = at.newBranch();
    const sha = await at.write(`${branch}-longer`, 'one\n');
    await at.repository.deleteBranch(branch, sha);
    expect(await at.head(`${branch}-longer`)).toBe(sha);
    expect(await at.repository.head(branch)).toBeNull();
  });
});

describe('reading', () => {
  const fetches = () => site.since().filter(({ path }) => path.includes('git-upload-pack'));

  it('fetches when the protected branch has moved, and only then', async () => {
    await at.repository.refresh(never);
    site.since();
    for (let look = 0; look < 3; look += 1) await at.repository.refresh(never);
    expect(site.github.requests.at(-1)).toMatchObject({ status: 304, counted: false });
    expect(fetches()).toEqual([]);
    const moved = await at.push('main', { 'moved.txt': 'x\n' });
    site.since();
    await at.repository.refresh(never);
    expect(fetches().length).toBeGreaterThan(0);
    expect(await at.repository.head()).toBe(moved);
    await at.repository.refresh(never);
    expect(fetches()).toEqual([]);
  });

  it('does not fetch because another branch has moved', async () => {
    await at.repository.refresh(never);
    await at.push(at.newBranch(), { 'x.txt': 'x\n' });
    site.since();
    await at.repository.refresh(never);
    expect(fetches()).toEqual([]);
  });

  it('follows the protected branch when it was forced back', async () => {
    const before = (await at.head()) ?? '';
    await at.push('main', { 'gone.txt': 'x\n' });
    await at.repository.refresh(never);
    await site.olga('PATCH /repos/acme/gitops/git/refs/heads/main', { sha: before, force: true });
    await at.repository.refresh(never);
    expect(await at.repository.head()).toBe(before);
  });

  it('fetches a commit that is asked for and not here yet', async () => {
    const theirs = await at.push(at.newBranch(), { 'plans/new.yaml': 'theirs\n' });
    expect(await at.repository.entry(theirs, 'plans/new.yaml')).toMatchObject({ kind: 'file' });
    const oid = (await at.repository.entry(theirs, 'plans/new.yaml'))?.oid ?? '';
    expect((await at.repository.read(oid, 1000)).toString()).toBe('theirs\n');
  });

  it('asks GitHub where a branch of ours is, each time', async () => {
    const branch = at.newBranch();
    expect(await at.repository.head(branch)).toBeNull();
    const theirs = await at.push(branch, { 'x.txt': 'x\n' });
    expect(await at.repository.head(branch)).toBe(theirs);
  });

  it('fails, rather than telling something old, when GitHub does not say where the branch is', async () => {
    site.github.faults.set({
      rules: [{ match: { path: '/git/ref/heads(/|%2F)main$' }, action: 'status', status: 502 }],
    });
    expect(await failureOf(at.repository.refresh(never))).toBeInstanceOf(ForgeUnavailable);
  });
});
