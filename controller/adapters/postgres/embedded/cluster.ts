import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, invocation, own } from './account.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

const run = promisify(execFile);
const MAJOR = '17';
export const SUPERUSER = 'commander';

/** A data directory that is complete, and the password of its only user. */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
  readonly password: string;
}

/** The cluster in `folder`, made on first use. initdb works beside and is renamed into place: a killed one leaves nothing half-done. */
export async function ensureCluster(path: string, binaries: Binaries, account: Account): Promise<Cluster> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // A running server is recognised by its path: one spelling only.
  const folder = await realpath(path);
  // Plain nobody has to get through; the data folder itself stays closed (0700).
  await chmod(folder, account === 'nobody' ? 0o711 : 0o700);
  const data = join(folder, 'data');
  if (!(await exists(data))) await initialise(folder, binaries, account);
  await checkVersion(data);
  await own(account, data);
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  return { folder, data, log: join(folder, 'server.log'), password };
}

async function initialise(folder: string, binaries: Binaries, account: Account): Promise<void> {
  await removeLeftovers(folder);
  const work = join(folder, `init-${randomBytes(4).toString('hex')}`);
  const password = randomBytes(24).toString('hex');
  await mkdir(work, { mode: 0o700 });
  await writeFile(join(work, 'password'), password, { mode: 0o600 });
  await own(account, work);
  await initdb(work, binaries, account);
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  await rename(join(work, 'data'), join(folder, 'data'));
  await rm(work, { recursive: true });
}

async function initdb(work: string, binaries: Binaries, account: Account): Promise<void> {
  const { file, args, ...identity } = invocation(account, binaries.initdb, [
    ...['--pgdata', join(work, 'data'), '--username', SUPERUSER, '--pwfile', join(work, 'password')],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--wal-segsize=4', '--no-instructions'],
  ]);
  try {
    await run(file, args, { ...identity, timeout: 120_000, cwd: work });
  } catch (cause) {
    await rm(work, { recursive: true, force: true });
    const output = (cause as { stderr?: string }).stderr ?? '';
    throw new EmbeddedPostgresUnavailable(`initdb in ${work} failed: ${explain(output || String(cause))}`, {
      cause,
    });
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder);
  for (const name of entries.filter((entry) => entry.startsWith('init-')))
    await rm(join(folder, name), { recursive: true, force: true });
}

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === MAJOR) return;
  throw new EmbeddedPostgresUnavailable(
    `${data} is ${version === '' ? 'not a PostgreSQL data directory' : `of PostgreSQL ${version}`}, this program brings ${MAJOR}: move it away`,
  );
}

/** One line of what a server or initdb printed, with the reason put first where it is a known one. */
export function explain(output: string): string {
  const tail = output.trim().split('\n').slice(-5).join(' | ').slice(-1000);
  if (/No space left on device|Disk quota exceeded/i.test(output)) return `the disk is full (${tail})`;
  if (/Permission denied/i.test(output)) return `a folder above is closed to the server's user (${tail})`;
  return tail;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
