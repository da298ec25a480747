import type { Changes } from '../../ports/repositories.js';
import type { GitProgram } from './program.js';

const COMMITS = 50;
const FILES = 100;
const SUBJECT_LENGTH = 200;
const PATH_LENGTH = 300;

/** Commits that are in `to` and not in `from`, newest first, and the files in which the two differ. Both are 40 hex digits. */
export async function readChanges(
  git: GitProgram,
  gitDir: string,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Changes> {
  const run = async (...args: readonly string[]) =>
    (await git.run([`--git-dir=${gitDir}`, ...args], { signal, configuration: 'none' })).toString('utf8');
  const range = `${from}..${to}`;
  const log = await run(
    'log',
    `--max-count=${COMMITS}`,
    '--no-show-signature',
    '-z',
    '--format=%H %s',
    range,
    '--',
  );
  const total = Number((await run('rev-list', '--count', range, '--')).trim());
  const names = await run('diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to, '--');
  const commits = entries(log).map((line) => ({
    commit: line.slice(0, 40),
    subject: line.slice(41, 41 + SUBJECT_LENGTH),
  }));
  const files = entries(names);
  return {
    commits,
    files: files.slice(0, FILES).map((path) => path.slice(0, PATH_LENGTH)),
    more: { commits: Math.max(0, total - commits.length), files: Math.max(0, files.length - FILES) },
  };
}

function entries(output: string): readonly string[] {
  return output.split('\0').filter((entry) => entry !== '');
}
