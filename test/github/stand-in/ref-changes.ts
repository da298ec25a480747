import { type Movement, recordActivity } from './activity.js';
import { git, gitLines } from './git.js';
import { isAncestor } from './history.js';
import { pullCommits } from './pull-commits.js';
import { announcePull, closePull } from './pulls.js';
import { pushPayload, type RefChange } from './push-event.js';
import { branchTip, noCommit, setRef } from './refs.js';
import type { Call } from './router.js';
import type { Account, PullIssue, Repository } from './state.js';
import { now, pullsOf } from './world.js';

type Context = Pick<Call, 'world' | 'events'>;

/** Does what GitHub does once refs have moved: webhooks, pull requests brought up to date, closed or merged. */
export async function refsChanged(
  context: Context,
  repository: Repository,
  changes: readonly RefChange[],
  by: Account,
  movement: Movement = 'push',
): Promise<void> {
  // Before any webhook, so that who hears of a change finds it recorded.
  for (const change of changes) await recordActivity(context.world, repository, change, by, movement);
  // A branch that is merged and deleted in one push has been merged, not just deleted.
  const deletionsLast = [...changes].sort(
    (one, other) => Number(one.after === noCommit) - Number(other.after === noCommit),
  );
  for (const change of deletionsLast) {
    repository.pushedAt = now();
    await announce(context, repository, change, by);
    if (!change.ref.startsWith('refs/heads/')) continue;
    await updateHeads(context, repository, change, by);
    if (change.after === noCommit) await closeOrphans(context, repository, change, by);
    else await mergeIndirectly(context, repository, change, by);
  }
}

async function announce(
  context: Context,
  repository: Repository,
  change: RefChange,
  by: Account,
): Promise<void> {
  const { world, events } = context;
  const [, kind = '', ...rest] = change.ref.split('/');
  if (kind !== 'heads' && kind !== 'tags') return;
  if (events.isHeard(repository, 'push')) {
    events.emit(repository, 'push', by, await pushPayload(world, repository, change, by));
  }
  if (change.before !== noCommit && change.after !== noCommit) return;
  const named = { ref: rest.join('/'), ref_type: kind === 'heads' ? 'branch' : 'tag', pusher_type: 'user' };
  if (change.after === noCommit) events.emit(repository, 'delete', by, named);
  else {
    const creation = { ...named, master_branch: repository.defaultBranch, description: null };
    events.emit(repository, 'create', by, creation);
  }
}

/** The open pull requests from that branch, into whichever repository, follow it. */
async function updateHeads(
  context: Context,
  repository: Repository,
  change: RefChange,
  by: Account,
): Promise<void> {
  const branch = change.ref.slice('refs/heads/'.length);
  for (const base of context.world.repositories.values()) {
    for (const pull of pullsOf(base)) {
      if (pull.state !== 'open' || pull.pull.headRepositoryId !== repository.id) continue;
      if (pull.pull.headRef !== branch) continue;
      if (change.after === noCommit) await closePull(context, base, pull, by);
      else await synchronize(context, base, pull, repository, change, by);
    }
  }
}

/** Pull requests into a branch that is gone are closed. */
async function closeOrphans(
  context: Context,
  repository: Repository,
  change: RefChange,
  by: Account,
): Promise<void> {
  for (const pull of pullsOf(repository)) {
    if (pull.state !== 'open' || `refs/heads/${pull.pull.baseRef}` !== change.ref) continue;
    await closePull(context, repository, pull, by);
  }
}

async function synchronize(
  context: Context,
  base: Repository,
  issue: PullIssue,
  head: Repository,
  change: RefChange,
  by: Account,
): Promise<void> {
  const { pull } = issue;
  await bringHead(base, head, issue.number, change.after);
  pull.headSha = change.after;
  pull.baseSha = (await branchTip(base.gitDir, pull.baseRef)) ?? pull.baseSha;
  issue.updatedAt = now();
  if (base.protections.get(pull.baseRef)?.dismissStale === true) {
    for (const review of pull.reviews) if (review.state === 'APPROVED') review.state = 'DISMISSED';
  }
  const { before, after } = change;
  await announcePull(context, base, issue, 'synchronize', by, { before, after });
}

/** Makes refs/pull/N/head of the base repository the commit, with its objects when it comes from a fork. */
export async function bringHead(
  base: Repository,
  head: Repository,
  number: number,
  sha: string,
): Promise<void> {
  await bringCommit(base, head, sha);
  await setRef(base.gitDir, `refs/pull/${number}/head`, sha);
}

/** Copies a commit, with what it is made of, from one repository to another of its family. */
export async function bringCommit(to: Repository, from: Repository, sha: string): Promise<void> {
  if (to !== from) await git(to.gitDir, ['fetch', '-q', '--no-tags', from.gitDir, sha]);
}

/** A branch that came to contain a pull request's commits by a push has merged it. */
async function mergeIndirectly(context: Context, repository: Repository, change: RefChange, by: Account) {
  const branch = change.ref.slice('refs/heads/'.length);
  for (const pull of pullsOf(repository)) {
    if (pull.state !== 'open' || pull.pull.baseRef !== branch) continue;
    const { headSha } = pull.pull;
    if (!(await isAncestor(repository, headSha, change.after))) continue;
    if (await isAncestor(repository, headSha, pull.pull.baseSha)) continue;
    const sha = await bringingCommit(repository, change, headSha);
    pull.pull.broughtCommits = new Set([sha, ...(await pullCommits(repository, pull.pull))]);
    pull.pull.merged = { at: now(), by, sha };
    await closePull(context, repository, pull, by);
  }
}

/** The first commit on the branch's own line that has the head in it. */
async function bringingCommit(repository: Repository, change: RefChange, head: string): Promise<string> {
  const range = change.before === noCommit ? [change.after] : [change.after, `^${change.before}`];
  for (const sha of await gitLines(repository.gitDir, [
    'rev-list',
    '--first-parent',
    '--reverse',
    ...range,
  ])) {
    if (await isAncestor(repository, head, sha)) return sha;
  }
  return change.after;
}
