import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, invocation } from './account.js';
import type { Binaries } from './binaries.js';
import { type Cluster, explain } from './cluster.js';
import { type Answer, answers } from './probe.js';
import { commandMentions, isAlive, shutDown, watchEnd } from './process.js';

export interface Server {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  /** Resolves when the server is no more. */
  readonly ended: Promise<void>;
}

export interface Launch {
  readonly cluster: Cluster;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly signal: AbortSignal;
}

const READY_MS = 60_000;
const LOG_CAP = 5 * 1024 * 1024;

/** For one laptop: little memory, no replication, but every commit is on the disk before it is told. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: loopback with a password is the one way in, and paths of sockets are limited to 107 bytes.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  jit: 'off',
  // /dev/shm is small in containers, and our queries are.
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
  // Messages of statements hold their values: those are not for a file.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/**
 * The server that a killed controller left running on this data directory; null when there is none. A postmaster.pid
 * whose process is not that server is removed: PostgreSQL would refuse to start because of a reused pid.
 */
export async function adopt({ cluster, signal }: Launch): Promise<Server | null> {
  const file = join(cluster.data, 'postmaster.pid');
  const deadline = Date.now() + READY_MS;
  while (!signal.aborted) {
    const [first, , , fourth] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    const pid = Number(first);
    const port = Number(fourth);
    if (!Number.isInteger(pid) || pid <= 1) return null;
    if (!(await isAlive(pid))) return null;
    if (!(await commandMentions(pid, cluster.data))) {
      await rm(file, { force: true });
      return null;
    }
    if (port > 0 && (await answers(cluster, port)) === 'ours')
      return { pid, port, adopted: true, ended: watchEnd(pid, signal) };
    if (Date.now() > deadline)
      throw new Error(
        `A PostgreSQL (pid ${pid}) holds ${cluster.data} but does not answer: stop it with kill -INT ${pid}`,
      );
    await sleep(25);
  }
  return null;
}

/** Ends the server that a killed controller left running in a folder of `startEmbeddedPostgres`, if there is one. */
export async function endEmbeddedPostgres(folder: string): Promise<void> {
  const data = join(await realpath(folder).catch(() => folder), 'data');
  const [first] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  if (Number.isInteger(pid) && pid > 1 && (await commandMentions(pid, data))) await shutDown(pid);
}

/** Starts a server on `port` and waits until it answers. Throws with the end of its log when it gives up. */
export async function start(launch: Launch, port: number): Promise<Server> {
  const { cluster, binaries, account } = launch;
  await rotateLog(cluster.log);
  const log = await open(cluster.log, 'a', 0o600);
  const offset = (await log.stat()).size;
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const { file, args, ...identity } = invocation(account, binaries.postgres, [
    '-D',
    cluster.data,
    ...settings,
  ]);
  // Detached: Ctrl-C in a terminal goes to the whole foreground group, and PostgreSQL has to outlive us by a moment.
  const child = spawn(file, args, {
    ...identity,
    cwd: cluster.folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(
    () => undefined,
    () => undefined,
  );
  child.unref();
  await log.close();
  if (child.pid === undefined)
    throw new Error(`Cannot start ${file}: ${String(await exited.catch((error: unknown) => error))}`);
  const server = { pid: child.pid, port, adopted: false, ended };
  const answer = await Promise.race([untilReady(launch, port), ended.then(() => 'exited' as const)]);
  if (answer === 'ours') return server;
  await shutDown(server.pid);
  throw new Error(`PostgreSQL did not start (${answer}): ${explain(await readFrom(cluster.log, offset))}`);
}

async function untilReady({ cluster, signal }: Launch, port: number): Promise<Answer | 'timeout'> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && !signal.aborted) {
    const answer = await answers(cluster, port);
    if (answer === 'ours' || answer === 'foreign') return answer;
    await sleep(10);
  }
  return 'timeout';
}

async function readFrom(file: string, offset: number): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(offset).subarray(-4096).toString('utf8');
}

async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_CAP) await rename(file, `${file}.1`);
}
