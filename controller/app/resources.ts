import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitOpsRepository } from '../adapters/git/gitops-repository.js';
import { createGitProgram, type GitProgram } from '../adapters/git/program.js';
import { type DatabaseOptions, openDatabase } from '../adapters/postgres/database.js';
import { startEmbeddedPostgres } from '../adapters/postgres/embedded/embedded.js';
import { migrate } from '../adapters/postgres/migrate.js';
import { createLedger, endLeftPrograms, type Groups } from '../adapters/programs/ledger.js';
import { createRunProgram, runProgram } from '../adapters/programs/run-program.js';
import { identify, identityFrom, killRecordedGroup } from '../adapters/runtime/control/process-identity.js';
import { createDockerRuntime, createProcessRuntime } from '../adapters/runtime/index.js';
import type { Config } from '../config.js';
import type { RuntimeKind } from '../domain/catalog.js';
import type { Log } from '../ports/log.js';
import type { RunProgram } from '../ports/programs.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Runtime } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import { type ConnectOptions, connectGitHub, type GitHubConnection } from './github.js';

/** Things to undo, undone last first; one that fails does not keep the others from being undone. */
export class Releasers {
  private readonly stack: { readonly what: string; readonly release: () => unknown }[] = [];

  constructor(private readonly log: Log) {}

  push(what: string, release: () => unknown): void {
    this.stack.push({ what, release });
  }

  async releaseAll(): Promise<void> {
    for (let next = this.stack.pop(); next !== undefined; next = this.stack.pop()) {
      try {
        await next.release();
      } catch (error) {
        this.log.warn({ what: next.what, error: String(error) }, 'could not be released cleanly');
      }
    }
  }
}

export async function openRecords(
  config: Config,
  log: Log,
  releasers: Releasers,
  followUps: NonNullable<DatabaseOptions['followUps']> = () => [],
) {
  let url = config.databaseUrl;
  if (url === null) {
    const embedded = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log });
    releasers.push('PostgreSQL', () => embedded.stop());
    url = embedded.url;
  }
  await migrate(url, log);
  const database = openDatabase({
    url,
    log,
    anchorFile: join(config.dataDir, 'audit-anchor.json'),
    followUps,
  });
  releasers.push('database', () => database.close());
  return { ...database, url };
}

export interface FollowedRepositories {
  /** All of them, by id. */
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  /** Those on GitHub. */
  readonly github: ReadonlyMap<string, GitHubConnection>;
}

/** Opens every configured repository; one that cannot be followed is told on itself, none at all is an error. */
export async function openRepositories(
  config: Config,
  log: Log,
  env: Readonly<Record<string, string | undefined>>,
  releasers: Releasers,
  onRemaining: ConnectOptions['onRemaining'] = () => undefined,
): Promise<FollowedRepositories> {
  const git = createGitProgram({ environment: env });
  const repositories = new Map<string, GitOpsRepository>();
  const github = new Map<string, GitHubConnection>();
  const problems: string[] = [];
  const attempt = async (location: string, open: () => Promise<void>) => {
    try {
      await open();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      log.error({ repository: location, error: problems.at(-1) }, 'repository cannot be followed');
    }
  };
  for (const location of config.repositories) {
    await attempt(location, async () => {
      const repository = await openLocal(git, location, config, log);
      releasers.push(`repository ${repository.id}`, () => repository.close());
      repositories.set(repository.id, repository);
    });
  }
  const connections =
    config.github === null ? [] : connectGitHub({ config, github: config.github, git, log, onRemaining });
  for (const { name, connect } of connections) {
    await attempt(name, async () => {
      const connection = await connect();
      releasers.push(`repository ${connection.repository.id}`, connection.close);
      repositories.set(connection.repository.id, connection.repository);
      github.set(connection.repository.id, connection);
    });
  }
  if (repositories.size === 0)
    throw new Error(
      `No GitOps repository can be followed. ${problems.join(' ')} Run commander init to make one, or set GITOPS_REPOSITORIES or GITHUB_REPOSITORY`,
    );
  return { repositories, github };
}

function openLocal(git: GitProgram, location: string, config: Config, log: Log) {
  return createGitOpsRepository({
    git,
    location,
    ...(config.branch === null ? {} : { branch: config.branch }),
    dataDir: config.dataDir,
    log,
    identity: config.identity,
  });
}

/** Runs builds and scripts; ends first what a killed controller left running of them. */
export async function openPrograms(config: Config, log: Log): Promise<RunProgram> {
  const left = await endPrograms(config);
  if (left > 0)
    log.warn({ programs: left }, 'builds and scripts of a killed controller are ended; they run again');
  return createRunProgram(createLedger(programFolder(config), GROUPS));
}

export function endPrograms(config: Config): Promise<number> {
  return endLeftPrograms(programFolder(config), GROUPS);
}

function programFolder(config: Config): string {
  return join(config.dataDir, 'programs');
}

const GROUPS: Groups = {
  identify: (leader) => ({ ...identify(leader) }),
  end: async (identity) => {
    const recorded = identityFrom(identity);
    if (recorded !== null) await killRecordedGroup(recorded);
  },
};

export function openRuntimes(
  config: Config,
  log: Log,
  programs: RunProgram = runProgram,
): ReadonlyMap<RuntimeKind, Runtime> {
  const env = smallEnvironment(config);
  const dataDir = config.releasesDir;
  const socket = config.dockerSocket === null ? {} : { socket: config.dockerSocket };
  return new Map<RuntimeKind, Runtime>([
    ['process', createProcessRuntime({ dataDir, log, env, runProgram: programs })],
    ['docker', createDockerRuntime({ dataDir, log, env, ...socket })],
  ]);
}

/** All that releases, builds and scripts see of the controller's own environment. */
export function smallEnvironment(config: Config): { readonly PATH: string; readonly HOME: string } {
  return {
    PATH: config.childEnvironment.PATH ?? '/usr/bin:/bin',
    HOME: config.childEnvironment.HOME ?? config.dataDir,
  };
}

export async function readiness(store: Store): Promise<string | null> {
  try {
    await store.ping();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The token that commands authenticate with: readable by its owner only, kept over restarts. */
export async function ensureToken(dataDir: string): Promise<string> {
  const file = join(dataDir, 'token');
  try {
    const token = (await readFile(file, 'utf8')).trim();
    if (token.length >= 32) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('hex');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Under its name only when it is whole: a command may read it at any moment. */
export async function announce(dataDir: string, url: string): Promise<void> {
  const file = join(dataDir, 'controller.json');
  await writeFile(`${file}.new`, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
