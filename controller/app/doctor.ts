import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { createGitHubClient } from '../adapters/github/client.js';
import { diagnoseGitHub } from '../adapters/github/diagnose.js';
import { createDocumentText } from '../adapters/knowledge/pdf.js';
import { openDatabase } from '../adapters/postgres/database.js';
import { locateBinaries } from '../adapters/postgres/embedded/binaries.js';
import { runProgram } from '../adapters/programs/run-program.js';
import { createScripts } from '../adapters/scripts/index.js';
import type { Config } from '../config.js';
import { formatProblem } from '../domain/problem.js';
import { WorldReader } from '../planning/world.js';
import { silentLog } from '../ports/log.js';
import { modelLooks } from './models.js';
import { openRepositories, openRuntimes, Releasers, smallEnvironment } from './resources.js';

export interface Check {
  readonly name: string;
  /** `missing` stops the controller; `absent` only limits what it can do. */
  readonly result: 'ok' | 'absent' | 'missing';
  readonly detail: string;
}

type Look = () => Promise<Omit<Check, 'name'>>;
const execute = promisify(execFile);
const OLDEST_NODE = [20, 19] as const;

/** Looks at everything the controller needs, each on its own: what is there, what is missing, what to do. */
export async function diagnose(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Check[]> {
  const looks: readonly (readonly [string, Look])[] = [
    ['node', node],
    ['git', gitProgram],
    ['data directory', () => dataDirectory(config)],
    ['database', () => database(config)],
    ['API port', () => apiPort(config)],
    ['GitOps repositories', () => repositories(config, env)],
    ...gitHubLooks(config),
    ...modelLooks(config.models, silentLog),
    ['scripts', () => scriptFolder(config)],
    ['docker', () => docker(config)],
  ];
  return Promise.all(looks.map(async ([name, look]) => ({ name, ...(await look().catch(failed)) })));
}

/** One for each repository on GitHub; none where none is configured. */
function gitHubLooks(config: Config): readonly (readonly [string, Look])[] {
  const { github } = config;
  if (github === null) return [];
  return github.repositories.map(({ owner, name }) => [
    `GitHub ${owner}/${name}`,
    async () => {
      const { credentials, apiUrl, timeoutMs, writesPerMinute } = github;
      const onRemaining = () => undefined;
      const options = {
        owner,
        name,
        credentials,
        apiUrl,
        timeoutMs,
        writesPerMinute,
        log: silentLog,
        onRemaining,
      };
      const { ok, detail } = await diagnoseGitHub(createGitHubClient(options), config.branch);
      const webhook =
        github.webhookSecret === null ? ' No webhook secret: changes are found by polling.' : '';
      return { result: ok ? ('ok' as const) : ('missing' as const), detail: `${detail}${webhook}` };
    },
  ]);
}

function failed(error: unknown): Omit<Check, 'name'> {
  return { result: 'missing', detail: error instanceof Error ? error.message : String(error) };
}

async function node(): Promise<Omit<Check, 'name'>> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return enough
    ? { result: 'ok', detail: process.versions.node }
    : {
        result: 'missing',
        detail: `${process.versions.node}: install Node ${OLDEST_NODE.join('.')} or newer`,
      };
}

async function gitProgram(): Promise<Omit<Check, 'name'>> {
  try {
    const { stdout } = await execute('git', ['--version'], { timeout: 5000 });
    return { result: 'ok', detail: stdout.trim() };
  } catch {
    return { result: 'missing', detail: 'install git: repositories are cloned and checked out with it' };
  }
}

async function dataDirectory(config: Config): Promise<Omit<Check, 'name'>> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await access(config.dataDir, constants.W_OK);
  return { result: 'ok', detail: config.dataDir };
}

async function database(config: Config): Promise<Omit<Check, 'name'>> {
  if (config.databaseUrl === null) {
    const binaries = await locateBinaries();
    return { result: 'ok', detail: `embedded PostgreSQL (${binaries.postgres})` };
  }
  const opened = openDatabase({ url: config.databaseUrl, log: silentLog });
  try {
    await opened.store.ping();
    return { result: 'ok', detail: 'DATABASE_URL answers' };
  } finally {
    await opened.close();
  }
}

async function apiPort(config: Config): Promise<Omit<Check, 'name'>> {
  if (await somebodyListens(config))
    return {
      result: 'ok',
      detail: `${config.host}:${config.port} is in use: by a running controller, or set COMMANDER_PORT`,
    };
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve({
        result: 'missing',
        detail: `${config.host}:${config.port}: ${error.message}. Set COMMANDER_PORT`,
      }),
    );
    server.listen(config.port, config.host, () =>
      server.close(() => resolve({ result: 'ok', detail: `${config.host}:${config.port} is free` })),
    );
  });
}

function somebodyListens({ host, port }: Config): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const answer = (listens: boolean) => () => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

async function repositories(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Omit<Check, 'name'>> {
  const releasers = new Releasers(silentLog);
  try {
    const details: string[] = [];
    const { repositories: opened } = await openRepositories(config, silentLog, env, releasers);
    for (const repository of opened.values()) {
      const head = await repository.head();
      const read = head === null ? null : await new WorldReader(createDocumentText()).read(repository, head);
      if (read === null) details.push(`${repository.id}: ${repository.branch} has no commit yet`);
      else if (!read.ok) return { result: 'missing', detail: read.problems.map(formatProblem).join(' ') };
      else
        details.push(
          `${repository.id} (${repository.branch}): ${read.world.catalog.services.length} services, ${read.world.catalog.environments.length} environments, ${read.world.sops.length} SOPs`,
          ...[...read.world.catalog.problems, ...read.world.sopProblems].map(formatProblem),
        );
    }
    return { result: 'ok', detail: details.join('; ') };
  } finally {
    await releasers.releaseAll();
  }
}

async function scriptFolder(config: Config): Promise<Omit<Check, 'name'>> {
  const names = await createScripts({
    directory: config.scriptsDir,
    env: smallEnvironment(config),
    runProgram,
    log: silentLog,
  }).names();
  return names.length === 0
    ? { result: 'absent', detail: `no scripts in ${config.scriptsDir}: plans cannot run tests` }
    : { result: 'ok', detail: `${names.join(', ')} (${config.scriptsDir})` };
}

async function docker(config: Config): Promise<Omit<Check, 'name'>> {
  try {
    await openRuntimes(config, silentLog).get('docker')?.check();
    return { result: 'ok', detail: 'the engine answers' };
  } catch (error) {
    return {
      result: 'absent',
      detail: `${error instanceof Error ? error.message : String(error)} Only environments with runtime: docker need it`,
    };
  }
}
