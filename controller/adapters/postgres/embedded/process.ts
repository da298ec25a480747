import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Is there such a process? A zombie (nobody reaps orphans in some containers) is not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
}

/** Does the command line of a process mention `word`? */
export async function commandMentions(pid: number, word: string): Promise<boolean> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (fromProc !== null) return fromProc.includes(word);
  const { stdout } = await run('ps', ['-p', String(pid), '-o', 'command='], { timeout: 5000 }).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(word);
}

/** Waits until a process is gone; false when it is still there after `milliseconds`. */
export async function gone(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** Resolves when a process that is not our child ends. */
export async function watchEnd(pid: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await isAlive(pid)))
    await sleep(150, undefined, { ref: false, signal }).catch(() => undefined);
}

/** PostgreSQL's own order of persuasion: fast shutdown, immediate shutdown, kill. */
export async function shutDown(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await gone(pid, patience)) return;
  }
}
