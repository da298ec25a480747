import { readChanges } from '../diffs.js';
import { gitText } from '../git.js';
import type { Mergeability } from '../mergeability.js';
import { pullCommits, startOf } from '../pull-commits.js';
import type { Json } from '../reply.js';
import type { Account, PullIssue, Repository, Review } from '../state.js';
import { nodeId, type World } from '../world.js';
import { commentCount, labelsOf } from './issue.js';
import { repositoryHtmlUrl, repositoryShape, repositoryUrl } from './repository.js';
import { authorAssociation, simpleUser } from './user.js';

/** GitHub's `pull-request-simple`, as in lists. */
export function simplePull(world: World, repository: Repository, pull: PullIssue): Json {
  const shape = commonPull(world, repository, pull);
  // The description of lists wants a text where a single label may have none.
  const labels = labelsOf(world, repository, pull).map((label) => ({
    ...label,
    description: label.description ?? '',
  }));
  return { ...shape, labels };
}

/** GitHub's `pull-request`, as when one is asked for, and in webhooks. */
export async function fullPull(
  world: World,
  repository: Repository,
  pull: PullIssue,
  mergeability: Mergeability,
): Promise<Json> {
  const from = await startOf(repository, pull.pull);
  const changes = await readChanges(repository, from, pull.pull.headSha);
  const commits = await pullCommits(repository, pull.pull);
  return {
    ...commonPull(world, repository, pull),
    merged: pull.pull.merged !== null,
    mergeable: mergeability.mergeable,
    rebaseable: mergeability.mergeable,
    mergeable_state: mergeability.state,
    merged_by: pull.pull.merged === null ? null : simpleUser(world, pull.pull.merged.by),
    comments: commentCount(repository, pull.number),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
    changed_files: changes.length,
  };
}

function commonPull(world: World, repository: Repository, issue: PullIssue): Json {
  const { pull } = issue;
  const base = repositoryUrl(world, repository);
  const url = `${base}/pulls/${issue.number}`;
  const html = `${repositoryHtmlUrl(world, repository)}/pull/${issue.number}`;
  const issueUrl = `${base}/issues/${issue.number}`;
  const headRepository = world.repositories.get(pull.headRepositoryId) ?? repository;
  const statuses = `${base}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: simpleUser(world, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.sha ?? pull.trial?.sha ?? null,
    assignee: issue.assignees[0] === undefined ? null : simpleUser(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => simpleUser(world, account)),
    requested_reviewers: [],
    requested_teams: [],
    labels: labelsOf(world, repository, issue),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(world, headRepository, pull.headOwner, pull.headRef, pull.headSha),
    base: side(world, repository, repository.owner, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${base}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: authorAssociation(repository, issue.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

function side(world: World, repository: Repository, owner: Account, ref: string, sha: string): Json {
  const user = simpleUser(world, owner);
  return { label: `${owner.login}:${ref}`, ref, sha, user, repo: repositoryShape(world, repository) };
}

/** GitHub's `pull-request-minimal`, as in check runs. */
export function minimalPull(world: World, repository: Repository, issue: PullIssue): Json {
  const { pull } = issue;
  const head = world.repositories.get(pull.headRepositoryId) ?? repository;
  const short = (each: Repository) => ({ id: each.id, url: repositoryUrl(world, each), name: each.name });
  return {
    url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
    id: pull.id,
    number: issue.number,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(head) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(repository) },
  };
}

export function reviewShape(world: World, repository: Repository, pull: PullIssue, review: Review): Json {
  const html = `${repositoryHtmlUrl(world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: simpleUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: authorAssociation(repository, review.user),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** The patch or diff text that the media types of the same name ask for. */
export async function pullDiff(repository: Repository, pull: PullIssue): Promise<string> {
  const from = await startOf(repository, pull.pull);
  return gitText(repository.gitDir, ['diff', from, pull.pull.headSha]);
}
