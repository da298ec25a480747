import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServiceRepository } from '../../controller/adapters/git/service-repository.js';
import type { ServiceRepository, VersionResolution } from '../../controller/ports/repositories.js';
import {
  commit,
  forever,
  git,
  newRepository,
  program,
  recordingLog,
  temporaryFolder,
  write,
} from './support.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let data: string;
let log: ReturnType<typeof recordingLog>;
let services: ServiceRepository;

beforeEach(() => {
  folder = temporaryFolder();
  path = newRepository(join(folder.path, 'checkout'), { 'server.js': 'one\n' });
  data = join(folder.path, 'data');
  log = recordingLog();
  services = createServiceRepository({ git: program, dataDir: data, log });
});
afterEach(() => folder.remove());

async function resolve(
  version: string | null,
  defaultBranch: string | null = null,
): Promise<VersionResolution> {
  await services.refresh(path, forever);
  return services.resolve(path, { version, defaultBranch }, forever);
}

function tags(...names: string[]): void {
  for (const name of names) {
    commit(path, { 'server.js': `${name}\n` }, name);
    git(path, 'tag', '-a', '-m', name, name);
  }
}

describe('resolving a version', () => {
  it('finds tags with and without v, branches, commits, and the default branch', async () => {
    tags('v1.0.0', '2.0.0');
    git(path, 'branch', 'feature/x');
    const head = git(path, 'rev-parse', 'main');
    const one = git(path, 'rev-parse', 'v1.0.0^{commit}');
    const short = one.slice(0, 12);
    const version = (asked: string | null, ref: string, at: string, tag: string) => ({
      asked,
      ref,
      commit: at,
      tag,
    });
    expect(await resolve('v1.0.0')).toEqual({
      ok: true,
      kind: 'tag',
      version: version('v1.0.0', 'v1.0.0', one, `v1.0.0-${short}`),
    });
    expect(await resolve('1.0.0')).toMatchObject({ ok: true, version: { asked: '1.0.0', ref: 'v1.0.0' } });
    expect(await resolve('v2.0.0')).toMatchObject({ ok: true, version: { ref: '2.0.0' } });
    expect(await resolve('feature/x')).toMatchObject({
      ok: true,
      kind: 'branch',
      version: { ref: 'feature/x', tag: `feature-x-${head.slice(0, 12)}` },
    });
    expect(await resolve(one.slice(0, 7))).toEqual({
      ok: true,
      kind: 'commit',
      version: version(one.slice(0, 7), one, one, `commit-${short}`),
    });
    expect(await resolve(one.toUpperCase())).toMatchObject({ ok: true, kind: 'commit' });
    expect(await resolve(null)).toMatchObject({
      ok: true,
      kind: 'branch',
      version: { asked: null, ref: 'main', commit: head },
    });
    expect(await resolve(null, 'feature/x')).toMatchObject({ ok: true, version: { ref: 'feature/x' } });
    expect(await resolve(null, 'mian')).toMatchObject({ ok: false, near: ['main'] });
  });

  it('takes the highest release as latest, and a prerelease only when there is nothing else', async () => {
    tags('v2.0.0-rc.1');
    expect(await resolve('latest')).toMatchObject({ ok: true, version: { ref: 'v2.0.0-rc.1' } });
    tags('v1.9.0', 'v1.10.0', 'nightly', 'v1.2');
    expect(await resolve('latest')).toMatchObject({ ok: true, version: { asked: 'latest', ref: 'v1.10.0' } });
  });

  it('has no latest without release tags', async () => {
    expect(await resolve('latest')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no release tags'),
    });
  });

  it('asks when a name is a tag and a branch of different commits; a version number is the tag', async () => {
    tags('stable', 'v1.0.0');
    commit(path, { x: 'y' });
    git(path, 'branch', 'stable');
    git(path, 'branch', 'v1.0.0');
    const both = [
      git(path, 'rev-parse', 'refs/tags/stable^{commit}'),
      git(path, 'rev-parse', 'refs/heads/stable'),
    ];
    expect(await resolve('stable')).toMatchObject({
      ok: false,
      near: both,
      reason: expect.stringContaining('both tag stable'),
    });
    expect(await resolve('v1.0.0')).toMatchObject({ ok: true, kind: 'tag' });
  });

  it('names at most five near versions for one that does not exist', async () => {
    tags('v1.0.0', 'v2.3.9', 'v2.4.0', 'v2.4.2', 'v2.5.0', 'v3.0.0', 'v0.1.0');
    expect(await resolve('2.4.1')).toMatchObject({
      ok: false,
      near: ['v2.4.0', 'v2.4.2', 'v2.5.0', 'v2.3.9', 'v1.0.0'],
    });
    git(path, 'branch', 'release-candidate');
    expect(await resolve('relaese-candidate')).toMatchObject({ ok: false, near: ['release-candidate'] });
    expect(await resolve('deadbeef')).toMatchObject({
      ok: false,
      reason: 'There is no tag, branch or commit "deadbeef"',
    });
  });

  it('never takes a branch for the commit whose id it looks like', async () => {
    const first = git(path, 'rev-parse', 'HEAD');
    commit(path, { x: '1' });
    git(path, 'update-ref', `refs/heads/${first}`, 'HEAD');
    expect(await resolve(first)).toMatchObject({ ok: true, kind: 'commit', version: { commit: first } });
  });

  it('follows moved and deleted refs, and a changed default branch', async () => {
    tags('v1.0.0');
    await resolve('v1.0.0');
    const next = commit(path, { x: '2' });
    git(path, 'tag', '-f', 'v1.0.0');
    git(path, 'branch', '-m', 'main', 'trunk');
    expect(await resolve('v1.0.0')).toMatchObject({ ok: true, version: { commit: next } });
    expect(await resolve(null)).toMatchObject({ ok: true, version: { ref: 'trunk' } });
    git(path, 'tag', '-d', 'v1.0.0');
    expect(await resolve('v1.0.0')).toMatchObject({ ok: false });
  });
});

describe('a hostile repository', () => {
  it('with refs that look like options, or have newlines, does no harm', async () => {
    const head = git(path, 'rev-parse', 'HEAD');
    const witness = join(folder.path, 'witness');
    for (const name of [`--upload-pack=touch ${witness}`, '--output=x', '-x', 'a;b', '$(id)', '`id`', '&&']) {
      const file = join(path, '.git/refs/heads', name);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, `${head}\n`);
    }
    mkdirSync(join(path, '.git/refs/tags'), { recursive: true });
    writeFileSync(join(path, '.git/refs/tags', 'v1\nv2'), `${head}\n`);
    for (const name of ['--output=x', '-x', 'a;b', '$(id)', '`id`', '&&']) {
      expect(await resolve(name), name).toMatchObject({
        ok: true,
        kind: 'branch',
        version: { commit: head, tag: expect.stringMatching(/^[A-Za-z0-9][\w.-]*-[0-9a-f]{12}$/) },
      });
    }
    expect(await resolve('v1\nv2')).toMatchObject({ ok: false });
    expect(await resolve('--all')).toMatchObject({ ok: false });
    expect(await resolve('main --output=y')).toMatchObject({ ok: false });
    expect(existsSync(witness)).toBe(false);
  });

  it('cannot run hooks, filters or export attributes when its tree is exported', async () => {
    const witness = join(folder.path, 'witness');
    const script = join(folder.path, 'run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${witness}\ncat\n`);
    chmodSync(script, 0o755);
    const head = commit(path, {
      '.gitattributes': '*.js filter=evil\nsecret.txt export-ignore\nid.txt export-subst\n',
      '.gitmodules': '[submodule "m"]\n\tpath = m\n\turl = ext::sh\n',
      '.lfsconfig': '[filter "evil"]\n',
      'secret.txt': 'kept',
      'id.txt': '$Format:%H$',
    });
    git(path, 'config', 'filter.evil.smudge', script);
    for (const hook of ['post-checkout', 'reference-transaction', 'post-merge']) {
      mkdirSync(join(path, '.git/hooks'), { recursive: true });
      writeFileSync(join(path, '.git/hooks', hook), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
    }
    await services.refresh(path, forever);
    const tree = await services.exportTree(path, head, forever);
    expect(readFileSync(join(tree, 'server.js'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(tree, 'secret.txt'), 'utf8')).toBe('kept');
    expect(readFileSync(join(tree, 'id.txt'), 'utf8')).toBe('$Format:%H$');
    expect(existsSync(join(tree, '.git'))).toBe(false);
    expect(existsSync(witness)).toBe(false);
  });

  it('has no links out of its exported tree, however they are built', async () => {
    write(path, { 'a/x.txt': 'inside', 'p/q/y.txt': 'y' });
    const links: [string, string][] = [
      ['inside', 'a/x.txt'],
      ['dangling', 'nothing/here'],
      ['absolute', '/etc/passwd'],
      ['climbs', 'a/../../../etc'],
      ['p/q/d', '../../a'],
      ['p/q/indirect', 'd/../../b'],
      ['loop', 'loop'],
      ['folder', 'a'],
    ];
    for (const [name, target] of links) symlinkSync(target, join(path, name));
    const head = commit(path, {});
    await services.refresh(path, forever);
    const tree = await services.exportTree(path, head, forever);
    const kept = links
      .map(([name]) => name)
      .filter((name) => lstatSync(join(tree, name), { throwIfNoEntry: false }) !== undefined);
    expect(kept).toEqual(['inside', 'dangling', 'p/q/d', 'folder']);
    expect(log.lines.join()).toContain('symbolic links that lead out of the tree were left out');
  });
});

describe('exporting a tree', () => {
  it('gives the files of the commit, keeps them by commit, and leaves nothing else behind', async () => {
    const first = git(path, 'rev-parse', 'HEAD');
    write(path, { 'bin/run': '#!/bin/sh\n' });
    chmodSync(join(path, 'bin/run'), 0o755);
    const second = commit(path, { 'server.js': 'two\n' });
    await services.refresh(path, forever);
    const [one, two, again] = await Promise.all(
      [first, second, second].map((oid) => services.exportTree(path, oid, forever)),
    );
    expect(readFileSync(join(one ?? '', 'server.js'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(two ?? '', 'server.js'), 'utf8')).toBe('two\n');
    expect(lstatSync(join(two ?? '', 'bin/run')).mode & 0o111).not.toBe(0);
    expect(again).toBe(two);
    expect(readdirSync(join(two ?? '', '..')).sort()).toEqual([first, second].sort());
    rmSync(path, { recursive: true });
    expect(await services.exportTree(path, second, forever)).toBe(two);
    expect(await services.has(path, second)).toBe(true);
    expect(await services.has(path, '1'.repeat(40))).toBe(false);
  });

  it('refuses a tree that is too large, and a commit that is not there, saying why', async () => {
    const small = createServiceRepository({
      git: program,
      dataDir: data,
      log,
      limits: { maxBytes: 100, maxFiles: 3 },
    });
    const large = commit(path, { 'big.bin': 'x'.repeat(101) });
    const many = commit(path, { 'big.bin': '', a: 'a', b: 'b', c: 'c' });
    await small.refresh(path, forever);
    await expect(small.exportTree(path, large, forever)).rejects.toThrow(
      /too large to check out: 2 files with 105 bytes/,
    );
    await expect(small.exportTree(path, many, forever)).rejects.toThrow(/5 files/);
    await expect(small.exportTree(path, '1'.repeat(40), forever)).rejects.toThrow(
      /is not in .* \(any more\)/,
    );
    await expect(small.exportTree(path, '--help', forever)).rejects.toThrow(/is not in/);
  });

  it('takes away what a killed controller left, once it is old', async () => {
    const head = git(path, 'rev-parse', 'HEAD');
    await services.refresh(path, forever);
    const kept = join(await services.exportTree(path, head, forever), '..');
    for (const name of ['tmp-old', 'tmp-new']) mkdirSync(join(kept, name));
    const longAgo = Date.now() / 1000 - 7200;
    utimesSync(join(kept, 'tmp-old'), longAgo, longAgo);
    const next = commit(path, { x: 'x' });
    await services.refresh(path, forever);
    await services.exportTree(path, next, forever);
    expect(readdirSync(kept).filter((name) => name.startsWith('tmp-'))).toEqual(['tmp-new']);
  });

  it('is called off by its signal and leaves nothing half-done', async () => {
    const head = git(path, 'rev-parse', 'HEAD');
    await services.refresh(path, forever);
    await expect(services.exportTree(path, head, AbortSignal.abort())).rejects.toThrow();
    expect(
      existsSync(join(data, 'trees'))
        ? readdirSync(join(data, 'trees')).flatMap((name) => readdirSync(join(data, 'trees', name)))
        : [],
    ).toEqual([]);
  });
});

describe('a repository that cannot be used', () => {
  it('is empty, gone or none: each with its reason and what to do', async () => {
    const empty = join(folder.path, 'empty');
    git(folder.path, 'init', '-q', empty);
    await expect(services.refresh(empty, forever)).rejects.toThrow(/is empty. Push a commit/);
    await expect(services.refresh(folder.path, forever)).rejects.toThrow(/there is no git repository there/);
    await expect(services.refresh(join(folder.path, 'gone'), forever)).rejects.toThrow(
      /there is no git repository there/,
    );
    await expect(services.refresh('ext::sh -c id', forever)).rejects.toThrow(/not allowed/);
    await services.refresh(path, forever);
    rmSync(path, { recursive: true });
    await expect(services.refresh(path, forever)).rejects.toThrow(/there is no git repository there/);
  });

  const notRoot = process.getuid?.() !== 0 && process.env.COMMANDER_REQUIRE_ALL !== '1';
  it.skipIf(notRoot)(
    'belongs to another user (skipped unless root, who can give a folder away): the fix is git’s safe.directory',
    async () => {
      for (const name of ['', '.git']) chownSync(join(path, name), 65_534, 65_534);
      await expect(services.refresh(path, forever)).rejects.toThrow(
        /git config --global --add safe.directory/,
      );
    },
  );

  it('hangs: the call ends with its signal, and the git program with it', async () => {
    const server: Server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connected = new Promise<void>((resolve) => server.once('connection', () => resolve()));
    const closed = new Promise<void>((resolve) =>
      server.once('connection', (socket) => socket.resume().once('close', () => resolve())),
    );
    const abort = new AbortController();
    const refresh = services.refresh(`http://127.0.0.1:${port}/x.git`, abort.signal);
    refresh.catch(() => {});
    await connected;
    abort.abort(new Error('enough'));
    await expect(refresh).rejects.toThrow('enough');
    await closed;
    server.close();
  });

  it('has a mirror that was damaged: the mirror is made again', async () => {
    await services.refresh(path, forever);
    const [name] = readdirSync(join(data, 'mirrors'));
    const mirror = join(data, 'mirrors', name ?? '');
    const head = git(path, 'rev-parse', 'HEAD');
    rmSync(join(mirror, 'objects'), { recursive: true });
    await services.refresh(path, forever);
    expect(await resolve('main')).toMatchObject({ ok: true, version: { commit: head } });
    commit(path, { x: 'new' });
    await services.refresh(path, forever);
    expect(await services.exportTree(path, head, forever)).toContain(head);
  });

  it('has a mirror with the lock of a killed git: it is taken away once it is old', async () => {
    await services.refresh(path, forever);
    const [name] = readdirSync(join(data, 'mirrors'));
    const lock = join(data, 'mirrors', name ?? '', 'refs/heads/main.lock');
    mkdirSync(join(lock, '..'), { recursive: true });
    writeFileSync(lock, '');
    const longAgo = Date.now() / 1000 - 7200;
    utimesSync(lock, longAgo, longAgo);
    const head = commit(path, { x: 'new' });
    expect(await resolve('main')).toMatchObject({ ok: true, version: { commit: head } });
  });
});

describe('refreshing at the same time', () => {
  it('shares one fetch in a process, and does no harm between processes', async () => {
    tags('v1.0.0', 'v1.1.0');
    const others = [1, 2, 3].map(() => createServiceRepository({ git: program, dataDir: data, log }));
    await Promise.all([...others, services, services].map((each) => each.refresh(path, forever)));
    for (const each of [...others, services]) {
      expect(await each.resolve(path, { version: 'latest', defaultBranch: null }, forever)).toMatchObject({
        ok: true,
        version: { ref: 'v1.1.0' },
      });
    }
  });

  it('does not end for all when one caller leaves', async () => {
    const leaving = new AbortController();
    const left = services.refresh(path, leaving.signal);
    const stays = services.refresh(path, forever);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await stays;
    expect(await services.resolve(path, { version: null, defaultBranch: null }, forever)).toMatchObject({
      ok: true,
    });
  });
});
