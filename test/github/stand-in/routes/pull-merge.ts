import { actorOf } from '../caller.js';
import { missingRequirement } from '../checks.js';
import { choiceField, textField } from '../fields.js';
import { isAncestor } from '../history.js';
import { type Merged, mergeCommit, rebaseCommits, squashCommit } from '../merge.js';
import { mergeMessage, squashMessage } from '../merge-messages.js';
import { recordMerge } from '../merges.js';
import { pullOf } from '../numbers.js';
import { commitOf, type Person } from '../objects.js';
import { bypasses } from '../protection.js';
import { closePull } from '../pulls.js';
import { refsChanged } from '../ref-changes.js';
import { branchTip, moveRef } from '../refs.js';
import { noContent, notFound, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { repositoryHtmlUrl } from '../shapes/repository.js';
import type { Account, PullIssue } from '../state.js';
import { emailOf } from '../world.js';
import { callerPerson } from './git-objects.js';

const merging = ['contents=write'];

export const pullMergeRoutes = [
  repositoryRoute('PUT /pulls/{number}/merge', 'write', merging, mergePull),
  repositoryRoute('GET /pulls/{number}/merge', 'read', ['contents=read'], isMerged),
  repositoryRoute('PUT /pulls/{number}/update-branch', 'write', ['pull_requests=write'], updateBranch),
];

async function isMerged(call: RepositoryCall): Promise<Reply> {
  if (pullOf(call).pull.merged === null) throw notFound();
  return noContent;
}

async function mergePull(call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const by = actorOf(call.caller);
  requireMergeable(call, issue);
  const base = await branchTip(repository.gitDir, pull.baseRef);
  if (base === undefined) throw refuse(405, 'Pull Request is not mergeable');
  const merged = await mergedBy(call, issue, base);
  if (merged === undefined) throw refuse(405, 'Pull Request is not mergeable');
  const ref = `refs/heads/${pull.baseRef}`;
  if (!(await moveRef(repository.gitDir, ref, base, merged.tip))) {
    throw refuse(405, 'Base branch was modified. Review and try the merge again.');
  }
  await recordMerge(repository, issue, merged, by);
  await refsChanged(call, repository, [{ ref, before: base, after: merged.tip }], by, 'pr_merge');
  await closePull(call, repository, issue, by);
  return ok({ sha: merged.tip, merged: true, message: 'Pull Request successfully merged' });
}

function requireMergeable(call: RepositoryCall, issue: PullIssue): void {
  const { repository } = call;
  const { pull } = issue;
  if (issue.state === 'closed') throw refuse(405, 'Pull Request is not mergeable');
  const expected = textField(call.body, 'sha');
  if (expected !== undefined && expected !== pull.headSha) {
    throw refuse(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (pull.draft) throw refuse(405, 'Pull Request is still a draft');
  if (bypasses(call.caller, repository, pull.baseRef)) return;
  const missing = missingRequirement(repository, issue);
  if (missing !== undefined) throw refuse(405, missing);
}

async function mergedBy(call: RepositoryCall, issue: PullIssue, base: string): Promise<Merged | undefined> {
  const { repository } = call;
  const { headSha } = issue.pull;
  const method = choiceField(call.body, 'merge_method', ['merge', 'squash', 'rebase']) ?? 'merge';
  const title = textField(call.body, 'commit_title');
  const message = textField(call.body, 'commit_message');
  if (method === 'rebase') return rebaseCommits(repository, base, headSha, callerPerson(call));
  if (method === 'squash') {
    const text = await squashMessage(repository, issue, title, message);
    return squashCommit(repository.gitDir, base, headSha, text, personNow(issue.user));
  }
  return mergeCommit(
    repository.gitDir,
    base,
    headSha,
    mergeMessage(issue, title, message),
    callerPerson(call),
  );
}

function personNow(account: Account): Person {
  return {
    name: account.name ?? account.login,
    email: emailOf(account),
    seconds: Math.floor(Date.now() / 1000),
  };
}

async function updateBranch(call: RepositoryCall): Promise<Reply> {
  const { repository, world } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const expected = textField(call.body, 'expected_head_sha');
  if (expected !== undefined && expected !== pull.headSha) {
    throw refuse(422, `expected head sha didn’t match current head ref.`);
  }
  const base = await branchTip(repository.gitDir, pull.baseRef);
  const head = world.repositories.get(pull.headRepositoryId);
  if (base === undefined || head === undefined || issue.state === 'closed')
    throw refuse(422, 'merge conflict between base and head');
  if (await isAncestor(repository, base, pull.headSha)) {
    throw refuse(422, 'There are no new commits on the base branch.');
  }
  if (head !== repository)
    throw refuse(403, 'The branch of a fork cannot be updated here: push to it instead.');
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}`;
  const merged = await mergeCommit(repository.gitDir, pull.headSha, base, message, callerPerson(call));
  if (merged === undefined) throw refuse(422, 'merge conflict between base and head');
  const ref = `refs/heads/${pull.headRef}`;
  const before = (await commitOf(repository, pull.headSha)).sha;
  if (!(await moveRef(repository.gitDir, ref, before, merged.tip)))
    throw refuse(422, `expected head sha didn’t match current head ref.`);
  await refsChanged(call, repository, [{ ref, before, after: merged.tip }], actorOf(call.caller));
  const url = `${repositoryHtmlUrl(world, repository)}/pull/${issue.number}`;
  return { status: 202, body: { message: 'Updating pull request branch.', url } };
}
