import { git, gitLines } from './git.js';

export const noCommit = '0'.repeat(40);

export interface Ref {
  readonly name: string;
  readonly sha: string;
  readonly type: string;
}

/** The refs whose full names start with the prefix, sorted. */
export async function listRefs(gitDir: string, prefix: string): Promise<Ref[]> {
  const lines = await gitLines(gitDir, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  return lines.flatMap((line) => {
    const [name = '', sha = '', type = ''] = line.split(' ');
    return name.startsWith(prefix) ? [{ name, sha, type }] : [];
  });
}

/** The ref of exactly that full name. */
export async function readRef(gitDir: string, name: string): Promise<Ref | undefined> {
  const lines = await gitLines(gitDir, [
    'for-each-ref',
    '--format=%(refname) %(objectname) %(objecttype)',
    name,
  ]);
  for (const line of lines) {
    const [found = '', sha = '', type = ''] = line.split(' ');
    if (found === name) return { name, sha, type };
  }
  return undefined;
}

export async function branchTip(gitDir: string, branch: string): Promise<string | undefined> {
  return (await readRef(gitDir, `refs/heads/${branch}`))?.sha;
}

/** Moves a ref if it still is at `from` (`noCommit`: is not there); false when another was faster. */
export async function moveRef(gitDir: string, name: string, from: string, to: string): Promise<boolean> {
  const args = to === noCommit ? ['update-ref', '-d', name, from] : ['update-ref', name, to, from];
  return (await git(gitDir, args)).code === 0;
}

/** Points a ref that only the server itself writes (refs/pull/…) to a commit. */
export async function setRef(gitDir: string, name: string, to: string): Promise<void> {
  await git(gitDir, ['update-ref', name, to]);
}

export async function isRefName(gitDir: string, name: string): Promise<boolean> {
  return (await git(gitDir, ['check-ref-format', name])).code === 0;
}
