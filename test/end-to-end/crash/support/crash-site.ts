import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { waitFor } from '../../../support/wait-for.js';
import { openSite, type Site } from '../../harness.js';
import type { VersionOptions } from '../../support/service.js';

/** A build and scripts that leave a line behind each time they run; those named in the file `held` wait for it to go. */
const COUNTING = `
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const version = JSON.parse(readFileSync('release.json', 'utf8')).version;
const held = () => { try { return readFileSync(process.argv[3] + '.held', 'utf8').split(' ').includes(process.argv[2]); } catch { return false; } };
appendFileSync(process.argv[3], 'began ' + process.argv[2] + ' ' + version + '\\n');
await sleep(30);
while (held()) await sleep(20);
appendFileSync(process.argv[3], 'ended ' + process.argv[2] + ' ' + version + '\\n');
`;

export const SERVICE = 'shop';
export const ENVIRONMENT = 'production';

export interface CrashSite {
  readonly site: Site;
  readonly database: pg.Pool;
  /** Backends of a postmaster that was killed answer for a while; this waits until there is one that takes new connections. */
  databaseIsBack(): Promise<void>;
  /** What a build or script did for a version, in order. */
  journal(program: string, version: string): Promise<readonly ('began' | 'ended')[]>;
  /** Builds or scripts of these names do not end until released. */
  hold(...names: readonly string[]): Promise<void>;
  release(): Promise<void>;
  close(): Promise<void>;
}

/** One service in one environment, whose every program is counted, on an embedded PostgreSQL. */
export async function openCrashSite(versions: readonly VersionOptions[]): Promise<CrashSite> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-crash-'));
  const journal = join(folder, 'journal');
  await writeFile(journal, '');
  const script = join(folder, 'count.mjs');
  await writeFile(script, `#!${process.execPath}\n${COUNTING}`);
  await chmod(script, 0o755);
  const step = (name: string) => ({ script: 'count.mjs', args: [name, journal] });
  const site = await openSite({
    services: [
      {
        name: SERVICE,
        versions,
        files: { 'build.mjs': COUNTING },
        fields: {
          build: { run: ['node', 'build.mjs', 'build', journal] },
          steps: { run_tests: step('run_tests'), smoke_tests: step('smoke_tests'), notify: step('notify') },
        },
      },
    ],
    environments: [{ name: ENVIRONMENT, runtime: 'process', guards: { errorRate: '2%', watch: '1s' } }],
    env: { SCRIPTS_DIR: folder },
  });
  const connectionString = await databaseUrl(site);
  const database = new pg.Pool({ connectionString, max: 3 });
  // Its server is killed on purpose.
  database.on('error', () => undefined);
  return {
    site,
    database,
    databaseIsBack: () => takesConnections(connectionString),
    journal: async (program, version) => {
      const lines = (await readFile(journal, 'utf8')).split('\n').map((line) => line.split(' '));
      return lines.flatMap(([event, name, of]) =>
        name === program && of === version && (event === 'began' || event === 'ended') ? [event] : [],
      );
    },
    hold: (...names) => writeFile(`${journal}.held`, names.join(' ')),
    release: () => rm(`${journal}.held`, { force: true }),
    close: async () => {
      await database.end();
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function takesConnections(connectionString: string): Promise<void> {
  await waitFor(
    'the database to take new connections',
    async () => {
      const client = new pg.Client({ connectionString });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    60_000,
  );
}

async function databaseUrl(site: Site): Promise<string> {
  const folder = join(site.dataDir, 'postgres');
  const [password, port] = await Promise.all([
    readFile(join(folder, 'password'), 'utf8'),
    readFile(join(folder, 'port'), 'utf8'),
  ]);
  return `postgres://commander:${password.trim()}@127.0.0.1:${port.trim()}/commander`;
}

/** Process id of the embedded server's postmaster. */
export async function postgresPid(site: Site): Promise<number> {
  const text = await readFile(join(site.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n', 1)[0]);
}
