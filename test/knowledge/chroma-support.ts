import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../node_modules/chromadb/dist/cli.mjs', import.meta.url));
const START_MS = 60_000;

/** Why the real Chroma server cannot run here; null when it can. With COMMANDER_REQUIRE_ALL=1 it is run, and fails. */
export function chromaMissing(): string | null {
  if (process.env.COMMANDER_REQUIRE_ALL === '1') return null;
  const binding = `chromadb-js-bindings-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`;
  try {
    createRequire(CLI).resolve(binding);
    return null;
  } catch {
    return `no Chroma server: npm did not install ${binding}`;
  }
}

export interface ChromaServer {
  readonly url: string;
  /** As a crash would; what it has on disk stays. */
  kill(): Promise<void>;
  /** Again, on the same port; `emptied`: without what it had. */
  start(emptied?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The server that comes with the npm package, with a folder of its own. */
export async function startChroma(): Promise<ChromaServer> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-chroma-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let child: ChildProcess | null = null;
  let store = 0;
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill('SIGKILL');
    await ended;
  };
  const start = async (emptied = false): Promise<void> => {
    if (emptied) store += 1;
    const args = [CLI, 'run', '--path', join(folder, `store-${store}`), '--port', String(port)];
    child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    await answering(url, child);
  };
  await start();
  return {
    url,
    kill,
    start,
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`The Chroma server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/api/v2/heartbeat`).catch(() => null);
    if (answer?.ok === true) return;
  }
  throw new Error('The Chroma server does not answer');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
