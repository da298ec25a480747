import { missingCheck } from './checks.js';
import type { Api } from './http.js';
import { type Merged, mergeCommit } from './merge.js';
import { mergeMessage } from './merge-messages.js';
import { recordMerge } from './merges.js';
import { commitOf, type Person } from './objects.js';
import { announcePull, closePull } from './pulls.js';
import { refsChanged } from './ref-changes.js';
import { branchTip, moveRef, noCommit, setRef } from './refs.js';
import type { Account, PullIssue, QueueEntry, Repository } from './state.js';
import { emailOf, isPull, timestamp } from './world.js';

/** What became of the pull requests that the queue was done with. */
export interface QueueOutcome {
  readonly merged: readonly number[];
  /** Removed because a required check failed or they conflict. */
  readonly removed: readonly number[];
}

/** Puts a pull request into the merge queue: a branch with its merge, for which checks are asked. */
export async function enqueue(
  api: Api,
  repository: Repository,
  number: number,
  by: Account,
): Promise<QueueEntry> {
  const pull = repository.issues.get(number);
  if (!isPull(pull) || pull.state !== 'open')
    throw new Error(`There is no open pull request ${number} to queue.`);
  if (repository.queue.some((entry) => entry.number === number))
    throw new Error(`${number} is queued already.`);
  const entry = await build(api, repository, pull, by);
  if (entry === undefined)
    throw new Error(`Pull request ${number} conflicts with its base: it cannot be queued.`);
  repository.queue.push(entry);
  await announcePull(api, repository, pull, 'enqueued', by);
  announceGroup(api, repository, entry, await groupOf(repository, pull, entry), 'checks_requested', {});
  return entry;
}

/** Merges from the front of the queue as far as the required checks are green. */
export async function processQueue(api: Api, repository: Repository): Promise<QueueOutcome> {
  const merged: number[] = [];
  const removed: number[] = [];
  for (;;) {
    const [entry] = repository.queue;
    if (entry === undefined) break;
    const pull = repository.issues.get(entry.number);
    const state = isPull(pull) && pull.state === 'open' ? await checked(repository, pull, entry) : 'failed';
    if (state === 'pending' || !isPull(pull)) break;
    repository.queue.shift();
    if (state === 'green' && (await advance(api, repository, pull, entry))) merged.push(entry.number);
    else {
      removed.push(entry.number);
      await leave(api, repository, pull, entry, 'invalidated');
      await announcePull(api, repository, pull, 'dequeued', entry.by, { reason: 'CI_FAILURE' });
      await rebuild(api, repository);
    }
  }
  return { merged, removed };
}

async function build(
  api: Api,
  repository: Repository,
  pull: PullIssue,
  by: Account,
): Promise<QueueEntry | undefined> {
  const { gitDir } = repository;
  const { baseRef, headSha } = pull.pull;
  const baseSha = repository.queue.at(-1)?.headSha ?? (await branchTip(gitDir, baseRef));
  if (baseSha === undefined) return undefined;
  const merged = await mergeCommit(
    gitDir,
    baseSha,
    headSha,
    mergeMessage(pull, undefined, undefined),
    personNow(by),
  );
  if (merged === undefined) return undefined;
  const branch = `gh-readonly-queue/${baseRef}/pr-${pull.number}-${baseSha}`;
  const ref = `refs/heads/${branch}`;
  const before = (await branchTip(gitDir, branch)) ?? noCommit;
  await setRef(gitDir, ref, merged.tip);
  await refsChanged(api, repository, [{ ref, before, after: merged.tip }], by);
  return { number: pull.number, by, branch, baseSha, headSha: merged.tip };
}

function personNow(account: Account): Person {
  return {
    name: account.name ?? account.login,
    email: emailOf(account),
    seconds: Math.floor(Date.now() / 1000),
  };
}

async function checked(
  repository: Repository,
  pull: PullIssue,
  entry: QueueEntry,
): Promise<'green' | 'pending' | 'failed'> {
  const protection = repository.protections.get(pull.pull.baseRef);
  const missing = protection === undefined ? undefined : missingCheck(repository, protection, entry.headSha);
  if (missing === undefined) return 'green';
  return missing.endsWith('is failing.') ? 'failed' : 'pending';
}

/** Moves the base to the queued merge; false when the base has moved away from it. */
async function advance(
  api: Api,
  repository: Repository,
  pull: PullIssue,
  entry: QueueEntry,
): Promise<boolean> {
  const ref = `refs/heads/${pull.pull.baseRef}`;
  if (!(await moveRef(repository.gitDir, ref, entry.baseSha, entry.headSha))) return false;
  const merged: Merged = { tip: entry.headSha, commits: [entry.headSha] };
  await recordMerge(repository, pull, merged, entry.by);
  const change = { ref, before: entry.baseSha, after: entry.headSha };
  await refsChanged(api, repository, [change], entry.by, 'merge_queue_merge');
  await leave(api, repository, pull, entry, 'merged');
  await closePull(api, repository, pull, entry.by);
  return true;
}

/** Deletes the branch of an entry and tells that its group is gone. */
async function leave(
  api: Api,
  repository: Repository,
  pull: PullIssue,
  entry: QueueEntry,
  reason: string,
): Promise<void> {
  const group = await groupOf(repository, pull, entry);
  const ref = `refs/heads/${entry.branch}`;
  await moveRef(repository.gitDir, ref, entry.headSha, noCommit);
  await refsChanged(api, repository, [{ ref, before: entry.headSha, after: noCommit }], entry.by);
  announceGroup(api, repository, entry, group, 'destroyed', { reason });
}

/** Those behind a removed entry are merged anew, on what is in front of them now. */
async function rebuild(api: Api, repository: Repository): Promise<void> {
  for (const entry of repository.queue.splice(0)) {
    const pull = repository.issues.get(entry.number);
    if (!isPull(pull)) continue;
    await leave(api, repository, pull, entry, 'invalidated');
    const fresh = await build(api, repository, pull, entry.by);
    if (fresh === undefined) continue;
    repository.queue.push(fresh);
    announceGroup(api, repository, fresh, await groupOf(repository, pull, fresh), 'checks_requested', {});
  }
}

async function groupOf(repository: Repository, pull: PullIssue, entry: QueueEntry) {
  const commit = await commitOf(repository, entry.headSha);
  const person = ({ name, email }: Person) => ({ name, email });
  return {
    head_sha: entry.headSha,
    head_ref: `refs/heads/${entry.branch}`,
    base_sha: entry.baseSha,
    base_ref: `refs/heads/${pull.pull.baseRef}`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: timestamp(commit.committer.seconds * 1000),
      author: person(commit.author),
      committer: person(commit.committer),
    },
  };
}

function announceGroup(
  api: Api,
  repository: Repository,
  entry: QueueEntry,
  group: object,
  action: string,
  more: object,
) {
  api.events.emit(repository, 'merge_group', entry.by, { action, merge_group: group, ...more });
}
