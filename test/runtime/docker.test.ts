import { randomBytes } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDockerRuntime } from '../../controller/adapters/runtime/index.js';
import type { Service } from '../../controller/domain/catalog.js';
import {
  type Artifact,
  BuildFailed,
  type Runtime,
  RuntimeUnavailable,
} from '../../controller/ports/runtime.js';
import { runtimeContract } from './contract.js';
import { buildNodeImage, docker, dockerMissing, removeImages } from './docker-support.js';
import {
  answers,
  buildRequest,
  ENV,
  never,
  remove,
  removeAll,
  serviceTree,
  silentLog,
  startRequest,
  temporaryFolder,
  until,
} from './support.js';

const missing = await dockerMissing();
const skipped = missing === null ? '' : ` (skipped: ${missing})`;
const unique = randomBytes(4).toString('hex');
const base = `commander-test/node:${unique}`;
const name = `shop-${unique}`;

const create = (dataDir: string): Runtime =>
  createDockerRuntime({ dataDir, log: silentLog, env: ENV, stopGraceMs: 2_000 });

describe.skipIf(missing !== null)(`docker runtime${skipped}`, () => {
  beforeAll(() => buildNodeImage(base));
  afterAll(() => removeImages(`commander/${name}:v1-0123456`, base));

  runtimeContract({
    name,
    base,
    create,
    prepare: async () => undefined,
    dispose: async () => undefined,
  });

  describe('what only it does', () => {
    let dataDir = '';
    let runtime: Runtime;
    const trees: string[] = [];
    const tags: string[] = [];

    beforeAll(async () => {
      dataDir = await temporaryFolder();
      runtime = create(dataDir);
    });
    afterEach(() => removeAll(runtime));
    afterAll(async () => {
      await Promise.all([dataDir, ...trees.map((tree) => join(tree, '..'))].map(remove));
      await removeImages(...tags.map((tag) => `commander/${name}:${tag}`));
    });

    const treeWith = async (extra: string): Promise<string> => {
      const tree = await serviceTree(base, extra);
      trees.push(tree);
      return tree;
    };
    const build = (
      tree: string,
      tag: string,
      overrides: Partial<Service> = {},
      signal = never,
    ): Promise<Artifact> => {
      tags.push(tag);
      return runtime.build(buildRequest(tree, { name, ...overrides }, tag), signal);
    };
    const failure = async (building: Promise<Artifact>): Promise<BuildFailed> => {
      const error = await building.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error instanceof BuildFailed) return error;
      throw new Error('It did not fail', { cause: error });
    };
    const node = (script: string): string => `RUN ["/usr/bin/node", "-e", ${JSON.stringify(script)}]`;

    test('containers and images carry our labels; the container has limits and no capabilities', async () => {
      const artifact = await build(await treeWith(''), 'labels');
      const resources = { memoryMiB: 128, cpus: 0.5 };
      const instance = await runtime.start(
        startRequest('limits', artifact, 'v1', { name, resources }),
        never,
      );
      const info = await docker.getContainer(String(instance.handle.container)).inspect();
      expect(info.Config.Labels).toMatchObject({
        'devopscommander.io/managed': 'true',
        'devopscommander.io/service': name,
        'devopscommander.io/environment': 'staging',
        'devopscommander.io/release': 'limits',
        'devopscommander.io/version': 'v1',
      });
      expect(info.HostConfig).toMatchObject({
        Memory: 128 * 1024 * 1024,
        NanoCpus: 5e8,
        PidsLimit: 512,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        RestartPolicy: { Name: 'unless-stopped' },
      });
      expect(Object.values(info.HostConfig.PortBindings ?? {})).toEqual([
        [{ HostIp: '127.0.0.1', HostPort: String(instance.port) }],
      ]);
    });

    test('the image’s own health check is observed', async () => {
      const probe = `fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1))`;
      const check = `HEALTHCHECK --interval=1s --retries=1 CMD ["/usr/bin/node", "-e", ${JSON.stringify(probe)}]`;
      const artifact = await build(await treeWith(check), 'health');
      const instance = await runtime.start(startRequest('healthy', artifact, 'v1', { name }), never);
      await until('healthy', async () => (await runtime.observe(instance)).healthy === true);
    });

    test('a container that uses more memory than its limit is said to have', async () => {
      const artifact = await build(await treeWith(''), 'memory');
      const hungry = 'const a = []; for (;;) a.push(Buffer.alloc(1 << 20, 1))';
      const tree = await treeWith('');
      await writeFile(join(tree, 'server.mjs'), hungry);
      const greedy = await build(tree, 'greedy', {});
      expect(greedy.reference).not.toBe(artifact.reference);
      const resources = { memoryMiB: 64, cpus: null };
      const instance = await runtime.start(startRequest('greedy', greedy, 'v1', { name, resources }), never);
      await until('told', async () =>
        (await runtime.observe(instance)).detail.includes('more memory than its limit'),
      );
    });

    test('a port that somebody took meanwhile is given up for another', async () => {
      const artifact = await build(await treeWith(''), 'ports');
      const first = await runtime.start(startRequest('first', artifact, 'v1', { name }), never);
      const second = await runtime.start(startRequest('second', artifact, 'v1', { name }), never);
      await docker.getContainer(String(second.handle.container)).stop({ t: 0 });
      // A stranger, here a container, takes the port while it is down.
      const stranger = await docker.createContainer({
        Image: artifact.reference,
        ExposedPorts: { '8080/tcp': {} },
        HostConfig: {
          PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: String(second.port) }] },
        },
      });
      await stranger.start();
      try {
        const again = await runtime.start(startRequest('second', artifact, 'v1', { name }), never);
        expect(again.port).not.toBe(second.port);
        await answers(again);
        await answers(first);
      } finally {
        await stranger.remove({ force: true });
      }
    });

    test('an image whose program does not exist gives an instance that says so', async () => {
      const artifact = await build(await treeWith('ENTRYPOINT ["/no/such/program"]'), 'no-program');
      const instance = await runtime.start(startRequest('no-program', artifact, 'v1', { name }), never);
      const seen = await until('ended', async () => {
        const observation = await runtime.observe(instance);
        return observation.state !== 'running' && observation;
      });
      expect(seen.detail).toContain('/no/such/program');
    });

    test('a build step that fails gives its output, redacted, and leaves no image', async () => {
      const step = node(`console.log('password=swordfish1'); process.exit(9)`);
      const failed = await failure(build(await treeWith(step), 'fails'));
      expect(failed.message).toMatch(/returned a non-zero code: 9/);
      expect(failed.output).toContain('password=[redacted]');
      expect(await runtime.exists({ tag: 'fails', reference: `commander/${name}:fails` })).toBe(false);
    });

    test('a build that hangs is stopped, also in the engine', async () => {
      const overrides = { build: { context: '.', dockerfile: 'Dockerfile', run: null, timeoutSeconds: 3 } };
      const marker = `setInterval(() => {}, 1000) // ${unique}`;
      const failed = await failure(build(await treeWith(node(marker)), 'hangs', overrides));
      expect(failed.message).toContain('took longer than 3 s');
      await until('stopped', async () => {
        const running = await docker.listContainers();
        return running.every((container) => !container.Command.includes(unique));
      });
    });

    test('a build that prints 100 MB is kept to its last 64 KiB', async () => {
      const script = `const b = Buffer.alloc(1 << 20, 'x'.repeat(99) + '\\n'); let n = 100;
        const w = () => { while (n-- > 0) if (!process.stdout.write(b)) return process.stdout.once('drain', w); process.exitCode = 1 }; w()`;
      const failed = await failure(build(await treeWith(node(script)), 'prints'));
      expect(failed.output.length).toBeLessThan(66 * 1024);
    });

    test('a build is stopped by an abort, which is not a failure of the release', async () => {
      const abort = new AbortController();
      const building = build(
        await treeWith(node('setInterval(() => {}, 1000)')),
        'aborted',
        {},
        abort.signal,
      );
      abort.abort(new Error('somebody said abort'));
      await expect(building).rejects.toThrow('somebody said abort');
    });

    test('a missing or broken Dockerfile is a failed build that names it', async () => {
      const overrides = { build: { context: '.', dockerfile: 'Other', run: null, timeoutSeconds: 20 } };
      const absent = await failure(build(await treeWith(''), 'absent', overrides));
      expect(absent.message).toContain('has no "Other" in its build context "."');
      const broken = await failure(build(await treeWith('NONSENSE here'), 'broken'));
      expect(broken.message).toMatch(/unknown instruction: NONSENSE/i);
    });

    test('symlinks out of the tree are not followed, and .dockerignore is honoured', async () => {
      const list = `const f = require('fs'); console.log(f.readdirSync('/context').join(), f.lstatSync('/context/link').isSymbolicLink())`;
      const tree = await treeWith(`COPY . /context\n${node(list)}`);
      await symlink('/etc/passwd', join(tree, 'link'));
      await writeFile(join(tree, 'secret.env'), 'x');
      await writeFile(join(tree, '.dockerignore'), 'secret.env\n');
      const built = await build(tree, 'links');
      expect(built.output).toContain('.dockerignore,Dockerfile,link,server.mjs true');
    });

    test('another data folder’s instances are not listed', async () => {
      const artifact = await build(await treeWith(''), 'scope');
      await runtime.start(startRequest('mine', artifact, 'v1', { name }), never);
      expect(await create(`${dataDir}-other`).list()).toEqual([]);
      expect(await runtime.list()).toHaveLength(1);
    });

    test('starting from an image that is gone says so', async () => {
      const reference = `sha256:${'0'.repeat(64)}`;
      const starting = runtime.start(startRequest('none', { tag: 'x', reference }, 'v1', { name }), never);
      await expect(starting).rejects.toThrow(/is gone: build it again/);
    });
  });
});

describe('docker runtime without an engine', () => {
  test('says what to do', async () => {
    const folder = await temporaryFolder();
    const runtime = createDockerRuntime({
      dataDir: folder,
      log: silentLog,
      env: ENV,
      socket: join(folder, 'docker.sock'),
    });
    await expect(runtime.check()).rejects.toThrow(RuntimeUnavailable);
    await expect(runtime.list()).rejects.toThrow(/Start it \(for example "systemctl start docker"\)/);
    await remove(folder);
  });
});
