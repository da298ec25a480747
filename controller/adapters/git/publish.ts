import { MergeRefused, RefMoved } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import type { Mirror } from './mirror.js';
import { remoteEnvironment } from './mirror-refresh.js';
import { branchRef } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';
import { lastWords } from './redact.js';
import type { BranchChange, Refs } from './refs.js';

const PUSH_MS = 120_000;

/** Moves a branch at the remote as a compare-and-swap (push with a lease), then in the mirror. */
export function createPush(
  git: GitProgram,
  mirror: Mirror,
  refs: Refs,
): (change: BranchChange) => Promise<void> {
  return async (change) => {
    const ref = branchRef(change.branch);
    const args = [
      `--git-dir=${mirror.gitDir}`,
      'push',
      '--quiet',
      '--no-verify',
      '--no-signed',
      `--force-with-lease=${ref}:${change.expected ?? ''}`,
      'origin',
      `${change.next ?? ''}:${ref}`,
    ];
    try {
      await git.run(args, { env: await remoteEnvironment(mirror.remote), timeoutMs: PUSH_MS });
    } catch (error) {
      throw pushFailure(mirror.id, change.branch, error);
    }
    const here = await refs.head(change.branch);
    if (here !== change.next) await refs.change({ ...change, expected: here });
  };
}

function pushFailure(id: string, branch: string, error: unknown): Error {
  if (!(error instanceof GitFailed)) return unavailable(id, error);
  const said = error.stderr;
  if (/stale info|fetch first|non-fast-forward|cannot lock ref|remote ref does not exist/.test(said)) {
    return new RefMoved(`Branch ${branch} of ${id} has moved.`, { cause: error });
  }
  if (/\[remote rejected\]|pre-receive hook declined|protected branch/i.test(said)) {
    return new MergeRefused(
      `${id} does not take a push to ${branch}: "${lastWords(said)}". Merge it there, or let the controller push.`,
      { cause: error },
    );
  }
  return unavailable(id, error);
}
