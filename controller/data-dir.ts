import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Takes a data directory for this process; the returned function gives it back. A lock left by a killed controller is
 * taken over: its process is told from another with the same id by when it started.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'controller.lock');
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, started: await processStart(process.pid) }), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await linked(mine, file)) return () => rm(file, { force: true });
      const holder = await readHolder(file);
      if (holder !== null && (await alive(holder))) {
        throw new Error(
          `Another controller (process ${holder.pid}) runs on ${dataDir}. Stop it, or set COMMANDER_DATA_DIR to another folder`,
        );
      }
      await rm(file, { force: true });
    }
    throw new Error(`The lock ${file} cannot be taken. Remove it if no controller runs on ${dataDir}`);
  } finally {
    await rm(mine, { force: true });
  }
}

/** Process id of the controller that has a data directory; null when none has, also when a killed one left its lock. */
export async function lockHolder(dataDir: string): Promise<number | null> {
  const holder = await readHolder(join(dataDir, 'controller.lock'));
  return holder !== null && (await alive(holder)) ? holder.pid : null;
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

/** link(2) fails when the name exists: of two that start together, one gets it. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function alive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = await processStart(pid);
  return started === null || now === null || now === started;
}

/** Start time of a process in clock ticks since boot, field 22 of proc(5) stat; null where there is no /proc. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
