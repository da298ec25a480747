import { gitText } from './git.js';
import { type History, remembered } from './history.js';

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** One file that differs between two commits. */
export interface Change {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | undefined;
}

/** What `to` changed since `from`; without a `from`, everything is added. */
export async function readChanges(
  history: History,
  from: string | undefined,
  to: string,
): Promise<readonly Change[]> {
  return remembered(history.changes, `${from}..${to}`, () => diff(history.gitDir, from, to));
}

async function diff(gitDir: string, from: string | undefined, to: string): Promise<Change[]> {
  const format = ['--raw', '--numstat', '--patch', '-z', '-M', '--no-abbrev'];
  const text = await gitText(gitDir, ['diff', ...format, from ?? emptyTree, to]);
  // Two NULs part the lists from the patches.
  const end = text.indexOf('\0\0');
  const parts = text.slice(0, end === -1 ? text.length : end).split('\0');
  const { changes, next } = parseRaw(parts);
  const lineCounts = parseCounts(parts.slice(next));
  const hunks = parsePatches(end === -1 ? '' : text.slice(end + 2));
  return changes.map((change, index) => ({
    ...change,
    ...(lineCounts[index] ?? none),
    patch: hunks[index],
  }));
}

const none = { additions: 0, deletions: 0 };

const statuses: Readonly<Record<string, Change['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

function parseRaw(parts: readonly string[]) {
  const changes = [];
  let at = 0;
  while (parts[at]?.startsWith(':')) {
    const [, , oldSha = '', newSha = '', letter = 'M'] = (parts[at] ?? '').split(' ');
    const status = statuses[letter.charAt(0)] ?? 'modified';
    const moved = status === 'renamed' || status === 'copied';
    changes.push({
      status,
      sha: status === 'removed' ? oldSha : newSha,
      previousPath: moved ? parts[at + 1] : undefined,
      path: parts[moved ? at + 2 : at + 1] ?? '',
    });
    at += moved ? 3 : 2;
  }
  return { changes, next: at };
}

function parseCounts(parts: readonly string[]) {
  const counts = [];
  for (let at = 0; at < parts.length && parts[at] !== ''; ) {
    const [added = '0', removed = '0', path = ''] = (parts[at] ?? '').split('\t');
    counts.push({ additions: Number(added) || 0, deletions: Number(removed) || 0 });
    at += path === '' ? 3 : 1;
  }
  return counts;
}

function parsePatches(text: string): (string | undefined)[] {
  return text
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => {
      const start = part.search(/^@@/m);
      return start === -1 ? undefined : part.slice(start).replace(/\n$/, '');
    });
}
