import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RepositoryUnavailable } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import { branchRef, isBranchName } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';
import type { Refs } from './refs.js';

/** The git folder of a path: its `.git`, the one a `.git` file or a linked work tree leads to, or the bare repository itself. */
export async function findGitDir(git: GitProgram, path: string, id: string): Promise<string> {
  try {
    const root = await realpath(path);
    const answer = await git.run(['-C', root, 'rev-parse', '--path-format=absolute', '--git-common-dir'], {
      // Only that folder counts: a repository further up is somebody else's.
      env: { GIT_CEILING_DIRECTORIES: dirname(root) },
    });
    return answer.toString('utf8').trim();
  } catch (error) {
    throw unavailable(id, error);
  }
}

/** The branch that HEAD names (at `path`, or in the git folder); null when HEAD is detached. */
export async function headBranch(git: GitProgram, where: readonly string[]): Promise<string | null> {
  try {
    const answer = await git.run([...where, 'symbolic-ref', '--quiet', 'HEAD']);
    return /^refs\/heads\/(.+)$/.exec(answer.toString('utf8').trim())?.[1] ?? null;
  } catch (error) {
    if (error instanceof GitFailed) return null;
    throw error;
  }
}

const USUAL = ['main', 'master'];

/**
 * The protected branch: the configured one; else what HEAD names if that is main or master; else the only branch that
 * is not ours; else the one of main and master that exists. Throws RepositoryUnavailable with the fix.
 */
export async function chooseBranch(
  refs: Refs,
  id: string,
  configured: string | undefined,
  head: string | null,
): Promise<string> {
  if (configured !== undefined) {
    if (isBranchName(configured)) return configured;
    throw new RepositoryUnavailable(
      `"${configured}" is not a branch name. Configure the protected branch of ${id}.`,
    );
  }
  if (head !== null && USUAL.includes(head)) return head;
  const branches = (await refs.branches('')).filter((name) => !name.startsWith('commander/'));
  const [only, another] = branches;
  if (only !== undefined && another === undefined) return only;
  const usual = USUAL.filter((name) => branches.includes(name));
  if (usual.length === 1 && usual[0] !== undefined) return usual[0];
  throw new RepositoryUnavailable(
    `Which branch of ${id} is the protected one? Its HEAD is ${head === null ? 'detached' : branchRef(head)} and it has ${
      branches.length
    } branches. Configure the branch.`,
  );
}
