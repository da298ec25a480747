import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { type LogFile, logFile, logFiles } from './log-files.js';

/** Takes whole lines; never throws, as a full disk must not stop a service. */
export interface LogWriter {
  write(lines: Buffer, count: number): void;
  close(): void;
}

/** Appends to the newest of at most two files of `maxBytes`, starting a new one and removing the oldest when it is full. */
export function createLogWriter(folder: string, maxBytes: number): LogWriter {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let current = newest(folder);
  let descriptor = openSync(current.path, 'a', 0o600);
  let size = fstatSync(descriptor).size;
  let lines = current.firstLine + countLines(current.path);

  const rotate = (): void => {
    closeSync(descriptor);
    for (const old of logFiles(folder).filter((file) => file.number < current.number)) rmSync(old.path);
    current = logFile(folder, current.number + 1, lines);
    descriptor = openSync(current.path, 'a', 0o600);
    size = 0;
  };

  return {
    write(bytes, count) {
      try {
        if (size > 0 && size + bytes.length > maxBytes) rotate();
        // One write: a reader never sees half a line that is not being written this moment.
        size += writeSync(descriptor, bytes);
        lines += count;
      } catch {
        // The disk is full or the folder is gone: these lines are lost, the service goes on.
      }
    },
    close: () => closeSync(descriptor),
  };
}

function newest(folder: string): LogFile {
  return logFiles(folder).at(-1) ?? logFile(folder, 1, 0);
}

function countLines(path: string): number {
  const bytes = readFileSync(path);
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
