import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Service } from '../../controller/domain/catalog.js';
import type { Instance } from '../../controller/domain/release.js';
import {
  type Artifact,
  BuildFailed,
  type Runtime,
  StaleFence,
  type StartRequest,
} from '../../controller/ports/runtime.js';
import { startLoad } from './load.js';
import {
  about,
  answers,
  buildRequest,
  freePort,
  get,
  never,
  remove,
  removeAll,
  service,
  serviceTree,
  startRequest,
  temporaryFolder,
  until,
} from './support.js';

export interface Candidate {
  /** Unique name of the service of this run. */
  readonly name: string;
  readonly base: string;
  create(dataDir: string): Runtime;
  prepare(): Promise<void>;
  dispose(): Promise<void>;
}

/** What every runtime does. Registers tests in the current `describe`. */
export function runtimeContract(candidate: Candidate): void {
  const { name } = candidate;
  let dataDir = '';
  let tree = '';
  let runtime: Runtime;
  let artifact: Artifact;
  let count = 0;
  const children: ChildProcess[] = [];

  const wanted = (version: string, overrides: Partial<Service> = {}): StartRequest => {
    count += 1;
    return startRequest(`${name}/release ${count}`, artifact, version, { name, ...overrides });
  };
  const started = async (version: string): Promise<Instance> => {
    const instance = await runtime.start(wanted(version), never);
    await answers(instance);
    return instance;
  };
  const routeTo = (instance: Instance, port: number, fence: number, environment = 'staging') =>
    runtime.route({ lane: { service: name, environment }, host: '127.0.0.1', port, instance, fence });
  const controllerThatIsKilled = async (start: StartRequest, port: number | null): Promise<Instance> => {
    const script = join(import.meta.dirname, 'controller-process.mjs');
    const input = JSON.stringify({ kind: runtime.kind, dataDir, start, port });
    const child = spawn(process.execPath, [script, input], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'exit');
    return JSON.parse(line.toString()) as Instance;
  };

  beforeAll(async () => {
    await candidate.prepare();
    dataDir = await temporaryFolder();
    tree = await serviceTree(candidate.base);
    runtime = candidate.create(dataDir);
    artifact = await runtime.build(buildRequest(tree, { name }), never);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await removeAll(runtime);
    await runtime.unroute({ service: name, environment: 'staging' });
    // Fences only grow: each test gets addresses that have none yet.
    await remove(join(dataDir, 'lanes'));
  });
  afterAll(async () => {
    await candidate.dispose();
    await remove(join(tree, '..'));
    await remove(dataDir);
  });

  test('can be used here', async () => {
    await runtime.check();
  });

  test('building the same tag and commit again is a no-op; the artifact exists, another does not', async () => {
    const again = await runtime.build(buildRequest(tree, { name }), never);
    expect(again.reference).toBe(artifact.reference);
    expect(await runtime.exists(artifact)).toBe(true);
    expect(await runtime.exists({ tag: 'none', reference: `${artifact.reference}0` })).toBe(false);
  });

  test('a build context that leads out of the repository fails the build and names the field', async () => {
    const build = { ...service().build, context: '../..' };
    const building = runtime.build(buildRequest(tree, { name, build }, 'outside'), never);
    await expect(building).rejects.toThrow(BuildFailed);
    await expect(building).rejects.toThrow(/services\[\]\.build\.context/);
  });

  test('an instance gets its small environment and the catalog’s, and nothing of ours', async () => {
    process.env.COMMANDER_TEST_SECRET = 'not for services';
    const instance = await runtime.start(wanted('v1', { env: { GREETING: 'hello' } }), never);
    const { env } = await about(instance.port);
    expect(env).toMatchObject({
      GREETING: 'hello',
      COMMANDER_SERVICE: name,
      COMMANDER_ENVIRONMENT: 'staging',
      COMMANDER_VERSION: 'v1',
    });
    expect(env.COMMANDER_TEST_SECRET).toBeUndefined();
    expect(await runtime.observe(instance)).toMatchObject({ state: 'running', restarts: 0, exitCode: null });
  });

  test('starting an id again returns the running instance', async () => {
    const request = wanted('v1');
    const first = await runtime.start(request, never);
    const { pid } = await about(first.port);
    const second = await runtime.start(request, never);
    expect(second).toEqual(first);
    expect((await about(second.port)).pid).toBe(pid);
    expect(await runtime.list()).toHaveLength(1);
  });

  test('concurrent starts of one id, from two controllers, give one instance', async () => {
    const request = wanted('v1');
    const other = candidate.create(dataDir);
    const found = await Promise.all([
      runtime.start(request, never),
      other.start(request, never),
      runtime.start(request, never),
      other.start(request, never),
    ]);
    for (const instance of found) expect(instance).toEqual(found[0]);
    expect(await runtime.list()).toHaveLength(1);
    expect((await about(found[0]?.port ?? 0)).version).toBe('v1');
  });

  test('an instance and its address outlive a killed controller; another one lists and removes it', async () => {
    const port = await freePort();
    const request = wanted('v1');
    const instance = await controllerThatIsKilled(request, port);
    await answers(instance);
    expect(await get(port, '/healthz')).toBe('ok');
    expect(await runtime.list()).toEqual([{ instance, lane: request.lane }]);
    expect(await runtime.routed(request.lane)).toEqual({ instanceId: instance.id, fence: 1 });
    await runtime.remove(instance);
    expect(await runtime.list()).toEqual([]);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'gone' });
    expect(await get(instance.port, '/healthz')).toBeNull();
  });

  test('removing again, and removing what never was, is a no-op', async () => {
    const instance = await started('v1');
    await runtime.remove(instance);
    await runtime.remove(instance);
    await runtime.remove({ ...instance, id: 'never-was' });
  });

  test.each(['new', 'kept'] as const)(
    'switching under continuous load on %s connections fails no request',
    async (connections) => {
      const [v1, v2] = [await started('v1'), await started('v2')];
      const port = await freePort();
      await routeTo(v1, port, 1);
      const load = startLoad(port, connections);
      for (let fence = 2; fence < 8; fence += 1) {
        const target = fence % 2 === 0 ? v2 : v1;
        await routeTo(target, port, fence);
        // Every request that begins from now on must get the new one.
        expect(await get(port, '/slow?ms=0')).toBe(target === v2 ? 'v2' : 'v1');
        const seen = load.versions.length;
        await until('more load', async () => load.versions.length > seen + 100);
      }
      await load.stop();
      expect(load.failures).toEqual([]);
      expect(new Set(load.versions)).toEqual(new Set(['v1', 'v2']));
    },
  );

  test('a busy kept-alive client is on the new instance after the switch, not when its connection ends', async () => {
    const [v1, v2] = [await started('v1'), await started('v2')];
    const port = await freePort();
    await routeTo(v1, port, 1);
    const load = startLoad(port, 'kept', 2);
    await until('load', async () => load.versions.length > 50);
    await routeTo(v2, port, 2);
    const switchedAt = load.versions.length;
    await until('load after the switch', async () => load.versions.length > switchedAt + 50);
    await load.stop();
    expect(load.failures).toEqual([]);
    // What was under way on the two lines may still come from the old one, at any time later: the lines do not wait for each other.
    const after = load.versions.slice(switchedAt);
    expect(after.filter((version) => version === 'v1').length).toBeLessThanOrEqual(2);
    expect(after).toContain('v2');
  });

  test('a request that is under way when the address is switched gets its answer', async () => {
    const [v1, v2] = [await started('v1'), await started('v2')];
    const port = await freePort();
    await routeTo(v1, port, 1);
    const slow = get(port, '/slow?ms=1500');
    await until('the request has begun', () => get(port, '/healthz'));
    await routeTo(v2, port, 2);
    expect(await get(port, '/slow?ms=0')).toBe('v2');
    expect(await slow).toBe('v1');
  });

  test('an older fence is refused and changes nothing; the same one again is a no-op', async () => {
    const [v1, v2] = [await started('v1'), await started('v2')];
    const port = await freePort();
    await routeTo(v1, port, 5);
    await routeTo(v1, port, 5);
    await expect(routeTo(v2, port, 4)).rejects.toThrow(StaleFence);
    expect(await get(port, '/slow?ms=0')).toBe('v1');
    expect(await runtime.routed({ service: name, environment: 'staging' })).toEqual({
      instanceId: v1.id,
      fence: 5,
    });
  });

  test('an address that was taken away is free again, and still refuses an older fence', async () => {
    const lane = { service: name, environment: 'staging' };
    const instance = await started('v1');
    const port = await freePort();
    await routeTo(instance, port, 3);
    await runtime.unroute(lane);
    await runtime.unroute(lane);
    expect(await get(port)).toBeNull();
    expect(await runtime.routed(lane)).toEqual({ instanceId: null, fence: 3 });
    await expect(routeTo(instance, port, 2)).rejects.toThrow(StaleFence);
    await routeTo(instance, port, 4);
    expect(await get(port, '/healthz')).toBe('ok');
  });

  test('a port that is taken by another program is named with its service, environment and fix', async () => {
    const instance = await started('v1');
    const stranger = createServer((socket) => socket.end());
    await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
    const address = stranger.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const free = await freePort();
    await routeTo(instance, free, 1);
    const routing = routeTo(instance, taken, 2);
    await expect(routing).rejects.toThrow(
      `127.0.0.1:${taken} of ${name} in staging is taken by another program`,
    );
    await expect(routing).rejects.toThrow(`services[${name}].ports.staging`);
    expect(await get(free, '/healthz')).toBe('ok');
    await new Promise((done) => stranger.close(done));
  });

  test('a paused instance answers nothing, and answers again once resumed, as the same process', async () => {
    const instance = await started('v1');
    const { pid } = await about(instance.port);
    await runtime.pause(instance);
    await runtime.pause(instance);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'paused' });
    expect(await get(instance.port, '/healthz', 300)).toBeNull();
    await runtime.resume(instance);
    await runtime.resume(instance);
    expect((await about(instance.port)).pid).toBe(pid);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'running', restarts: 0 });
  });

  test('a paused instance is removed like any other', async () => {
    const instance = await started('v1');
    await runtime.pause(instance);
    await runtime.remove(instance);
    expect(await runtime.list()).toEqual([]);
  });

  test('an instance that ends is started again, at the same port, and its restarts are counted', async () => {
    const instance = await started('v1');
    await get(instance.port, '/exit?code=7');
    await until('restarted', async () => (await runtime.observe(instance)).restarts >= 1);
    await answers(instance);
    expect(await runtime.observe(instance)).toMatchObject({ state: 'running', restarts: 1 });
  });

  test('one that ends at every start is observed with exit code, restarts and last log line, without its secrets', async () => {
    const instance = await runtime.start(wanted('v1', { env: { CRASH: 'at-start' } }), never);
    const seen = await until('two restarts', async () => {
      const observation = await runtime.observe(instance);
      return observation.restarts >= 2 && observation.state === 'restarting' && observation;
    });
    expect(seen.exitCode).toBe(3);
    expect(seen.detail).toMatch(/^exited with code 3 after \d restarts: database password=\[redacted\]/);
  });

  test('log lines come once each, in order, since a cursor; too many are dropped from the old end and counted', async () => {
    const instance = await started('v1');
    const start = await until('the first line', async () => {
      const read = await runtime.logs(instance, null, 100);
      return read.lines.length > 0 && read;
    });
    expect(start.lines).toEqual(['listening as v1']);
    await get(instance.port, '/log?lines=30&text=entry');
    const all = await until('thirty lines', async () => {
      const read = await runtime.logs(instance, start.next, 100);
      return read.lines.length === 30 && read;
    });
    expect(all.lines[0]).toBe('entry 0');
    const few = await runtime.logs(instance, start.next, 10);
    expect(few).toEqual({ lines: all.lines.slice(20), next: all.next, dropped: 20 });
    expect(await runtime.logs(instance, all.next, 10)).toEqual({ lines: [], next: all.next, dropped: 0 });
    await get(instance.port, `/log?text=token=abcdefgh${'x'.repeat(6000)}`);
    const capped = await until('a long line', async () => {
      const read = await runtime.logs(instance, all.next, 10);
      return read.lines.length > 0 && read;
    });
    expect(capped.lines.join('')).toMatch(/^token=\[redacted\]/);
  });

  test('a paused instance that was ended meanwhile comes back with the resume', async () => {
    const instance = await started('v1');
    await get(instance.port, '/exit?code=1');
    await runtime.pause(instance);
    await runtime.resume(instance);
    await answers(instance);
  });

  test('resuming what is gone says so', async () => {
    const instance = await started('v1');
    await runtime.remove(instance);
    await expect(runtime.resume(instance)).rejects.toThrow(/Nothing is left of instance/);
  });

  test('a killed gateway is noticed, and the next route brings the address back', async () => {
    const lane = { service: name, environment: 'staging' };
    const instance = await started('v1');
    const port = await freePort();
    await routeTo(instance, port, 2);
    await killGateway(dataDir);
    await until('noticed', async () => (await runtime.routed(lane)).instanceId === null);
    expect(await runtime.routed(lane)).toEqual({ instanceId: null, fence: 2 });
    await expect(routeTo(instance, port, 1)).rejects.toThrow(StaleFence);
    await routeTo(instance, port, 2);
    expect(await get(port, '/healthz')).toBe('ok');
  });

  test('a start that was aborted before starts nothing', async () => {
    await expect(runtime.start(wanted('v1'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(await runtime.list()).toEqual([]);
  });
}

/** Kills the gateways below a data folder, found by their arguments. */
async function killGateway(dataDir: string): Promise<void> {
  const { readdir, readFile } = await import('node:fs/promises');
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('gateway.js') && command.includes(dataDir)) process.kill(Number(pid), 'SIGKILL');
  }
}
