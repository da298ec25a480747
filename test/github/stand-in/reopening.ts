import { isAncestor } from './history.js';
import { reopenPull } from './pulls.js';
import { bringCommit, bringHead } from './ref-changes.js';
import { branchTip } from './refs.js';
import { invalid } from './reply.js';
import type { Call } from './router.js';
import type { Account, PullIssue, Repository } from './state.js';
import { pullsOf } from './world.js';

/** GitHub has one open pull request of a branch into another. */
export function refuseSecond(
  repository: Repository,
  head: Repository,
  headRef: string,
  baseRef: string,
): void {
  const same = pullsOf(repository).some(
    ({ state, pull }) =>
      state === 'open' &&
      pull.headRepositoryId === head.id &&
      pull.headRef === headRef &&
      pull.baseRef === baseRef,
  );
  if (same) throw invalid('PullRequest', `A pull request already exists for ${head.owner.login}:${headRef}.`);
}

/** Opens a closed pull request again, when its branch is there and has gone on from where it was. */
export async function reopen(
  context: Pick<Call, 'world' | 'events'>,
  repository: Repository,
  issue: PullIssue,
  by: Account,
): Promise<void> {
  const { pull } = issue;
  if (pull.merged !== null) throw refused('The pull request cannot be reopened.');
  const head = context.world.repositories.get(pull.headRepositoryId) ?? repository;
  const tip = await branchTip(head.gitDir, pull.headRef);
  if (tip === undefined) throw refused(`The ${pull.headRef} branch has been deleted.`);
  refuseSecond(repository, head, pull.headRef, pull.baseRef);
  await bringCommit(repository, head, tip);
  if (!(await isAncestor(repository, pull.headSha, tip))) {
    throw refused(`The ${pull.headRef} branch was force-pushed or recreated.`);
  }
  await bringHead(repository, head, issue.number, tip);
  pull.headSha = tip;
  await reopenPull(context, repository, issue, by);
}

function refused(reason: string) {
  return invalid('PullRequest', `state cannot be changed. ${reason}`);
}
