import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGitProgram } from '../../controller/adapters/git/program.js';
import type { Log } from '../../controller/ports/log.js';

export const IDENTITY = { name: 'AI DevOps Commander', email: 'commander@localhost' };
export const ANN = { name: 'Ann', email: 'ann@example.org' };

const PERSON = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: ANN.name,
  GIT_AUTHOR_EMAIL: ANN.email,
  GIT_COMMITTER_NAME: ANN.name,
  GIT_COMMITTER_EMAIL: ANN.email,
};

/** The git program as a person uses it. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    env: PERSON,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** The git program as the controller uses it. */
export const program = createGitProgram({ environment: { PATH: process.env.PATH, HOME: '/nonexistent' } });

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'commander-git-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** Writes and commits files; the new commit. */
export function commit(folder: string, files: Readonly<Record<string, string>>, message = 'change'): string {
  write(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

export function newRepository(
  folder: string,
  files: Readonly<Record<string, string>> = { 'README.md': 'hello\n' },
): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  commit(folder, files, 'first');
  return folder;
}

export interface RecordedLog extends Log {
  readonly lines: string[];
}

export function recordingLog(): RecordedLog {
  const lines: string[] = [];
  const note = (fields: object, message: string) => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: RecordedLog = { lines, debug: note, info: note, warn: note, error: note, bind: () => log };
  return log;
}

export const forever = new AbortController().signal;
