import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { createPortPicker } from '../../controller/adapters/runtime/control/free-port.js';
import { tearDown } from '../../controller/app/teardown.js';
import { commitAll } from '../../controller/cli/git.js';
import { SAMPLE_VERSIONS, scaffoldGitOps, scaffoldService } from '../../controller/cli/scaffold.js';
import { programRoot, readConfig } from '../../controller/config.js';
import { silentLog } from '../../controller/ports/log.js';

/** Two real repositories, a PostgreSQL, and a controller that is a process of its own, as users run it. */
export interface Stage {
  readonly folder: string;
  readonly gitops: string;
  /** Where users reach the service. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly database: pg.Pool;
  controller: ChildProcess;
  /** Kills the controller and starts it again; returns when it was up, in milliseconds since 1970. */
  restart(): Promise<number>;
  /** Stops everything and leaves nothing. */
  strike(): Promise<void>;
}

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly runtime?: 'process' | 'docker';
  /** Added to every version of the service. */
  readonly serviceFiles?: Readonly<Record<string, string>>;
  /** YAML flow of the environment's guards, and of the service's build. */
  readonly guards?: string;
  readonly build?: string;
  /** Publishes the GitOps repository before the controller starts; what it returns is added to the environment. */
  readonly publish?: (gitops: string) => Promise<Readonly<Record<string, string>>>;
}

const UP_MS = 60_000;

/** A poll of a minute, so that only file events and notifications can be what makes things go on. */
const NO_POLLING = { POLL_INTERVAL: '60s' };

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
  const gitops = join(folder, 'gitops');
  const dataDir = join(folder, 'data');
  const port = await createPortPicker().pick();
  await scaffoldService(join(folder, 'checkout'), SAMPLE_VERSIONS, options.serviceFiles ?? {});
  await scaffoldGitOps(gitops);
  await rm(join(gitops, 'sops'), { recursive: true });
  await writeFile(join(gitops, 'commander.yaml'), catalog(options, port, join(folder, 'checkout')));
  await commitAll(gitops, 'The catalog of the bench');
  await mkdir(dataDir, { mode: 0o700 });
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: silentLog });
  const database = new pg.Pool({ connectionString: postgres.url, max: 2 });
  const published = (await options.publish?.(gitops)) ?? {};
  const env = {
    ...process.env,
    ...NO_POLLING,
    GITHUB_REPOSITORY: '',
    COMMANDER_DATA_DIR: dataDir,
    GITOPS_REPOSITORIES: gitops,
    DATABASE_URL: postgres.url,
    COMMANDER_PORT: '0',
    LOG_FORMAT: 'json',
    MINIMUM_SAMPLES: '5',
    ...options.env,
    ...published,
  };
  const stage: Stage = {
    folder,
    gitops,
    port,
    databaseUrl: postgres.url,
    database,
    controller: await startController(env, folder, dataDir),
    restart: async () => {
      await endOf(stage.controller, 'SIGKILL');
      stage.controller = await startController(env, folder, dataDir);
      return (await stat(join(dataDir, 'controller.json'))).mtimeMs;
    },
    strike: async () => {
      await endOf(stage.controller, 'SIGTERM');
      await tearDown(readConfig(env, folder));
      await database.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

async function startController(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  dataDir: string,
): Promise<ChildProcess> {
  const file = join(folder, 'controller.log');
  await rm(join(dataDir, 'controller.json'), { force: true });
  const log = openSync(file, 'a');
  const child = spawn(process.execPath, [join(programRoot(), 'dist', 'controller', 'main.js'), 'up'], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const until = Date.now() + UP_MS;
  for (;;) {
    const announced = await readFile(join(dataDir, 'controller.json'), 'utf8').catch(() => null);
    if (announced !== null) return child;
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`The controller did not start:\n${await readFile(file, 'utf8')}`);
    await sleep(20);
  }
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

function catalog(
  { runtime = 'process', guards = '{ errorRate: 2%, watch: 1s }', build = '{}' }: StageOptions,
  port: number,
  checkout: string,
) {
  return `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments:
  - { name: production, aliases: [prod], runtime: ${runtime}, guards: ${guards} }
services:
  - name: checkout
    repository: ${checkout}
    run: [node, server.js]
    build: ${build}
    port: 8080
    ports: { production: ${port} }
    health: /healthz
    metrics: { path: /metrics, requests: http_requests_total, errors: { status: "5.." }, latency: http_request_duration_seconds }
    probe: /
`;
}
