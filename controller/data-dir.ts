import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ATTEMPTS = 100;

/**
 * Takes a data directory for this process; the returned function gives it back. A lock left by a killed controller is
 * taken over: its process is told from another with the same id by when it started.
 *
 * Locks are numbered files in `lock/`, and the highest one counts. Who finds it stale links the next number, which one of
 * many can, and holds the directory if that number is then still the highest. The highest is never deleted, only emptied,
 * so a number is never counted twice: who looked long ago comes too late, and sees it. A kill between any two steps
 * leaves a claim that nobody looks at, or a stale lock.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const folder = await lockFolder(dataDir);
  const claim = join(folder, `${CLAIM}${process.pid}-${randomBytes(6).toString('hex')}`);
  const me: Holder = { pid: process.pid, started: await processStart(process.pid) };
  await writeFile(claim, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const last = await highest(folder);
      await refuseIfHeld(dataDir, join(folder, String(last)));
      const file = join(folder, String(last + 1));
      if (!(await linked(claim, file))) continue;
      if ((await highest(folder)) === last + 1) {
        await sweep(folder, last + 1);
        return () => giveBack(file);
      }
      await rm(file, { force: true });
    }
    throw new Error(`The lock ${folder} cannot be taken. Remove it if no controller runs on ${dataDir}`);
  } finally {
    await rm(claim, { force: true });
  }
}

/** Process id of the controller that has a data directory; null when none has, also when a killed one left its lock. */
export async function lockHolder(dataDir: string): Promise<number | null> {
  const folder = join(dataDir, FOLDER);
  const holder = await readHolder(join(folder, String(await highest(folder))));
  return holder !== null && (await alive(holder)) ? holder.pid : null;
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

const FOLDER = 'lock';
const CLAIM = 'claim-';

async function lockFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, FOLDER);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return folder;
}

/** 0 when there is no lock at all. */
async function highest(folder: string): Promise<number> {
  return Math.max(0, ...(await names(folder)).filter((name) => /^\d{1,15}$/.test(name)).map(Number));
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function refuseIfHeld(dataDir: string, file: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder === null || !(await alive(holder))) return;
  throw new Error(
    `Another controller (process ${holder.pid}) runs on ${dataDir}. Stop it, or set COMMANDER_DATA_DIR to another folder`,
  );
}

/** link(2) fails when the name exists: of two that start together, one gets it. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Deletes the locks before ours, and what processes that are gone left of their claims. */
async function sweep(folder: string, ours: number): Promise<void> {
  const old = (await names(folder)).filter((name) => {
    const claimant = new RegExp(`^${CLAIM}(\\d{1,15})-`).exec(name)?.[1];
    return claimant === undefined ? Number(name) < ours : !exists(Number(claimant));
  });
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

/** An empty lock is nobody's. */
async function giveBack(file: string): Promise<void> {
  try {
    await truncate(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** null: there is none, it was given back, or the machine went down while it was written. */
async function readHolder(file: string): Promise<Holder | null> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as Holder | null;
    return holder !== null && Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function alive({ pid, started }: Holder): Promise<boolean> {
  if (!exists(pid)) return false;
  const now = await processStart(pid);
  return started === null || now === null || now === started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
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

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
