import { GitFailed, type GitProgram } from './program.js';

/** How many moves of the branch are looked back over. */
const MOVES = 200;

/** Who moved `branch` to `commit`, from its reflog (git-reflog(1)); null when it has no such entry. */
export async function movedBy(
  git: GitProgram,
  gitDir: string,
  branch: string,
  commit: string,
): Promise<{ readonly name: string; readonly email: string } | null> {
  const format = '--format=%H%x00%gn%x00%ge';
  try {
    const args = ['log', '--walk-reflogs', `--max-count=${MOVES}`, format, `refs/heads/${branch}`, '--'];
    const output = await git.run([`--git-dir=${gitDir}`, ...args]);
    for (const line of output.toString('utf8').split('\n')) {
      const [oid, name, email] = line.split('\0');
      if (oid === commit && name !== undefined && email !== undefined) return { name, email };
    }
    return null;
  } catch (error) {
    if (error instanceof GitFailed) return null;
    throw error;
  }
}
