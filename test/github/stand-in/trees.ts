import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitText } from './git.js';

const directory = '040000';

/** A change of one path; without a `sha` the path is removed. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** A new tree: the base tree with the changes. Undefined when git refuses an entry. */
export async function writeTree(
  gitDir: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string | undefined> {
  const index = join(gitDir, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (base !== undefined) await gitText(gitDir, ['read-tree', base], { env });
    const cleared: TreeChange[] = [];
    for (const change of changes.filter((each) => each.sha === null || each.mode === directory)) {
      const below = await pathsBelow(gitDir, change.path, env);
      if (change.sha === null && below.length === 0) return undefined;
      cleared.push(...below.map((path) => ({ path, mode: '0', sha: null })));
    }
    const files = changes.filter((change) => change.sha !== null && change.mode !== directory);
    if (!(await updateIndex(gitDir, [...cleared, ...files], env))) return undefined;
    for (const change of changes) {
      if (change.mode !== directory || change.sha === null) continue;
      await gitText(gitDir, ['read-tree', `--prefix=${change.path}/`, change.sha], { env });
    }
    const written = await git(gitDir, ['write-tree'], { env });
    return written.code === 0 ? written.stdout.toString().trim() : undefined;
  } finally {
    await rm(index, { force: true });
  }
}

async function updateIndex(gitDir: string, changes: readonly TreeChange[], env: Record<string, string>) {
  const input = changes.map((change) => `${line(change)}\0`).join('');
  return (await git(gitDir, ['update-index', '-z', '--replace', '--index-info'], { input, env })).code === 0;
}

async function pathsBelow(gitDir: string, path: string, env: Record<string, string>): Promise<string[]> {
  const text = await gitText(gitDir, ['--literal-pathspecs', 'ls-files', '-z', '--', path], { env });
  return text.split('\0').filter((each) => each !== '');
}

function line(change: TreeChange): string {
  return change.sha === null
    ? `0 ${'0'.repeat(40)}\t${change.path}`
    : `${change.mode} ${change.sha}\t${change.path}`;
}
