import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonValue } from '../../../domain/json.js';
import { asObject, numberOf, textOf } from './files.js';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Id of the boot; empty where the system does not tell. */
  readonly boot: string;
  /** When it started, in the system's own words. */
  readonly started: string;
}

export function identityFrom(value: JsonValue | undefined): ProcessIdentity | null {
  const record = asObject(value);
  const pid = numberOf(record?.pid);
  const boot = textOf(record?.boot);
  const started = textOf(record?.started);
  return pid === null || boot === null || started === null ? null : { pid, boot, started };
}

/** Who has this process id now; null when nobody has. */
export function identify(pid: number): ProcessIdentity | null {
  const started = startOf(pid);
  return started === null ? null : { pid, boot: bootId(), started };
}

/**
 * Kills a recorded process group whose leader may be gone already. A group id is not given out again while a member lives,
 * so within one boot a group without its leader is still the recorded one. True when there was something to kill.
 */
export async function killRecordedGroup(recorded: ProcessIdentity): Promise<boolean> {
  if (recorded.boot !== bootId() || !groupExists(recorded.pid)) return false;
  const now = identify(recorded.pid);
  if (now !== null && now.started !== recorded.started) return false;
  signalGroup(recorded.pid, 'SIGKILL');
  // Not until the group is gone: some systems' init is slow to reap what is dead.
  for (let tries = 0; tries < 200 && identify(recorded.pid) !== null; tries += 1) await delay(5);
  return true;
}

export function isAlive(recorded: ProcessIdentity): boolean {
  return recorded.boot === bootId() && identify(recorded.pid)?.started === recorded.started;
}

/** False when nobody is in the group any more. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

function groupExists(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)), which comes after the name in parentheses; elsewhere what ps says. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return startFromPs(pid);
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie runs nothing any more.
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

function startFromPs(pid: number): string | null {
  const said = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 2_000, encoding: 'utf8' });
  return said.status === 0 && said.stdout.trim() !== '' ? said.stdout.trim() : null;
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id').trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
