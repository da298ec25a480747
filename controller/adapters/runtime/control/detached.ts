import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Place, privateFolder } from './layout.js';

const START_MS = 20_000;

/** Small heaps: there is one such process per instance and one per lane. */
const NODE_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=1'];

export interface SmallEnvironment {
  readonly PATH: string;
  readonly HOME: string;
}

/** What an entry file prints when it is the one behind its place, or another process already is. */
export const READY = 'ready';
export const TAKEN = 'taken';

/** Compiled file of an entry, given relative to adapters/runtime; tests run from the sources and use the build. */
export function entryFile(relative: string): string {
  const here = fileURLToPath(import.meta.url);
  const runtime = resolve(dirname(here), '..');
  if (!here.endsWith('.ts')) return join(runtime, relative);
  const root = resolve(runtime, '../../..');
  return join(root, 'dist', 'controller', 'adapters', 'runtime', relative);
}

/**
 * Starts an entry file as a process in a session of its own, which outlives us, and waits until it is behind its place's
 * socket (or found another one there). Throws with what it said when it ends before that.
 */
export async function startDetached(
  entry: string,
  place: Place,
  env: SmallEnvironment,
  extra: readonly string[] = [],
): Promise<void> {
  privateFolder(place.folder);
  const errors = join(place.folder, 'process.err');
  const errorFile = openSync(errors, 'w', 0o600);
  const child = spawn(process.execPath, [...NODE_FLAGS, entry, place.folder, place.socket, ...extra], {
    detached: true,
    cwd: '/',
    env: { ...env },
    stdio: ['ignore', 'pipe', errorFile],
  });
  closeSync(errorFile);
  child.unref();
  const said = await firstLine(child);
  child.stdout?.destroy();
  if (said === READY || said === TAKEN) return;
  const problem = (await readFile(errors, 'utf8').catch(() => '')).slice(-2_000).trim();
  throw new Error(`Cannot start ${entry}: ${[said, problem].filter((part) => part !== '').join(' ')}`);
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (said: string): void => {
      clearTimeout(timer);
      resolve(said.trim());
    };
    const timer = setTimeout(() => finish(`it said nothing within ${START_MS} ms`), START_MS);
    child.on('error', (error) => finish(error.message));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) finish(text);
    });
    child.stdout?.on('end', () => finish(text));
  });
}
