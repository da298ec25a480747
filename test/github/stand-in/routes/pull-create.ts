import { canSee } from '../access.js';
import { actingApp, actorOf } from '../caller.js';
import { booleanField, requiredText, textField } from '../fields.js';
import { findFork } from '../forks.js';
import { commitsBetween } from '../history.js';
import { nextNumber } from '../numbers.js';
import { announcePull, shownPull } from '../pulls.js';
import { bringCommit, bringHead } from '../ref-changes.js';
import { branchTip } from '../refs.js';
import { refuseSecond } from '../reopening.js';
import { created, invalid, type Reply } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import type { PullIssue, Repository } from '../state.js';
import { findRepository, fullName, now } from '../world.js';

export const pullCreateRoutes = [repositoryRoute('POST /pulls', 'read', ['pull_requests=write'], createPull)];

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

async function requireNewCommits(
  call: RepositoryCall,
  head: Repository,
  baseSha: string,
  headSha: string,
  baseRef: string,
  headRef: string,
): Promise<void> {
  // A fork may not have the base's newest commits, so that the comparison is made where both are.
  await bringCommit(call.repository, head, headSha);
  if ((await commitsBetween(call.repository, baseSha, headSha)).length > 0) return;
  const from = fullName(head) === fullName(call.repository) ? headRef : `${head.owner.login}:${headRef}`;
  throw invalid('PullRequest', `No commits between ${baseRef} and ${from}`);
}
