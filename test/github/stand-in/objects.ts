import { git, gitText } from './git.js';
import type { History } from './history.js';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number | undefined;
  readonly path: string;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
}

/** The commit of that full id, or undefined when the repository has no such commit. */
export async function readCommit(history: History, sha: string): Promise<Commit | undefined> {
  const known = history.commits.get(sha);
  if (known !== undefined) return known;
  const result = await git(history.gitDir, ['cat-file', 'commit', sha]);
  if (result.code !== 0) return undefined;
  const commit = parseCommit(sha, result.stdout.toString());
  history.commits.set(sha, commit);
  return commit;
}

/** The commit of an id that is known to be in the repository. */
export async function commitOf(history: History, sha: string): Promise<Commit> {
  const commit = await readCommit(history, sha);
  if (commit === undefined) throw new Error(`${history.gitDir} has no commit ${sha}: its objects were lost.`);
  return commit;
}

function parseCommit(sha: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const value = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    sha,
    tree: value('tree')[0] ?? '',
    parents: value('parent'),
    author: parsePerson(value('author')[0] ?? ''),
    committer: parsePerson(value('committer')[0] ?? ''),
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parsePerson(line: string): Person {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line);
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', seconds: Number(match?.[3] ?? 0) };
}

/** The full commit id of a branch, tag, (short) id or full ref name; undefined when there is none. */
export async function resolveCommit(gitDir: string, reference: string): Promise<string | undefined> {
  if (reference.startsWith('-')) return undefined;
  const names = [`refs/heads/${reference}`, `refs/tags/${reference}`, `refs/${reference}`, reference];
  if (/^[0-9a-f]{40}$/.test(reference)) names.reverse();
  for (const name of names) {
    const result = await git(gitDir, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    if (result.code === 0) return result.stdout.toString().trim();
  }
  return undefined;
}

/** 'blob', 'tree', 'commit' or 'tag'; undefined when the repository has no such object. */
export async function objectType(history: History, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  const known = history.types.get(sha);
  if (known !== undefined) return known;
  const result = await git(history.gitDir, ['cat-file', '-t', sha]);
  if (result.code !== 0) return undefined;
  const type = result.stdout.toString().trim();
  history.types.set(sha, type);
  return type;
}

export async function readBlob(gitDir: string, sha: string): Promise<Buffer | undefined> {
  const result = await git(gitDir, ['cat-file', 'blob', sha]);
  return result.code === 0 ? result.stdout : undefined;
}

export async function writeBlob(gitDir: string, content: Buffer | string): Promise<string> {
  return gitText(gitDir, ['hash-object', '-w', '--stdin'], { input: content });
}

/** The entries of a tree (or of a commit's), with what is below them when asked. */
export async function readTree(gitDir: string, tree: string, recursive: boolean): Promise<TreeEntry[]> {
  const text = await gitText(gitDir, ['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), tree]);
  return text.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
    if (match === null) return [];
    const [, mode = '', type = '', sha = '', size = '', path = ''] = match;
    return [
      { mode, type: type as TreeEntry['type'], sha, size: size === '-' ? undefined : Number(size), path },
    ];
  });
}

export async function writeCommit(gitDir: string, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return gitText(gitDir, ['commit-tree', commit.tree, ...parents, '-F', '-'], {
    input: commit.message,
    env: {
      ...personEnvironment('AUTHOR', commit.author),
      ...personEnvironment('COMMITTER', commit.committer),
    },
  });
}

function personEnvironment(role: 'AUTHOR' | 'COMMITTER', person: Person): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: person.name,
    [`GIT_${role}_EMAIL`]: person.email,
    [`GIT_${role}_DATE`]: `@${person.seconds} +0000`,
  };
}
