import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programRoot } from '../../config.js';
import { type Client, connect } from '../client.js';
import { type CliContext, CliError } from '../context.js';
import { SAMPLE_VERSIONS, scaffoldGitOps, scaffoldService } from '../scaffold.js';
import { buildNodeImage } from './base-image.js';
import { gitHubWorkplace } from './github-workplace.js';
import { localWorkplace, type Workplace } from './workplace.js';

export type DemoRuntime = 'process' | 'docker';
export type DemoForge = 'local' | 'github';

/** Everything the demo plays with: two real repositories, a running controller, and how to talk to it. */
export interface Stage {
  readonly folder: string;
  readonly gitops: string;
  readonly ports: { readonly staging: number; readonly production: number };
  readonly client: Client;
  readonly context: CliContext;
  readonly controller: ChildProcess;
  readonly workplace: Workplace;
}

const BASE_IMAGE = 'commander-demo-node:local';
const START_LIMIT_MS = 60_000;

export async function setTheStage(
  context: CliContext,
  runtime: DemoRuntime,
  forge: DemoForge,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-demo-'));
  const gitops = join(folder, 'gitops');
  const ports = { staging: await freePort(), production: await freePort() };
  if (runtime === 'docker') await buildNodeImage(BASE_IMAGE, dockerSocket(context));
  const dockerfile = {
    Dockerfile: `FROM ${BASE_IMAGE}\nCOPY . /app\nWORKDIR /app\nCMD ["/usr/bin/node", "server.js"]\n`,
  };
  await scaffoldService(join(folder, 'checkout'), SAMPLE_VERSIONS, runtime === 'docker' ? dockerfile : {});
  await scaffoldGitOps(gitops);
  await writeFile(join(gitops, 'commander.yaml'), demoCatalog(runtime, ports, join(folder, 'checkout')));
  await writeFile(join(gitops, 'sops', 'production-releases.md'), DEMO_SOP);
  const apiPort = await freePort();
  let staged = context;
  let client: Client | null = null;
  const connected = () => {
    if (client === null) throw new CliError('The controller is not up yet');
    return client;
  };
  const workplace =
    forge === 'github'
      ? await gitHubWorkplace(folder, gitops, apiPort)
      : localWorkplace(gitops, () => staged, connected);
  await workplace.commit('The catalog and the SOP of the demo');
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  const env = {
    ...context.env,
    COMMANDER_DATA_DIR: dataDir,
    COMMANDER_RELEASES_DIR: dataDir,
    ...workplace.env,
    COMMANDER_PORT: String(apiPort),
    LOG_FORMAT: 'json',
    POLL_INTERVAL: '2s',
    MINIMUM_SAMPLES: '20',
  };
  staged = {
    ...context,
    env,
    cwd: gitops,
    config: () => ({ ...context.config(), dataDir, releasesDir: dataDir }),
  };
  const controller = startController(env, folder);
  await whenUp(controller, dataDir, folder);
  client = await connect(staged);
  return { folder, gitops, ports, client, context: staged, controller, workplace };
}

/** Stops the controller and everything that it started. */
export async function stopAll(stage: Stage): Promise<void> {
  const { down } = await import('../down.js');
  await down({ ...stage.context, out: () => undefined, json: false });
  await stage.workplace.close();
}

/** Stops everything, and leaves nothing of the demo on the machine. */
export async function strike(stage: Stage): Promise<void> {
  await stopAll(stage);
  await rm(stage.folder, { recursive: true, force: true });
}

function startController(env: Readonly<Record<string, string | undefined>>, folder: string): ChildProcess {
  const log = openSync(join(folder, 'controller.log'), 'a');
  const child = spawn(process.execPath, [join(programRoot(), 'dist', 'controller', 'main.js'), 'up'], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  return child;
}

async function whenUp(controller: ChildProcess, dataDir: string, folder: string): Promise<void> {
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    const announced = await readFile(join(dataDir, 'controller.json'), 'utf8').catch(() => null);
    if (announced !== null) return;
    if (controller.exitCode !== null || Date.now() > until) {
      const log = await readFile(join(folder, 'controller.log'), 'utf8').catch(() => '');
      throw new CliError(`The controller did not start:\n${log.split('\n').slice(-20).join('\n')}`);
    }
    await sleep(50);
  }
}

function dockerSocket(context: CliContext): string {
  return context.config().dockerSocket ?? '/var/run/docker.sock';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('No free port')),
      );
    });
  });
}

function demoCatalog(runtime: DemoRuntime, ports: Stage['ports'], checkout: string): string {
  return `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments:
  - { name: staging, aliases: [stage], runtime: ${runtime}, guards: { errorRate: 2%, watch: 5s } }
  - { name: production, aliases: [prod, live], runtime: ${runtime}, guards: { errorRate: 2%, latencyP95: 400ms, watch: 8s } }
services:
  - name: checkout
    aliases: [checkout-api]
    repository: ${checkout}
    run: [node, server.js]
    port: 8080
    ports: { staging: ${ports.staging}, production: ${ports.production} }
    health: /healthz
    healthTimeout: 5s
    metrics: { path: /metrics, requests: http_requests_total, errors: { status: "5.." }, latency: http_request_duration_seconds }
    steps: { run_tests: { script: run-tests }, smoke_tests: { script: smoke-test }, notify: { script: notify } }
`;
}

const DEMO_SOP = `---
id: production-releases
severity: high
applies: { environments: [production], actions: [deploy] }
rules:
  - requireSteps: [smoke_tests]
---

# Production releases

The smoke tests must pass before users reach a new version in production.
`;
