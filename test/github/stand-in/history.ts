import type { Change } from './diffs.js';
import { git, gitLines } from './git.js';
import type { Commit } from './objects.js';

/**
 * A bare repository with what was read of it before. All of it is about commits by their ids, which never changes, so
 * that one read is enough.
 */
export interface History {
  readonly gitDir: string;
  readonly commits: Map<string, Commit>;
  readonly types: Map<string, string>;
  readonly changes: Map<string, readonly Change[]>;
  readonly ranges: Map<string, readonly string[]>;
  readonly ancestry: Map<string, boolean>;
}

export function createHistory(gitDir: string): History {
  return {
    gitDir,
    commits: new Map(),
    types: new Map(),
    changes: new Map(),
    ranges: new Map(),
    ancestry: new Map(),
  };
}

/** True when the newer commit has the older one among its ancestors, or is it. */
export async function isAncestor(history: History, older: string, newer: string): Promise<boolean> {
  if (older === newer) return true;
  const key = `${older} ${newer}`;
  const known = history.ancestry.get(key);
  if (known !== undefined) return known;
  const { code } = await git(history.gitDir, ['merge-base', '--is-ancestor', older, newer]);
  // Another code means that one of them is not there, yet.
  if (code === 0 || code === 1) history.ancestry.set(key, code === 0);
  return code === 0;
}

/** The newest commit that both have; undefined when they have no common history. */
export async function mergeBase(history: History, one: string, other: string): Promise<string | undefined> {
  const { gitDir, ranges } = history;
  const bases = await remembered(ranges, `base ${one} ${other}`, async () => {
    const result = await git(gitDir, ['merge-base', one, other]);
    return result.code === 0 ? [result.stdout.toString().trim()] : [];
  });
  return bases[0];
}

/** Commits that `to` has and `from` has not, oldest first. */
export async function commitsBetween(history: History, from: string, to: string): Promise<readonly string[]> {
  const range = ['rev-list', '--reverse', '--topo-order', to, `^${from}`];
  return remembered(history.ranges, `${from}..${to}`, () => gitLines(history.gitDir, range));
}

/** What is kept under the key, or else what `read` gives, which is kept then. */
export async function remembered<T>(kept: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const value = await read();
  kept.set(key, value);
  return value;
}
