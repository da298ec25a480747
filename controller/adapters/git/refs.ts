import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RefMoved, RepositoryUnavailable } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import { branchRef, isBranchName, isOid, ZERO_OID } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';

export interface BranchChange {
  readonly branch: string;
  /** null: it must not exist. */
  readonly expected: string | null;
  /** null: it is deleted. */
  readonly next: string | null;
  readonly reason: string;
}

/** Branches of one repository. */
export interface Refs {
  head(branch: string): Promise<string | null>;
  branches(prefix: string): Promise<readonly string[]>;
  /** Compare-and-swap under git's own ref locks. Throws RefMoved. */
  change(change: BranchChange): Promise<void>;
}

const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 50;

export function createRefs(git: GitProgram, gitDir: string, id: string): Refs {
  const run = (args: readonly string[]) => git.run([`--git-dir=${gitDir}`, ...args]);

  async function ask(ref: string): Promise<string | null> {
    try {
      const answer = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
      return answer.toString('utf8').trim();
    } catch (error) {
      if (error instanceof GitFailed && error.exitCode === 1) return null;
      throw unavailable(id, error);
    }
  }

  return {
    async head(branch) {
      if (!isBranchName(branch)) return null;
      const ref = branchRef(branch);
      // A branch that moved lately is a file with its id; everything else (packed, symbolic, none) is git's to find.
      const loose = await readFile(join(gitDir, ref), 'utf8').catch(() => '');
      return isOid(loose.trim()) ? loose.trim() : ask(ref);
    },
    async branches(prefix) {
      try {
        const answer = await run(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
        const names = answer.toString('utf8').split('\n');
        return names.filter((name) => name !== '' && name.startsWith(prefix)).sort();
      } catch (error) {
        throw unavailable(id, error);
      }
    },
    async change({ branch, expected, next, reason }) {
      const ref = branchRef(branch);
      const old = expected ?? ZERO_OID;
      const args =
        next === null
          ? ['update-ref', '--no-deref', '-d', ref, old]
          : ['update-ref', '--no-deref', '-m', reason, ref, next, old];
      for (let attempt = 1; ; attempt++) {
        try {
          await run(args);
          return;
        } catch (error) {
          const locked = error instanceof GitFailed && /\.lock': File exists/.test(error.stderr);
          if (!locked || attempt === LOCK_TRIES) throw changeFailure(id, branch, expected, error);
          await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
        }
      }
    },
  };
}

function changeFailure(id: string, branch: string, expected: string | null, error: unknown): Error {
  if (!(error instanceof GitFailed)) return unavailable(id, error);
  const said = error.stderr;
  if (/is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference/.test(said)) {
    const was = expected === null ? 'should not exist' : `should be at ${expected.slice(0, 12)}`;
    return new RefMoved(`Branch ${branch} of ${id} ${was}, but has moved.`, { cause: error });
  }
  const lock = /'([^'\n]+\.lock)': File exists/.exec(said)?.[1];
  if (lock !== undefined) {
    return new RepositoryUnavailable(
      `Branch ${branch} of ${id} is locked by ${lock}. If no git is running there, delete that file.`,
      { cause: error },
    );
  }
  const inTheWay = /'(refs\/heads\/[^']+)' exists; cannot create/.exec(said)?.[1];
  if (inTheWay !== undefined) {
    return new RepositoryUnavailable(
      `Branch ${branch} of ${id} cannot be written: ${inTheWay} is in the way. Rename it ("git branch -m").`,
      { cause: error },
    );
  }
  return unavailable(id, error);
}
