import { atLeast, canSee, may, roleOf } from '../access.js';
import { actingApp, actorOf } from '../caller.js';
import { readChanges } from '../diffs.js';
import { booleanField, choiceField, requiredText, textField } from '../fields.js';
import { findFork } from '../forks.js';
import { nextNumber, pullOf } from '../numbers.js';
import { commitsBetween } from '../objects.js';
import { page, paged } from '../pages.js';
import { pullCommits, startOf } from '../pull-commits.js';
import { announcePull, closePull, reopenPull, shownPull } from '../pulls.js';
import { bringHead } from '../ref-changes.js';
import { branchTip } from '../refs.js';
import { created, invalid, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commitShapeOf } from '../shapes/commit.js';
import { changedFile } from '../shapes/diff.js';
import { pullDiff, simplePull } from '../shapes/pull.js';
import type { PullIssue, Repository } from '../state.js';
import { findRepository, fullName, now, pullsOf } from '../world.js';

const reads = ['pull_requests=read'];
const writes = ['pull_requests=write'];

export const pullRoutes = [
  repositoryRoute('GET /pulls', 'read', reads, listPulls),
  repositoryRoute('POST /pulls', 'read', writes, createPull),
  repositoryRoute('GET /pulls/{number}', 'read', reads, getPull),
  repositoryRoute('PATCH /pulls/{number}', 'read', writes, updatePull),
  repositoryRoute('GET /pulls/{number}/commits', 'read', reads, listCommits),
  repositoryRoute('GET /pulls/{number}/files', 'read', reads, listFiles),
];

async function listPulls(call: RepositoryCall): Promise<Reply> {
  const wanted = filters(call);
  const pulls = pullsOf(call.repository).filter(wanted).sort(order(call.query));
  return paged(call, pulls, (pull) => simplePull(call.world, call.repository, pull));
}

function filters(call: RepositoryCall): (pull: PullIssue) => boolean {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  return (pull) =>
    (state === 'all' || pull.state === state) &&
    // GitHub ignores a head that has no owner in front.
    (head === null || !head.includes(':') || labelOf(pull).toLowerCase() === head.toLowerCase()) &&
    (base === null || pull.pull.baseRef === base);
}

function labelOf(pull: PullIssue): string {
  return `${pull.pull.headOwner.login}:${pull.pull.headRef}`;
}

function order(query: URLSearchParams): (one: PullIssue, other: PullIssue) => number {
  const sort = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const sign = direction === 'asc' ? 1 : -1;
  return (one, other) => {
    const times = sort === 'updated' ? one.updatedAt.localeCompare(other.updatedAt) : 0;
    return sign * (times || one.number - other.number);
  };
}

async function getPull(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  if (/\bdiff\b|\bpatch\b/.test(call.accept)) return diffReply(await pullDiff(call.repository, pull));
  return ok(await shownPull(call, call.repository, pull));
}

function diffReply(body: string): Reply {
  return { status: 200, body, headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } };
}

async function createPull(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const account = actorOf(call.caller);
  const title = requiredText(call.body, 'title');
  const { headRepository, headRef } = headOf(call, requiredText(call.body, 'head'));
  const baseRef = requiredText(call.body, 'base');
  const baseSha = await branchTip(repository.gitDir, baseRef);
  if (baseSha === undefined) throw invalid('PullRequest', { field: 'base', code: 'invalid' });
  const headSha = await branchTip(headRepository.gitDir, headRef);
  if (headSha === undefined) throw invalid('PullRequest', { field: 'head', code: 'invalid' });
  refuseSecond(repository, headRepository, headRef, baseRef);
  await requireNewCommits(call, headRepository, baseSha, headSha, baseRef, headRef);
  const at = now();
  const pull: PullIssue = {
    id: world.nextId(),
    number: nextNumber(repository),
    user: account,
    app: actingApp(call.caller),
    title,
    body: textField(call.body, 'body') ?? null,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    pull: {
      id: world.nextId(),
      headRepositoryId: headRepository.id,
      headOwner: headRepository.owner,
      headRef,
      headSha,
      baseRef,
      baseSha,
      draft: booleanField(call.body, 'draft') ?? false,
      merged: null,
      trial: null,
      broughtCommits: new Set(),
      reviews: [],
    },
  };
  await bringHead(repository, headRepository, pull.number, headSha);
  repository.issues.set(pull.number, pull);
  await announcePull(call, repository, pull, 'opened', account);
  return created(await shownPull(call, repository, pull));
}

/** The repository and branch of `branch` or `owner:branch`. */
function headOf(call: RepositoryCall, head: string): { headRepository: Repository; headRef: string } {
  const { world, repository } = call;
  const [owner = '', ...rest] = head.split(':');
  if (rest.length === 0) return { headRepository: repository, headRef: head };
  const headRef = rest.join(':');
  if (owner.toLowerCase() === repository.owner.login.toLowerCase())
    return { headRepository: repository, headRef };
  const named = textField(call.body, 'head_repo');
  const fork = named === undefined ? findFork(world, repository, owner) : findRepository(world, named);
  if (fork === undefined || !canSee(call.caller, fork))
    throw invalid('PullRequest', { field: 'head', code: 'invalid' });
  return { headRepository: fork, headRef };
}

function refuseSecond(repository: Repository, head: Repository, headRef: string, baseRef: string): void {
  const same = pullsOf(repository).some(
    ({ state, pull }) =>
      state === 'open' &&
      pull.headRepositoryId === head.id &&
      pull.headRef === headRef &&
      pull.baseRef === baseRef,
  );
  if (same) throw invalid('PullRequest', `A pull request already exists for ${head.owner.login}:${headRef}.`);
}

async function requireNewCommits(
  call: RepositoryCall,
  head: Repository,
  baseSha: string,
  headSha: string,
  baseRef: string,
  headRef: string,
): Promise<void> {
  // A fork may not have the base's newest commits, so that the comparison is made where both are.
  const number = nextNumber(call.repository);
  if (head !== call.repository) await bringHead(call.repository, head, number, headSha);
  if ((await commitsBetween(call.repository.gitDir, baseSha, headSha)).length > 0) return;
  const from = fullName(head) === fullName(call.repository) ? headRef : `${head.owner.login}:${headRef}`;
  throw invalid('PullRequest', `No commits between ${baseRef} and ${from}`);
}

async function updatePull(call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const pull = pullOf(call);
  const account = actorOf(call.caller);
  requireAuthorOrWriter(call, pull);
  const state = choiceField(call.body, 'state', ['open', 'closed']);
  const changes = await edit(call, pull);
  if (Object.keys(changes).length > 0) {
    pull.updatedAt = now();
    await announcePull(call, repository, pull, 'edited', account, { changes });
  }
  if (state === 'closed' && pull.state === 'open') await closePull(call, repository, pull, account);
  if (state === 'open' && pull.state === 'closed') await reopen(call, pull);
  return ok(await shownPull(call, repository, pull));
}

function requireAuthorOrWriter(call: RepositoryCall, pull: PullIssue): void {
  if (call.caller.kind === 'installation') return;
  const account = actorOf(call.caller);
  if (pull.user.id === account.id || atLeast(roleOf(call.repository, account.login), 'triage')) return;
  throw refuse(403, 'Must have admin rights to Repository.');
}

async function edit(call: RepositoryCall, issue: PullIssue): Promise<Record<string, unknown>> {
  const changes: Record<string, unknown> = {};
  const title = textField(call.body, 'title');
  if (title !== undefined && title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = title;
  }
  const body = textField(call.body, 'body');
  if (body !== undefined && body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = body;
  }
  const base = textField(call.body, 'base');
  if (base !== undefined && base !== issue.pull.baseRef) {
    const sha = await branchTip(call.repository.gitDir, base);
    if (sha === undefined) throw invalid('PullRequest', { field: 'base', code: 'invalid' });
    changes.base = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
    issue.pull.baseRef = base;
    issue.pull.baseSha = sha;
  }
  return changes;
}

async function reopen(call: RepositoryCall, pull: PullIssue): Promise<void> {
  const { repository } = call;
  if (pull.pull.merged !== null) {
    throw invalid('PullRequest', 'state cannot be changed. The pull request cannot be reopened.');
  }
  const head = call.world.repositories.get(pull.pull.headRepositoryId) ?? repository;
  const tip = await branchTip(head.gitDir, pull.pull.headRef);
  if (tip === undefined) {
    throw invalid(
      'PullRequest',
      `state cannot be changed. The ${pull.pull.headRef} branch has been deleted.`,
    );
  }
  refuseSecond(repository, head, pull.pull.headRef, pull.pull.baseRef);
  if (tip !== pull.pull.headSha) {
    await bringHead(repository, head, pull.number, tip);
    pull.pull.headSha = tip;
  }
  await reopenPull(call, repository, pull, actorOf(call.caller));
}

async function listCommits(call: RepositoryCall): Promise<Reply> {
  const commits = await pullCommits(call.repository, pullOf(call).pull);
  return paged(call, commits, (sha) => commitShapeOf(call.world, call.repository, sha));
}

async function listFiles(call: RepositoryCall): Promise<Reply> {
  const { pull } = pullOf(call);
  const from = await startOf(call.repository, pull);
  const changes = await readChanges(call.repository.gitDir, from, pull.headSha);
  const { items, headers } = page(call, changes);
  const body = items.map((change) => changedFile(call.world, call.repository, pull.headSha, change));
  return { status: 200, body, headers };
}

/** True when the caller may write the repository's contents, as merging needs. */
export function mayWrite(call: RepositoryCall): boolean {
  return may(call.caller, call.repository, { role: 'write', permissions: ['contents=write'] });
}
