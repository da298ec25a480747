import { checkRunsOf, latestStatuses, missingRequirement } from './checks.js';
import { gitHub, mergeCommit } from './merge.js';
import { branchTip, setRef } from './refs.js';
import type { PullIssue, Repository } from './state.js';

/** `mergeable` and `mergeable_state` of a pull request. */
export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly state: string;
}

export const unknownMergeability: Mergeability = { mergeable: null, state: 'unknown' };

/** True when the trial merge is not of the present base and head. */
export async function trialIsStale(repository: Repository, pull: PullIssue): Promise<boolean> {
  const base = await branchTip(repository.gitDir, pull.pull.baseRef);
  const { trial, headSha } = pull.pull;
  return trial === null || trial.base !== base || trial.head !== headSha;
}

/** Tries the merge of the present base and head, and keeps it as refs/pull/N/merge like GitHub. */
export async function tryMerge(repository: Repository, pull: PullIssue): Promise<void> {
  const { headSha, baseRef } = pull.pull;
  const base = await branchTip(repository.gitDir, baseRef);
  if (base === undefined) {
    pull.pull.trial = null;
    return;
  }
  const message = `Merge ${headSha} into ${base}`;
  const merged = await mergeCommit(repository.gitDir, base, headSha, message, gitHub());
  pull.pull.trial = { base, head: headSha, sha: merged?.tip ?? null };
  if (merged !== undefined) await setRef(repository.gitDir, `refs/pull/${pull.number}/merge`, merged.tip);
}

/** Whether the pull request could be merged now; the trial merge is brought up to date first. */
export async function mergeabilityOf(repository: Repository, pull: PullIssue): Promise<Mergeability> {
  if (pull.state === 'closed') return unknownMergeability;
  if (await trialIsStale(repository, pull)) await tryMerge(repository, pull);
  return lastMergeability(repository, pull);
}

/** As of the last trial merge: what lists and webhooks go by. */
export function lastMergeability(repository: Repository, pull: PullIssue): Mergeability {
  const { trial, headSha } = pull.pull;
  if (pull.state === 'closed' || trial === null || trial.head !== headSha) return unknownMergeability;
  const mergeable = trial.sha !== null;
  return { mergeable, state: mergeable ? openState(repository, pull) : 'dirty' };
}

function openState(repository: Repository, pull: PullIssue): string {
  if (pull.pull.draft) return 'draft';
  if (missingRequirement(repository, pull) !== undefined) return 'blocked';
  const sha = pull.pull.headSha;
  const statuses = latestStatuses(repository, sha).some((status) => status.state !== 'success');
  const runs = checkRunsOf(repository, sha).some((run) => run.conclusion !== 'success');
  return statuses || runs ? 'unstable' : 'clean';
}
