import type { Merged } from './merge.js';
import { pullCommits } from './pull-commits.js';
import type { Account, PullIssue, Repository } from './state.js';
import { now } from './world.js';

/** Keeps who merged it and which commits that brought to the base branch. */
export async function recordMerge(
  repository: Repository,
  issue: PullIssue,
  merged: Merged,
  by: Account,
): Promise<void> {
  const { pull } = issue;
  pull.broughtCommits = new Set([...merged.commits, ...(await pullCommits(repository, pull))]);
  pull.merged = { at: now(), by, sha: merged.tip };
  // Closed at once, so that the push of the merge is not taken for somebody else's merge.
  issue.state = 'closed';
}
