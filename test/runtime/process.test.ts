import { spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLayout } from '../../controller/adapters/runtime/control/layout.js';
import { createProcessRuntime } from '../../controller/adapters/runtime/index.js';
import type { Service } from '../../controller/domain/catalog.js';
import type { Instance } from '../../controller/domain/release.js';
import { type Artifact, BuildFailed, type Runtime } from '../../controller/ports/runtime.js';
import { runtimeContract } from './contract.js';
import {
  about,
  answers,
  buildRequest,
  ENV,
  get,
  isRunning,
  never,
  remove,
  removeAll,
  runProgram,
  serviceTree,
  silentLog,
  startRequest,
  temporaryFolder,
  until,
} from './support.js';

const unsupported = process.platform === 'win32' ? 'no process groups here' : null;
const MIB = 1024 * 1024;

const create = (dataDir: string): Runtime =>
  createProcessRuntime({
    dataDir,
    log: silentLog,
    env: ENV,
    runProgram,
    stopGraceMs: 2_000,
    logFileBytes: MIB,
  });

describe.skipIf(unsupported !== null)(`process runtime${unsupported ? ` (${unsupported})` : ''}`, () => {
  runtimeContract({
    name: 'shop',
    base: 'none',
    create,
    prepare: async () => undefined,
    dispose: async () => undefined,
  });
});

describe.skipIf(unsupported !== null)('process runtime, what only it does', () => {
  let dataDir = '';
  let tree = '';
  let runtime: Runtime;
  let artifact: Artifact;

  beforeAll(async () => {
    // Long, so that its sockets have to be elsewhere.
    dataDir = join(await temporaryFolder(), 'a-folder-with-a-long-name'.repeat(5));
    tree = await serviceTree('none');
    runtime = create(dataDir);
    artifact = await runtime.build(buildRequest(tree), never);
  });
  afterEach(() => removeAll(runtime));
  afterAll(async () => {
    await remove(dirname(createLayout(dataDir).instance('any').socket));
    await remove(join(dataDir, '..'));
    await remove(join(tree, '..'));
  });

  const start = (id: string, overrides: Partial<Service> = {}): Promise<Instance> =>
    runtime.start(startRequest(id, artifact, 'v1', overrides), never);
  const stateOf = async (instance: Instance) =>
    JSON.parse(await readFile(join(String(instance.handle.folder), 'state.json'), 'utf8'));

  test('removing ends the whole process group, and what ignores SIGTERM after the grace time', async () => {
    const instance = await start('family', { env: { CRASH: 'ignore-sigterm' } });
    const { pid } = await about(instance.port);
    const grandchild = Number(await get(instance.port, '/child'));
    expect(isRunning(grandchild)).toBe(true);
    await runtime.remove(instance);
    for (const member of [pid, grandchild]) await until('ended', async () => !isRunning(member));
  });

  test('a service that ends leaves no child behind that would hold its port', async () => {
    const instance = await start('orphans');
    await answers(instance);
    const grandchild = Number(await get(instance.port, '/child'));
    await get(instance.port, '/exit');
    await until('ended', async () => !isRunning(grandchild));
  });

  test('when the shim is killed, its orphaned program is seen, and replaced by the next start at the same port', async () => {
    const instance = await start('orphan');
    const { pid } = await about(instance.port);
    process.kill((await stateOf(instance)).shim.pid, 'SIGKILL');
    const seen = await until('noticed', async () => {
      const observation = await runtime.observe(instance);
      return observation.state === 'exited' && observation;
    });
    expect(seen.detail).toMatch(/supervising process was killed; its program \(process \d+\) still runs/);
    expect(await start('orphan')).toEqual(instance);
    expect((await about(instance.port)).pid).not.toBe(pid);
    expect(isRunning(pid)).toBe(false);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'running' });
  });

  test('when the shim is killed, removing ends its orphaned program', async () => {
    const instance = await start('orphan');
    const { pid } = await about(instance.port);
    process.kill((await stateOf(instance)).shim.pid, 'SIGKILL');
    await runtime.remove(instance);
    await until('ended', async () => !isRunning(pid));
    expect(await runtime.list()).toEqual([]);
  });

  test('a recorded process id that somebody else has by now is left alone', async () => {
    const instance = await start('reused');
    await answers(instance);
    const state = await stateOf(instance);
    process.kill(state.shim.pid, 'SIGKILL');
    process.kill(-state.child.pid, 'SIGKILL');
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    const child = { ...state.child, pid: stranger.pid };
    await writeFile(join(String(instance.handle.folder), 'state.json'), JSON.stringify({ ...state, child }));
    await runtime.remove(instance);
    expect(isRunning(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  test('a service that prints without end keeps two bounded log files; a cursor into lost lines counts them', async () => {
    const instance = await start('flood');
    await answers(instance);
    const before = await runtime.logs(instance, null, 1);
    await get(instance.port, '/flood?megabytes=20', 60_000);
    await get(instance.port, '/log?text=done');
    const read = await until('the last line', async () => {
      const lines = await runtime.logs(instance, before.next, 5);
      return lines.lines.at(-1) === 'done 0' && lines;
    });
    expect(read.dropped + read.lines.length).toBe(20 * 10_000 + 1);
    const { size } = await folderSize(join(String(instance.handle.folder), 'logs'));
    expect(size).toBeLessThanOrEqual(2 * MIB);
  });

  test('a program that does not exist is an exited instance that says so, not one that is tried for ever', async () => {
    const instance = await start('no-program', { run: ['no-such-program'] });
    const seen = await until('exited', async () => {
      const observation = await runtime.observe(instance);
      return observation.state === 'exited' && observation;
    });
    expect(seen).toMatchObject({ exitCode: 127, restarts: 0 });
    expect(seen.detail).toContain(
      'no-such-program: there is no such program (services[].run in commander.yaml)',
    );
  });

  test('the working folder that was deleted is named', async () => {
    const other = await runtime.build(buildRequest(tree, {}, 'to-be-deleted'), never);
    await remove(other.reference);
    expect(await runtime.exists(other)).toBe(false);
    const instance = await runtime.start(startRequest('no-folder', other, 'v1'), never);
    await until('exited', async () => (await runtime.observe(instance)).detail.includes('to-be-deleted'));
  });

  test('what lives in the folder of another controller is not gone: it is neither judged nor touched, and the setting is named', async () => {
    const instance = await start('elsewhere');
    await answers(instance);
    const other = create(await temporaryFolder());
    const said = /COMMANDER_RELEASES_DIR/;
    await expect(other.observe(instance)).rejects.toThrow(said);
    await expect(other.remove(instance)).rejects.toThrow(said);
    await expect(other.logs(instance, null, 10)).rejects.toThrow(said);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'running' });
  });

  test('an instance whose folder was deleted by hand ends by itself', async () => {
    const instance = await start('tidied');
    const { pid } = await about(instance.port);
    await remove(String(instance.handle.folder));
    await until('ended', async () => !isRunning(pid));
    expect(await runtime.observe(instance)).toMatchObject({ state: 'gone' });
  });

  test('without services[].run the build says what to add', async () => {
    const building = runtime.build(buildRequest(tree, { run: null }, 'no-run'), never);
    await expect(building).rejects.toThrow(BuildFailed);
    await expect(building).rejects.toThrow(/needs services\[\]\.run in commander\.yaml/);
  });

  describe('a build program', () => {
    const build = (script: string, tag: string, timeoutSeconds = 20, signal = never): Promise<Artifact> => {
      const run = [process.execPath, '-e', script];
      const overrides = { build: { context: '.', dockerfile: 'Dockerfile', run, timeoutSeconds } };
      return runtime.build(buildRequest(tree, overrides, tag), signal);
    };
    const failure = async (building: Promise<Artifact>): Promise<BuildFailed> => {
      const error = await building.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error instanceof BuildFailed) return error;
      throw new Error('It did not fail', { cause: error });
    };

    test('runs in the copy of the tree; its result is kept, the tree is not touched', async () => {
      const built = await build(
        `require('fs').writeFileSync('built.txt', 'yes'); console.log('made it')`,
        'made',
      );
      expect(await readFile(join(built.reference, 'built.txt'), 'utf8')).toBe('yes');
      expect(built.output).toBe('made it\n');
      await expect(readFile(join(tree, 'built.txt'))).rejects.toThrow('ENOENT');
    });

    test('that fails gives its exit code and the redacted tail, and leaves no artifact', async () => {
      const failed = await failure(build(`console.error('token=abcdef123456'); process.exit(4)`, 'fails'));
      expect(failed.message).toContain('failed with exit code 4');
      expect(failed.output).toBe('token=[redacted]\n');
      const reference = artifact.reference.replace('v1-0123456', 'fails');
      expect(await runtime.exists({ tag: 'fails', reference })).toBe(false);
    });

    test('that hangs is stopped with all its children', async () => {
      const script = `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)']);
        process.on('SIGTERM', () => {}); console.log(c.pid); setInterval(() => {}, 1000)`;
      const failed = await failure(build(script, 'hangs', 1));
      expect(failed.message).toContain('took longer than 1 s');
      const grandchild = Number.parseInt(failed.output, 10);
      await until('ended', async () => !isRunning(grandchild));
    });

    test('that prints 200 MB is kept to its last 64 KiB', async () => {
      const script = `const b = Buffer.alloc(1 << 20, 'x'.repeat(99) + '\\n'); let n = 200;
        const w = () => { while (n-- > 0) if (!process.stdout.write(b)) return process.stdout.once('drain', w); process.exitCode = 1 }; w()`;
      const failed = await failure(build(script, 'prints'));
      expect(failed.output.length).toBeLessThan(66 * 1024);
      expect(failed.output).toMatch(/^\[\d+ bytes cut off\]\n/);
    });

    test('is stopped by an abort, which is not a failure of the release', async () => {
      const abort = new AbortController();
      const building = build('setInterval(() => {}, 1000)', 'aborted', 60, abort.signal);
      abort.abort(new Error('somebody said abort'));
      await expect(building).rejects.toThrow('somebody said abort');
    });

    test('that does not exist is named with its field', async () => {
      const overrides = { build: { context: '.', dockerfile: '', run: ['nope'], timeoutSeconds: 5 } };
      const failed = await failure(runtime.build(buildRequest(tree, overrides, 'nope'), never));
      expect(failed.message).toContain('could not start "nope" (services[].build.run)');
    });

    test('gets no context through a symlink that leads out of the repository', async () => {
      const other = await serviceTree('none');
      await symlink('/etc', join(other, 'sub'));
      const overrides = { build: { context: 'sub', dockerfile: '', run: null, timeoutSeconds: 5 } };
      const failed = await failure(runtime.build(buildRequest(other, overrides, 'link'), never));
      expect(failed.message).toContain('"sub" of shop at 0123456789ab leads out of the repository');
      await remove(join(other, '..'));
    });
  });
});

async function folderSize(folder: string): Promise<{ readonly size: number }> {
  const { readdir, stat } = await import('node:fs/promises');
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { size: sizes.reduce((sum, size) => sum + size, 0) };
}
