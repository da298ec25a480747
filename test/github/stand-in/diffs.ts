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
  const range = [from ?? emptyTree, to];
  const [raw, counts, patches] = await Promise.all([
    gitText(gitDir, ['diff', '--raw', '-z', '-M', '--no-abbrev', ...range]),
    gitText(gitDir, ['diff', '--numstat', '-z', '-M', ...range]),
    gitText(gitDir, ['diff', '-M', '-p', ...range]),
  ]);
  const lineCounts = parseCounts(counts);
  const hunks = parsePatches(patches);
  return parseRaw(raw).map((change, index) => ({
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

function parseRaw(text: string) {
  const parts = text.split('\0');
  const changes = [];
  for (let at = 0; at < parts.length && parts[at] !== ''; ) {
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
  return changes;
}

function parseCounts(text: string) {
  const parts = text.split('\0');
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
