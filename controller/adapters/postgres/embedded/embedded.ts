import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../ports/log.js';
import { type Account, chooseAccount } from './account.js';
import { locateBinaries } from './binaries.js';
import { ensureCluster } from './cluster.js';
import { choosePort } from './port.js';
import { ensureDatabase, serverUrl } from './probe.js';
import { shutDown } from './process.js';
import { adopt, type Launch, type Server, start } from './server.js';

export interface EmbeddedPostgresOptions {
  /** Folder of our own: holds the data directory, the password, the port and the server's log. */
  readonly dataDir: string;
  readonly log: Log;
  /** Aborts starting; once started, use stop. */
  readonly signal?: AbortSignal;
  /** As whom the server may run, best first; by default what fits the machine. */
  readonly accounts?: readonly Account[];
}

export interface EmbeddedPostgres {
  /** Connection string with password; stays the same while the server is started again. */
  readonly url: string;
  /** Process id of the server that runs now. */
  readonly pid: () => number;
  /** Fast shutdown; the server is gone afterwards. */
  readonly stop: () => Promise<void>;
  /** Stops looking after the server and leaves it running, for whoever else uses it. */
  readonly leave: () => Promise<void>;
}

const DATABASE = 'commander';
const START_ATTEMPTS = 5;
const QUICK_RESTARTS = 30;
const LONGEST_PAUSE_MS = 5000;

/**
 * PostgreSQL from an npm package, kept running: initialised on first use, adopted when a killed controller left it
 * running, started again within a second when it dies. Throws EmbeddedPostgresUnavailable where it cannot be used.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const stopping = new AbortController();
  const signal =
    options.signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, options.signal]);
  signal.throwIfAborted();
  const binaries = await locateBinaries();
  const account = await chooseAccount(binaries.postgres, options.accounts);
  const cluster = await ensureCluster(resolve(options.dataDir), binaries, account);
  const launch: Launch = { cluster, binaries, account, signal };
  const first = await firstServer(launch, log);
  await ensureDatabase(cluster, first.port, DATABASE);
  log.info({ pid: first.pid, port: first.port, adopted: first.adopted }, 'PostgreSQL is up');

  let server = first;
  const supervised = supervise({ ...launch, signal: stopping.signal }, first, log, (next) => {
    server = next;
  });
  return {
    url: serverUrl(cluster, first.port, DATABASE),
    pid: () => server.pid,
    stop: async () => {
      stopping.abort();
      await supervised;
      await shutDown(server.pid);
    },
    leave: async () => {
      stopping.abort();
      await supervised;
    },
  };
}

/** Adopted or started; another port when the recorded one is taken, another try when a dying server still holds its memory. */
async function firstServer(launch: Launch, log: Log): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await adopt(launch);
    if (found !== null) return found;
    launch.signal.throwIfAborted();
    try {
      return await start(launch, await choosePort(launch.cluster.folder));
    } catch (error) {
      launch.signal.throwIfAborted();
      if (attempt === START_ATTEMPTS) throw error;
      log.warn({ attempt, problem: String(error) }, 'PostgreSQL did not start, trying again');
      await sleep(100 * attempt);
    }
  }
}

/** Starts the server again, on the same port, whenever it ends, until `signal` aborts. */
async function supervise(
  launch: Launch,
  first: Server,
  log: Log,
  changed: (server: Server) => void,
): Promise<void> {
  const { signal } = launch;
  let server = first;
  while (!signal.aborted) {
    await Promise.race([server.ended, aborted(signal)]);
    if (signal.aborted) return;
    log.error({ pid: server.pid }, 'PostgreSQL ended unexpectedly, starting it again');
    const next = await restart(launch, first.port, log);
    if (next === null) return;
    server = next;
    changed(server);
    log.info({ pid: server.pid }, 'PostgreSQL is up again');
  }
}

async function restart(launch: Launch, port: number, log: Log): Promise<Server | null> {
  for (let failures = 1; !launch.signal.aborted; failures += 1) {
    try {
      return (await adopt(launch)) ?? (await start(launch, port));
    } catch (error) {
      if (launch.signal.aborted) return null;
      // At first its orphaned processes may still hold its memory; that takes milliseconds.
      const pause = failures < QUICK_RESTARTS ? 30 : LONGEST_PAUSE_MS;
      const fields = { problem: String(error), retryInMs: pause };
      if (failures < QUICK_RESTARTS) log.debug(fields, 'PostgreSQL cannot be started again yet');
      else log.error(fields, 'PostgreSQL cannot be started again');
      await sleep(pause, undefined, { signal: launch.signal }).catch(() => undefined);
    }
  }
  return null;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
