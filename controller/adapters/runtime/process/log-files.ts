import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One of an instance's log files, `<number>.<first line>.log`: both numbers count over all that was ever written. */
export interface LogFile {
  readonly path: string;
  readonly number: number;
  /** How many lines were written before its first. */
  readonly firstLine: number;
}

export function logFile(folder: string, number: number, firstLine: number): LogFile {
  return { path: join(folder, `${number}.${firstLine}.log`), number, firstLine };
}

/** Oldest first; empty when there are none. */
export function logFiles(folder: string): readonly LogFile[] {
  const names = readNames(folder);
  return names
    .flatMap((name) => {
      const match = /^(\d{1,12})\.(\d{1,15})\.log$/.exec(name);
      return match === null ? [] : [logFile(folder, Number(match[1]), Number(match[2]))];
    })
    .sort((left, right) => left.number - right.number);
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
