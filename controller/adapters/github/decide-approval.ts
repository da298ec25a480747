import { type ApprovalDemands, NO_DEMANDS } from '../../domain/plan.js';
import type { ApprovalCheck } from '../../ports/forge.js';

/** A review as GitHub has it, oldest first in a list. */
export interface Review {
  readonly login: string;
  readonly kind: 'User' | 'Bot';
  readonly state: string;
  /** The head that it is about. */
  readonly commit: string | null;
  /** ISO 8601. */
  readonly at: string | null;
}

export interface Check {
  readonly name: string;
  readonly state: 'success' | 'pending' | 'failure';
}

/** Everything that an approval is decided on, asked for just now. */
export interface ApprovalFacts {
  readonly path: string;
  /** The protected branch. */
  readonly branch: string;
  /** The plan's file on the protected branch, compared byte for byte with the plan. */
  readonly fileOnBranch: 'absent' | 'same' | 'different';
  readonly pull: {
    readonly number: number;
    readonly merged: boolean;
    readonly mergedAt: string | null;
    readonly mergedBy: { readonly login: string; readonly kind: 'User' | 'Bot' } | null;
    readonly mergeCommit: string | null;
    readonly base: string;
    readonly head: string;
    /** The branch is in this repository, not in a fork. */
    readonly ownBranch: boolean;
  };
  /** The commit from which on the file has been on the protected branch as it is, and the merged pull requests it is part of. */
  readonly brought: { readonly commit: string; readonly pulls: readonly number[] } | null;
  /** The plan's file at the head that was reviewed. */
  readonly fileAtHead: 'absent' | 'same' | 'different';
  readonly reviews: readonly Review[];
  /** Logins that may write to the repository, of those who reviewed or merged. */
  readonly writers: ReadonlySet<string>;
  /** Logins whose own request or edit this is, and why it could not be told; null when it could. */
  readonly authors: ReadonlySet<string>;
  readonly authorDoubt: string | null;
  readonly controller: string;
  readonly controllerIsApp: boolean;
  readonly policy: { readonly approvals: number; readonly approvalByAuthor: boolean };
  /** Required checks on the reviewed head, without our own. */
  readonly checks: readonly Check[];
}

const MERGE_QUEUE = 'github-merge-queue[bot]';

/**
 * Is the plan's file on the protected branch an approval? It is when it came with the plan's own pull request, and enough people
 * with write access approved exactly the head that was merged. On any doubt it is not, and the answer says why.
 */
export function decideApproval(facts: ApprovalFacts, demands: ApprovalDemands = NO_DEMANDS): ApprovalCheck {
  const strict = { ...facts, policy: stricter(facts.policy, demands) };
  return (
    notMerged(strict) ??
    wrongWay(strict) ??
    withoutReviews(strict) ??
    withoutApprovers(strict, demands) ??
    approvedBy(strict)
  );
}

/** What SOPs demand tightens the policy. Who they want to approve is somebody else than the author, whatever the policy allows. */
function stricter(policy: ApprovalFacts['policy'], { approvals }: ApprovalDemands): ApprovalFacts['policy'] {
  if (approvals === 0) return policy;
  return { approvals: Math.max(policy.approvals, approvals), approvalByAuthor: false };
}

function withoutApprovers(facts: ApprovalFacts, { approvers }: ApprovalDemands): ApprovalCheck | null {
  const approved = countedApprovals(facts).map((login) => login.toLowerCase());
  const missing = approvers.find((logins) => !logins.some((login) => approved.includes(login.toLowerCase())));
  if (missing === undefined) return null;
  return refuse(
    `#${facts.pull.number} was merged without an approval by ${missing.join(' or ')}, which an SOP demands${whyNot(facts)}`,
  );
}

function notMerged({ pull, fileOnBranch, path, branch }: ApprovalFacts): ApprovalCheck | null {
  if (fileOnBranch !== 'absent') return null;
  if (!pull.merged) return { kind: 'not-merged' };
  if (pull.base !== branch) return mergedElsewhere(pull, branch);
  return refuse(
    `#${pull.number} was merged, but ${path} is not on ${branch} any more (reverted, deleted, or the branch was forced back)`,
  );
}

function mergedElsewhere({ number, base }: ApprovalFacts['pull'], branch: string): ApprovalCheck {
  return refuse(`#${number} was merged into ${base}, not into ${branch}: /commander plan proposes it again`);
}

/** Did it come to the protected branch in the one way that counts? */
function wrongWay(facts: ApprovalFacts): ApprovalCheck | null {
  const { pull, fileOnBranch, brought, path, branch } = facts;
  const cameWithIt =
    brought !== null && (brought.pulls.includes(pull.number) || brought.commit === pull.mergeCommit);
  const where = brought === null ? '' : ` in ${brought.commit.slice(0, 12)}`;
  if (!pull.merged)
    return fileOnBranch === 'same'
      ? refuse(`${path} was pushed to ${branch}${where} without merging #${pull.number}: not an approval`)
      : { kind: 'not-merged' };
  if (pull.base !== branch) return mergedElsewhere(pull, branch);
  if (!pull.ownBranch)
    return refuse(`#${pull.number} comes from a fork: the controller's own branch counts only`);
  if (fileOnBranch === 'different') {
    if (cameWithIt && facts.fileAtHead === 'different' && brought !== null) {
      const edited = { commit: brought.commit, head: pull.head, by: pull.mergedBy?.login ?? 'somebody' };
      return { ...refuse(`#${pull.number} was merged with an edit that was not checked yet`), edited };
    }
    return refuse(`${path} on ${branch} was edited by hand${where}: it is not the proposed plan`);
  }
  if (!cameWithIt)
    return refuse(`${path} came to ${branch}${where} in another way than by merging #${pull.number}`);
  if (facts.fileAtHead !== 'same')
    return refuse(`what was reviewed in #${pull.number} (${pull.head.slice(0, 12)}) is not this plan`);
  return null;
}

function withoutReviews(facts: ApprovalFacts): ApprovalCheck | null {
  const { pull, policy } = facts;
  const against = standingObjections(facts);
  if (against.length > 0) return refuse(`${names(against)} asked for changes in #${pull.number}`);
  const notGreen = facts.checks.filter(({ state }) => state !== 'success');
  if (notGreen.length > 0)
    return refuse(
      `required checks of #${pull.number} are not green: ${notGreen.map(({ name, state }) => `${name} (${state})`).join(', ')}`,
    );
  if (facts.authorDoubt !== null && policy.approvals > 0 && !policy.approvalByAuthor)
    return refuse(`${facts.authorDoubt}, so nobody is known not to have approved their own`);
  const counted = countedApprovals(facts);
  if (counted.length < policy.approvals)
    return refuse(
      `#${pull.number} was merged with ${counted.length} of ${policy.approvals} approvals of ${pull.head.slice(0, 12)} by people with write access${whyNot(facts)}`,
    );
  return policy.approvals === 0 ? mergedByNobody(facts) : null;
}

/** Where no reviews are asked for, the merge itself is the approval, so a person has to have done it. */
function mergedByNobody(facts: ApprovalFacts): ApprovalCheck | null {
  const { pull, controllerIsApp, controller, writers } = facts;
  const by = pull.mergedBy;
  if (by === null) return refuse(`GitHub does not say who merged #${pull.number}`);
  if (countedApprovals(facts).length > 0) return null;
  if (controllerIsApp && by.login === controller)
    return refuse(`#${pull.number} was merged by the controller itself`);
  if (by.kind === 'Bot' && by.login !== MERGE_QUEUE)
    return refuse(`#${pull.number} was merged by ${by.login}, which is no person, and nobody approved it`);
  return by.login === MERGE_QUEUE || writers.has(by.login)
    ? null
    : refuse(`#${pull.number} was merged by ${by.login}, who may not write to the repository`);
}

function approvedBy(facts: ApprovalFacts): ApprovalCheck {
  const { pull, brought } = facts;
  const merger = pull.mergedBy === null ? [] : [pull.mergedBy.login];
  const people = [...new Set([...countedApprovals(facts), ...merger])];
  return {
    kind: 'approved',
    by: people.map((login) => `github:${login}`),
    commit: brought?.commit ?? pull.mergeCommit ?? pull.head,
  };
}

/** Each one's last word; a comment takes no approval back. https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests */
function lastWords(reviews: readonly Review[]): readonly Review[] {
  const byLogin = new Map<string, Review>();
  for (const review of reviews)
    if (['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state))
      byLogin.set(review.login, review);
  return [...byLogin.values()];
}

function standingObjections({ reviews }: ApprovalFacts): readonly string[] {
  return lastWords(reviews)
    .filter(({ state }) => state === 'CHANGES_REQUESTED')
    .map(({ login }) => login);
}

function countedApprovals(facts: ApprovalFacts): readonly string[] {
  return lastWords(facts.reviews)
    .filter((review) => review.state === 'APPROVED' && objectionTo(facts, review) === null)
    .map(({ login }) => login);
}

/** Why an approval does not count; null when it does. */
function objectionTo(facts: ApprovalFacts, review: Review): string | null {
  const { pull, policy } = facts;
  if (review.commit !== pull.head) return `approved the older head ${(review.commit ?? '?').slice(0, 12)}`;
  if (review.kind === 'Bot' || review.login === facts.controller) return 'is no person';
  if (!policy.approvalByAuthor && facts.authors.has(review.login)) return 'is the author';
  if (!facts.writers.has(review.login)) return 'may not write to the repository';
  // Also when one of the times is not known.
  if (!(Date.parse(review.at ?? '') <= Date.parse(pull.mergedAt ?? '')))
    return 'did not approve before the merge';
  return null;
}

function whyNot(facts: ApprovalFacts): string {
  const reasons = lastWords(facts.reviews)
    .filter(({ state }) => state === 'APPROVED')
    .flatMap((review) => {
      const reason = objectionTo(facts, review);
      return reason === null ? [] : [`${review.login} ${reason}`];
    });
  return reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
}

function names(logins: readonly string[]): string {
  return logins.join(' and ');
}

function refuse(reason: string): Extract<ApprovalCheck, { kind: 'refused' }> {
  return { kind: 'refused', reason };
}
