import { atLeast, roleOf } from './access.js';
import type { CheckRun, CommitStatus, Protection, PullIssue, Repository, Review } from './state.js';

/** The newest status of each context, newest first. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of [...(repository.statuses.get(sha) ?? [])].reverse()) {
    if (!latest.has(status.context)) latest.set(status.context, status);
  }
  return [...latest.values()];
}

/** The check runs of a commit, the newest of each name and App first. */
export function checkRunsOf(repository: Repository, sha: string): CheckRun[] {
  return [...repository.checkRuns.values()].filter((run) => run.headSha === sha).reverse();
}

/** success, failure or pending of a context or check run of that name; undefined when there is none. */
export function checkState(repository: Repository, sha: string, name: string) {
  const status = latestStatuses(repository, sha).find((each) => each.context === name);
  if (status !== undefined) return status.state === 'error' ? 'failure' : status.state;
  const run = checkRunsOf(repository, sha).find((each) => each.name === name);
  if (run === undefined) return undefined;
  if (run.status !== 'completed') return 'pending';
  return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'success' : 'failure';
}

/** Why the branch's protection does not let that commit in; undefined when it does. */
export function missingCheck(
  repository: Repository,
  protection: Protection,
  sha: string,
): string | undefined {
  for (const name of protection.requiredChecks) {
    const state = checkState(repository, sha, name);
    if (state === undefined || state === 'pending') return `Required status check "${name}" is expected.`;
    if (state === 'failure') return `Required status check "${name}" is failing.`;
  }
  return undefined;
}

/** Why the branch's protection does not let the pull request in yet; undefined when it does. */
export function missingRequirement(repository: Repository, pull: PullIssue): string | undefined {
  const protection = repository.protections.get(pull.pull.baseRef);
  if (protection === undefined) return undefined;
  return (
    missingReview(repository, protection, pull) ?? missingCheck(repository, protection, pull.pull.headSha)
  );
}

function missingReview(repository: Repository, protection: Protection, pull: PullIssue): string | undefined {
  if (protection.requiredReviews === 0) return undefined;
  const opinions = latestOpinions(repository, pull);
  if (opinions.some((review) => review.state === 'CHANGES_REQUESTED')) {
    return 'Changes have been requested.';
  }
  const approvals = opinions.filter((review) => review.state === 'APPROVED').length;
  if (approvals >= protection.requiredReviews) return undefined;
  const wanted = protection.requiredReviews;
  return `At least ${wanted} approving review${wanted === 1 ? ' is' : 's are'} required by reviewers with write access.`;
}

/** The last approval or request for changes of everybody who may write. */
function latestOpinions(repository: Repository, pull: PullIssue): Review[] {
  const latest = new Map<number, Review>();
  for (const review of pull.pull.reviews) {
    if (review.state === 'COMMENTED' || review.state === 'PENDING') continue;
    if (atLeast(roleOf(repository, review.user.login), 'write')) latest.set(review.user.id, review);
  }
  return [...latest.values()];
}
