import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from '../../controller/adapters/programs/run-program.js';
import { identify } from '../../controller/adapters/runtime/control/process-identity.js';
import { NO_GUARDS, type Service } from '../../controller/domain/catalog.js';
import type { Instance } from '../../controller/domain/release.js';
import type { Log } from '../../controller/ports/log.js';
import type { Artifact, BuildRequest, Runtime, StartRequest } from '../../controller/ports/runtime.js';

export const FIXTURES = resolve(import.meta.dirname, '../fixtures/services');
export const ENV = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? tmpdir() };
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const never = new AbortController().signal;
export { runProgram };

const nothing = (): void => undefined;
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  bind: () => silentLog,
};

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'commander-test-'));
}

export function service(overrides: Partial<Service> = {}): Service {
  return {
    name: 'shop',
    aliases: [],
    repository: null,
    defaultBranch: null,
    build: { context: '.', dockerfile: 'Dockerfile', run: null, timeoutSeconds: 60 },
    run: [process.execPath, 'server.mjs'],
    port: 8080,
    ports: {},
    health: '/healthz',
    healthTimeoutSeconds: 30,
    metrics: null,
    logErrorPattern: 'error',
    probe: null,
    steps: {},
    guards: NO_GUARDS,
    env: {},
    resources: { memoryMiB: null, cpus: null },
    drift: 'restore',
    ...overrides,
  };
}

/** A tree as the service repository would export it: the fixture server and a Dockerfile on a base image. */
export async function serviceTree(base: string, extra = ''): Promise<string> {
  const tree = join(await temporaryFolder(), 'tree');
  await mkdir(tree, { recursive: true });
  await cp(join(FIXTURES, 'server.mjs'), join(tree, 'server.mjs'));
  await writeFile(
    join(tree, 'Dockerfile'),
    `FROM ${base}\nCOPY server.mjs /app/server.mjs\nWORKDIR /app\n${extra}\nCMD ["/usr/bin/node", "server.mjs"]\n`,
  );
  return tree;
}

export function buildRequest(
  tree: string,
  overrides: Partial<Service> = {},
  tag = 'v1-0123456',
): BuildRequest {
  return { service: service(overrides), commit: COMMIT, tag, tree };
}

export function startRequest(
  id: string,
  artifact: Pick<Artifact, 'tag' | 'reference'>,
  version: string,
  overrides: Partial<Service> = {},
): StartRequest {
  const lane = { service: overrides.name ?? 'shop', environment: 'staging' };
  return { id, lane, service: service(overrides), version, commit: COMMIT, artifact };
}

export async function until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`Did not happen in 30 s: ${what}`);
    await delay(20);
  }
}

/** Body of a fresh connection's request; null when it fails. */
export function get(port: number, path = '/', timeoutMs = 5_000): Promise<string | null> {
  return new Promise((done) => {
    const call = request({ host: '127.0.0.1', port, path, agent: false, timeout: timeoutMs }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => done(response.statusCode === 200 ? body : null));
      response.on('error', () => done(null));
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', () => done(null));
    call.end();
  });
}

export function answers(instance: Instance): Promise<string> {
  return until(`${instance.id} answers`, () => get(instance.port, '/healthz'));
}

/** What the fixture service says about itself. */
export async function about(
  port: number,
): Promise<{ version: string; pid: number; env: Record<string, string> }> {
  return JSON.parse(await until(`port ${port} answers`, () => get(port)));
}

export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? done(address.port) : reject(new Error('no port')),
      );
    });
  });
}

export async function removeAll(runtime: Runtime): Promise<void> {
  const found = await runtime.list();
  await Promise.all(found.map(({ instance }) => runtime.remove(instance)));
  await Promise.all(found.map(({ lane }) => runtime.unroute(lane)));
}

/** A zombie does not run. */
export function isRunning(pid: number): boolean {
  return identify(pid) !== null;
}

export function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
