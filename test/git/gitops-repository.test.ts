import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import isomorphic from 'isomorphic-git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createGitOpsRepository,
  type OpenGitOpsRepository,
} from '../../controller/adapters/git/gitops-repository.js';
import { CatFile } from '../../controller/adapters/git/object-reader.js';
import { createSnapshots } from '../../controller/adapters/git/snapshots.js';
import {
  FileTooLarge,
  MergeRefused,
  ObjectMissing,
  RefMoved,
  RepositoryUnavailable,
} from '../../controller/ports/repositories.js';
import {
  ANN,
  commit,
  git,
  IDENTITY,
  newRepository,
  program,
  recordingLog,
  temporaryFolder,
  write,
} from './support.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
const opened: OpenGitOpsRepository[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  path = newRepository(join(folder.path, 'gitops'), {
    'commander.yaml': 'kind: Catalog\n',
    'intents/a.yaml': 'a\n',
  });
});
afterEach(() => {
  for (const repository of opened.splice(0)) repository.close();
  folder.remove();
});

async function open(location = path, branch?: string): Promise<OpenGitOpsRepository> {
  const repository = await createGitOpsRepository({
    git: program,
    location,
    dataDir: join(folder.path, 'data'),
    log: recordingLog(),
    identity: IDENTITY,
    ...(branch === undefined ? {} : { branch }),
  });
  opened.push(repository);
  return repository;
}

const message = 'Plan\n\nBody with ünïcode.\n';
async function propose(
  repository: OpenGitOpsRepository,
  file = 'plan\n',
  branch = 'commander/a',
): Promise<string> {
  const base = (await repository.head()) ?? '';
  const expected = await repository.head(branch);
  return repository.writeBranch({
    branch,
    expected,
    parents: [base],
    files: { 'plans/a.yaml': file },
    message,
  });
}

describe('reading what is committed', () => {
  it('lists, finds and reads files at a commit, and tells files from links and submodules', async () => {
    symlinkSync('a.yaml', join(path, 'intents/link.yaml'));
    git(path, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},intents/module`);
    git(path, 'add', 'intents/link.yaml');
    git(path, 'commit', '-q', '-m', 'odd entries');
    const repository = await open();
    const head = (await repository.head()) ?? '';
    const files = await repository.list(head, 'intents');
    expect(files.map(({ path, kind }) => [path, kind])).toEqual([
      ['intents/a.yaml', 'file'],
      ['intents/link.yaml', 'symlink'],
      ['intents/module', 'submodule'],
    ]);
    expect(await repository.list(head, 'nothing')).toEqual([]);
    expect(await repository.list(head, 'commander.yaml')).toEqual([]);
    expect((await repository.list(head, '')).map((file) => file.path)).toEqual(['commander.yaml']);
    expect(await repository.entry(head, 'intents')).toBeNull();
    expect(await repository.entry(head, 'intents/a.yaml/x')).toBeNull();
    expect(await repository.entry(head, '../a')).toBeNull();
    const entry = await repository.entry(head, 'intents/a.yaml');
    expect((await repository.read(entry?.oid ?? '', 100)).toString()).toBe('a\n');
  });

  it('lists what is in the folders below, links not followed, and notices a change far down', async () => {
    const deep = 'sops/a/b/c/d/e/f/g/h/deep.md';
    const before = commit(path, { 'sops/z.md': 'z', [deep]: 'one' });
    symlinkSync('../..', join(path, 'sops/a/up'));
    git(path, 'add', 'sops/a/up');
    git(path, 'commit', '-q', '-m', 'a link to a folder');
    const after = commit(path, { [deep]: 'two' });
    const repository = await open();
    expect((await repository.walk(before, 'sops')).files.map(({ path }) => path)).toEqual([
      deep,
      'sops/z.md',
    ]);
    const { files, complete } = await repository.walk(after, 'sops');
    expect(files.map(({ path, kind }) => [path, kind])).toEqual([
      [deep, 'file'],
      ['sops/a/up', 'symlink'],
      ['sops/z.md', 'file'],
    ]);
    expect(complete).toBe(true);
    expect((await repository.walk(before, 'sops')).files).not.toEqual(files);
    expect(await repository.walk(after, 'nothing')).toEqual({ files: [], complete: true });
  });

  it('looks at no more folders than it says when one small tree stands for a million', async () => {
    const mktree = (input: string) =>
      execFileSync('git', ['-C', path, 'mktree', '--missing'], { input, encoding: 'utf8' }).trim();
    let tree = mktree(`100644 blob ${'1'.repeat(40)}\tx.md\n`);
    for (let level = 0; level < 6; level += 1)
      tree = mktree(Array.from({ length: 10 }, (_, at) => `040000 tree ${tree}\t${at}\n`).join(''));
    tree = mktree(`040000 tree ${tree}\tsops\n`);
    const bomb = git(path, 'commit-tree', '-m', 'bomb', tree);
    const { files, complete } = await (await open()).walk(bomb, 'sops');
    expect(complete).toBe(false);
    expect(files.length).toBeLessThanOrEqual(10_000);
  });

  it('sees a commit of another process at once, loose or packed, before and after git gc', async () => {
    const repository = await open();
    for (const round of [1, 2, 3]) {
      const made = commit(path, { 'intents/a.yaml': `round ${round}\n` });
      expect(await repository.head()).toBe(made);
      const entry = await repository.entry(made, 'intents/a.yaml');
      expect((await repository.read(entry?.oid ?? '', 100)).toString()).toBe(`round ${round}\n`);
      git(path, 'gc', '-q', '--prune=now');
      expect(existsSync(join(path, '.git/refs/heads/main'))).toBe(false);
      expect(await repository.head()).toBe(made);
      const again = await (await open()).entry(made, 'intents/a.yaml');
      expect(again).toEqual(entry);
      expect((await repository.read(entry?.oid ?? '', 100)).toString()).toBe(`round ${round}\n`);
    }
  });

  it('refuses a blob that is too large without reading it, and goes on', async () => {
    commit(path, { 'intents/big.yaml': 'x'.repeat(3_000_000) });
    const repository = await open();
    const head = (await repository.head()) ?? '';
    const big = (await repository.entry(head, 'intents/big.yaml'))?.oid ?? '';
    const small = (await repository.entry(head, 'intents/a.yaml'))?.oid ?? '';
    const reads = await Promise.allSettled([
      repository.read(big, 65_536),
      repository.read(small, 10),
      repository.read(big, 65_536),
    ]);
    expect(
      reads.map((read) => (read.status === 'rejected' ? read.reason.constructor : read.value.toString())),
    ).toEqual([FileTooLarge, 'a\n', FileTooLarge]);
    await expect(repository.read('1'.repeat(40), 10)).rejects.toThrow(ObjectMissing);
    await expect(repository.read('--help', 10)).rejects.toThrow('Not a git object id');
    await expect(repository.read(head, 10_000)).rejects.toThrow('is a commit, not a file');
  });

  it('reads no object to list an unchanged folder of 10,000 files again', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`intents/i-${index}.yaml`, `${index}`]),
    );
    const first = commit(path, files);
    const second = commit(path, { 'other.txt': 'x' });
    const cat = new CatFile(program, join(path, '.git'), 'test');
    let reads = 0;
    const counting = {
      read: (oid: string, max: number) => {
        reads += 1;
        return cat.read(oid, max);
      },
      close: () => cat.close(),
    };
    const snapshots = createSnapshots(counting);
    const listed = await snapshots.list(first, 'intents');
    expect(listed).toHaveLength(10_001);
    expect(reads).toBe(3);
    expect(await snapshots.list(first, 'intents')).toBe(listed);
    expect(reads).toBe(3);
    expect(await snapshots.list(second, 'intents')).toBe(listed);
    expect(reads).toBe(5);
    cat.close();
  });

  it('agrees with isomorphic-git on what a commit is', async () => {
    const oid = commit(path, { 'intents/b.yaml': 'b' }, 'subject\n\nbody\n');
    const read = await (await open()).commit(oid);
    const peer = await isomorphic.readCommit({ fs, dir: path, oid });
    expect(read).toMatchObject({
      message: peer.commit.message,
      parents: peer.commit.parent,
      author: ANN,
      committer: ANN,
    });
    expect(Date.parse(read.committedAt) / 1000).toBe(peer.commit.committer.timestamp);
  });

  it('knows which commit brought a file in, near and far, and what contains what', async () => {
    const repository = await open();
    const brought = commit(path, { 'plans/a.yaml': 'plan' });
    git(path, 'checkout', '-q', '-b', 'side');
    const side = commit(path, { 'plans/b.yaml': 'other' });
    git(path, 'checkout', '-q', 'main');
    git(path, 'merge', '-q', '--no-ff', '-m', 'merge side', 'side');
    const merge = git(path, 'rev-parse', 'HEAD');
    expect((await repository.introducedBy(merge, 'plans/a.yaml'))?.oid).toBe(brought);
    expect((await repository.introducedBy(merge, 'plans/b.yaml'))?.oid).toBe(merge);
    expect(await repository.introducedBy(merge, 'plans/none.yaml')).toBeNull();
    expect(await repository.contains(merge, side)).toBe(true);
    expect(await repository.contains(side, merge)).toBe(false);
    for (let index = 0; index < 70; index++) git(path, 'commit', '-q', '--allow-empty', '-m', `${index}`);
    const far = git(path, 'rev-parse', 'HEAD');
    expect((await repository.introducedBy(far, 'plans/b.yaml'))?.oid).toBe(merge);
    expect((await repository.introducedBy(far, 'commander.yaml'))?.message).toBe('first\n');
    expect(await repository.contains(far, side)).toBe(true);
    expect(await repository.contains(merge, far)).toBe(false);
    await expect(repository.contains(far, '1'.repeat(40))).rejects.toThrow(ObjectMissing);
  });
});

describe('writing a branch', () => {
  it('writes one commit that git and isomorphic-git find sound, and leaves work tree, index and HEAD alone', async () => {
    write(path, { 'intents/draft.yaml': 'not committed' });
    const repository = await open();
    const base = (await repository.head()) ?? '';
    const head = await propose(repository);
    expect(git(path, 'rev-parse', 'refs/heads/commander/a')).toBe(head);
    expect(git(path, 'diff-tree', '-r', '--name-status', base, head)).toBe('A\tplans/a.yaml');
    expect(git(path, 'log', '-1', '--format=%an <%ae>|%cn|%P|%B', head)).toBe(
      `${IDENTITY.name} <${IDENTITY.email}>|${IDENTITY.name}|${base}|${message.trim()}`,
    );
    expect(git(path, 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(git(path, 'status', '--porcelain')).toBe('?? intents/draft.yaml');
    const peer = await isomorphic.readBlob({ fs, dir: path, oid: head, filepath: 'plans/a.yaml' });
    expect(Buffer.from(peer.blob).toString()).toBe('plan\n');
    expect((await repository.commit(head)).message).toBe(message);
    expect(
      readdirSync(join(path, '.git/objects'), { recursive: true }).filter((name) =>
        String(name).includes('tmp_'),
      ),
    ).toEqual([]);
  });

  it('adds, replaces and deletes files at several depths in one commit, in git’s order', async () => {
    commit(path, { 'a/b/c.txt': '1', 'a/b.txt': '2', 'a-b': '3', a0: '4' });
    const repository = await open();
    const base = (await repository.head()) ?? '';
    const files = { 'a/b/c.txt': null, 'a/b.txt': 'new', 'a/z/y/x.txt': 'deep', 'a.txt': 'top' };
    const head = await repository.writeBranch({
      branch: 'x',
      expected: null,
      parents: [base],
      files,
      message: 'm',
    });
    expect(git(path, 'diff-tree', '-r', '--name-status', base, head).split('\n')).toEqual([
      'A\ta.txt',
      'M\ta/b.txt',
      'D\ta/b/c.txt',
      'A\ta/z/y/x.txt',
    ]);
    expect(git(path, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('is a compare-and-swap: a branch that moved is not overwritten, whoever moved it', async () => {
    const repository = await open();
    const head = await propose(repository);
    const base = (await repository.head()) ?? '';
    const request = { branch: 'commander/a', parents: [base], files: { 'plans/a.yaml': 'x' }, message: 'm' };
    await expect(repository.writeBranch({ ...request, expected: null })).rejects.toThrow(RefMoved);
    await expect(repository.writeBranch({ ...request, expected: base })).rejects.toThrow(RefMoved);
    git(path, 'branch', '-f', 'commander/a', base);
    await expect(repository.writeBranch({ ...request, expected: head })).rejects.toThrow(RefMoved);
    await expect(repository.writeBranch({ ...request, branch: 'gone', expected: head })).rejects.toThrow(
      RefMoved,
    );
    expect(git(path, 'rev-parse', 'commander/a')).toBe(base);
  });

  it('lets exactly one of many writers at the same time win', async () => {
    const repositories = await Promise.all([open(), open(), open(), open()]);
    const base = (await repositories[0]?.head()) ?? '';
    const writes = repositories.map((repository, index) =>
      repository.writeBranch({
        branch: 'commander/race',
        expected: null,
        parents: [base],
        files: { f: `${index}` },
        message: `${index}`,
      }),
    );
    const results = await Promise.allSettled(writes);
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toEqual([git(path, 'rev-parse', 'commander/race')]);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RefMoved);
  });

  it('never writes the protected branch, nor a path or a name outside of the repository', async () => {
    const repository = await open();
    const base = (await repository.head()) ?? '';
    const request = { branch: 'x', expected: null, parents: [base], files: { f: 'x' }, message: 'm' };
    await expect(repository.writeBranch({ ...request, branch: 'main', expected: base })).rejects.toThrow(
      'protected',
    );
    for (const bad of ['../x', '.git/config', 'a/../b', '/etc/passwd', 'a//b', 'x\ny']) {
      await expect(repository.writeBranch({ ...request, files: { [bad]: 'x' } }), bad).rejects.toThrow(
        'Not a path',
      );
    }
    for (const bad of ['../../config', 'a..b', 'a b', '', 'x.lock', 'a\nb']) {
      await expect(repository.writeBranch({ ...request, branch: bad }), bad).rejects.toThrow(
        'Not a branch name',
      );
      expect(await repository.head(bad)).toBeNull();
    }
    expect(await repository.branches('')).toEqual(['main']);
  });

  it('replaces a symbolic ref in the branch’s place instead of following it', async () => {
    git(path, 'symbolic-ref', 'refs/heads/commander/a', 'refs/heads/main');
    const repository = await open();
    const base = (await repository.head()) ?? '';
    await propose(repository);
    expect(git(path, 'rev-parse', 'main')).toBe(base);
  });

  it('says which branch is in the way, and that a lock is left behind', async () => {
    git(path, 'branch', 'commander');
    const repository = await open();
    await expect(propose(repository)).rejects.toThrow(/refs\/heads\/commander is in the way. Rename it/);
    git(path, 'branch', '-D', 'commander');
    mkdirSync(join(path, '.git/refs/heads/commander'), { recursive: true });
    writeFileSync(join(path, '.git/refs/heads/commander/a.lock'), '');
    await expect(propose(repository)).rejects.toThrow(/is locked .*a\.lock.* delete that file/);
  });

  it('lists branches by prefix and deletes one only where it was last seen', async () => {
    const repository = await open();
    const head = await propose(repository);
    await propose(repository, 'b', 'commander/b');
    expect(await repository.branches('commander/')).toEqual(['commander/a', 'commander/b']);
    await expect(repository.deleteBranch('commander/b', head)).rejects.toThrow(RefMoved);
    git(path, 'pack-refs', '--all');
    await repository.deleteBranch('commander/a', head);
    expect(await repository.branches('commander/')).toEqual(['commander/b']);
    expect(await repository.head('commander/a')).toBeNull();
    await expect(repository.deleteBranch('commander/a', head)).rejects.toThrow(RefMoved);
  });

  it('does not delete a branch under the feet of who has it checked out', async () => {
    const repository = await open();
    const head = await propose(repository);
    git(path, 'switch', '-q', 'commander/a');
    await expect(repository.deleteBranch('commander/a', head)).rejects.toThrow(
      /checked out in .*git switch main/,
    );
  });
});

describe('merging in the name of a person', () => {
  it('follows in the work tree that has the protected branch checked out, without hooks', async () => {
    const hook = join(path, '.git/hooks/pre-merge-commit');
    mkdirSync(join(path, '.git/hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const repository = await open();
    const head = await propose(repository);
    const merged = await repository.merge('commander/a', head, 'Approve\n\nyes\n', ANN);
    expect(await repository.head()).toBe(merged);
    expect(
      git(path, 'log', '-1', '--format=%an|%cn|%ae|%s|%p').startsWith('Ann|Ann|ann@example.org|Approve|'),
    ).toBe(true);
    expect((await repository.commit(merged)).parents).toHaveLength(2);
    expect(existsSync(join(path, 'plans/a.yaml'))).toBe(true);
    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(await repository.merge('commander/a', head, 'again', ANN)).toBe(merged);
  });

  it('refuses a dirty work tree and a conflict, and leaves everything as it was', async () => {
    const repository = await open();
    const head = await propose(repository);
    write(path, { 'commander.yaml': 'changed' });
    await expect(repository.merge('commander/a', head, 'm', ANN)).rejects.toThrow(
      /uncommitted changes.*commander.yaml.*git stash/s,
    );
    git(path, 'checkout', '-q', 'commander.yaml');
    const base = commit(path, { 'plans/a.yaml': 'another plan\n' });
    await expect(repository.merge('commander/a', head, 'm', ANN)).rejects.toThrow(MergeRefused);
    expect(git(path, 'rev-parse', 'HEAD')).toBe(base);
    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(existsSync(join(path, '.git/MERGE_HEAD'))).toBe(false);
  });

  it('refuses when the branch is not where it was seen', async () => {
    const repository = await open();
    const head = await propose(repository);
    await propose(repository, 'newer\n');
    await expect(repository.merge('commander/a', head, 'm', ANN)).rejects.toThrow(RefMoved);
  });

  it('works in a bare repository, and where another branch is checked out; a conflict is refused there too', async () => {
    const bare = join(folder.path, 'bare.git');
    git(folder.path, 'clone', '-q', '--bare', path, bare);
    git(path, 'switch', '-q', '-c', 'feature');
    for (const location of [bare, path]) {
      const repository = await open(location);
      expect(repository.branch).toBe('main');
      const head = await propose(repository);
      const merged = await repository.merge('commander/a', head, 'Approve', ANN);
      expect(await repository.head()).toBe(merged);
      expect(git(location, 'log', '-1', '--format=%an|%cn', merged)).toBe('Ann|Ann');
      expect(await repository.merge('commander/a', head, 'again', ANN)).toBe(merged);
      const base = git(location, 'rev-parse', 'main~1');
      git(location, 'branch', '-f', 'commander/c', base);
      const rival = await repository.writeBranch({
        branch: 'commander/c',
        expected: base,
        parents: [base],
        files: { 'plans/a.yaml': 'rival' },
        message: 'm',
      });
      await expect(repository.merge('commander/c', rival, 'm', ANN)).rejects.toThrow(
        /in conflict.*plans\/a.yaml/s,
      );
    }
    expect(git(path, 'status', '--porcelain')).toBe('');
  });

  it('follows in a linked work tree', async () => {
    const linked = join(folder.path, 'linked');
    git(path, 'switch', '-q', '-c', 'feature');
    git(path, 'worktree', 'add', '-q', linked, 'main');
    const repository = await open(linked);
    expect(repository.branch).toBe('main');
    expect(repository.watchPaths()[0]).toBe(join(path, '.git/refs/heads'));
    const head = await propose(repository);
    const merged = await repository.merge('commander/a', head, 'Approve', ANN);
    expect(await repository.head()).toBe(merged);
    expect(existsSync(join(linked, 'plans/a.yaml'))).toBe(true);
    expect(existsSync(join(path, 'plans/a.yaml'))).toBe(false);
  });
});

describe('opening', () => {
  it('takes main or master, the only branch, or the configured one; otherwise it asks', async () => {
    git(path, 'switch', '-q', '-c', 'commander/review');
    expect((await open()).branch).toBe('main');
    git(path, 'branch', '-m', 'main', 'trunk');
    expect((await open()).branch).toBe('trunk');
    git(path, 'branch', 'other', 'trunk');
    await expect(open()).rejects.toThrow(/Which branch of .* is the protected one\?.*Configure the branch/);
    expect((await open(path, 'other')).branch).toBe('other');
    await expect(open(path, '--force x')).rejects.toThrow('is not a branch name');
  });

  it('has no head in a repository without commits', async () => {
    const empty = join(folder.path, 'empty');
    git(folder.path, 'init', '-q', '-b', 'main', empty);
    const repository = await open(empty);
    expect(await repository.head()).toBeNull();
    expect(repository.watchPaths()).toEqual([
      join(empty, '.git/refs/heads'),
      join(empty, '.git/packed-refs'),
    ]);
  });

  it('says what is wrong with a place that is no repository, and never takes one further up', async () => {
    mkdirSync(join(path, 'sub'));
    for (const location of [join(folder.path, 'nothing'), folder.path, join(path, 'sub')]) {
      await expect(open(location), location).rejects.toThrow(
        /there is no git repository there.*Check the path/s,
      );
    }
    for (const location of ['ext::sh -c id', '-x', 'foo://a/b', '', 'a\nb']) {
      await expect(open(location), location).rejects.toThrow(RepositoryUnavailable);
    }
  });

  it('tells when the repository goes away while it is open', async () => {
    const repository = await open();
    const head = (await repository.head()) ?? '';
    repository.close();
    rmSync(path, { recursive: true });
    await expect(repository.head()).rejects.toThrow(RepositoryUnavailable);
    await expect(repository.commit(head)).rejects.toThrow(RepositoryUnavailable);
  });
});

describe('a remote repository', () => {
  const upstream = () => join(folder.path, 'upstream.git');
  const url = () => `file://${upstream()}`;
  beforeEach(() => {
    git(folder.path, 'clone', '-q', '--bare', path, upstream());
    git(path, 'remote', 'add', 'origin', upstream());
  });

  it('is followed through a mirror: refresh brings commits, branches are pushed with a lease', async () => {
    const repository = await open(url());
    expect(repository.id).toBe(url());
    expect(repository.watchPaths()).toEqual([]);
    const made = commit(path, { 'intents/b.yaml': 'b' });
    git(path, 'push', '-q', 'origin', 'main');
    expect(await repository.head()).not.toBe(made);
    await repository.refresh(new AbortController().signal);
    expect(await repository.head()).toBe(made);
    const head = await propose(repository);
    expect(git(upstream(), 'rev-parse', 'commander/a')).toBe(head);
    const newer = await propose(repository, 'newer\n');
    expect(git(upstream(), 'rev-parse', 'commander/a')).toBe(newer);
    const merged = await repository.merge('commander/a', newer, 'Approve', ANN);
    expect(git(upstream(), 'rev-parse', 'main')).toBe(merged);
    await repository.deleteBranch('commander/a', newer);
    expect(git(upstream(), 'branch', '--list')).toBe('* main');
    expect(await repository.head('commander/a')).toBeNull();
  });

  it('does not overwrite what others pushed since the last refresh', async () => {
    const repository = await open(url());
    const head = await propose(repository);
    git(path, 'fetch', '-q', 'origin');
    git(path, 'switch', '-q', 'commander/a');
    const theirs = commit(path, { 'plans/a.yaml': 'edited' });
    git(path, 'push', '-q', 'origin', 'commander/a');
    await expect(propose(repository, 'ours')).rejects.toThrow(RefMoved);
    await expect(repository.deleteBranch('commander/a', head)).rejects.toThrow(RefMoved);
    expect(git(upstream(), 'rev-parse', 'commander/a')).toBe(theirs);
    git(path, 'switch', '-q', 'main');
    commit(path, { 'intents/c.yaml': 'c' });
    git(path, 'push', '-q', 'origin', 'main');
    await expect(repository.merge('commander/a', head, 'm', ANN)).rejects.toThrow(RefMoved);
  });

  it('opens with its last known state when the server is away, and then says so on refresh', async () => {
    const head = await (await open(url())).head();
    rmSync(upstream(), { recursive: true });
    const repository = await open(url());
    expect(await repository.head()).toBe(head);
    await expect(repository.refresh(new AbortController().signal)).rejects.toThrow(
      /there is no git repository there/,
    );
  });

  it('shows no credentials, in its id or in errors', async () => {
    const secret = 'https://user:hunter2@localhost:1/x.git?token=hunter3';
    const error = await open(secret).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(RepositoryUnavailable);
    expect(String(error)).toContain('https://localhost:1/x.git');
    const shown = `${error instanceof Error ? `${error.message} ${error.stack}` : ''}`;
    expect(shown).not.toMatch(/hunter/);
  });
});
