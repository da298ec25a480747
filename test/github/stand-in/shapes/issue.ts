import type { Json } from '../reply.js';
import type { App, CommitComment, Issue, IssueComment, Label, Reaction, Repository } from '../state.js';
import { nodeId, type World } from '../world.js';
import { integration } from './app.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';
import { authorAssociation, simpleUser } from './user.js';

export const reactionKinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function labelShape(world: World, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels of an issue or pull request. */
export function labelsOf(world: World, repository: Repository, issue: Issue): Json[] {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label === undefined ? [] : [labelShape(world, repository, label)];
  });
}

/** GitHub's `issue`; a pull request is shown as one too. */
export function issueShape(world: World, repository: Repository, issue: Issue): Json {
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const html = `${repositoryHtmlUrl(world, repository)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: simpleUser(world, issue.user),
    labels: labelsOf(world, repository, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: issue.assignees[0] === undefined ? null : simpleUser(world, issue.assignees[0]),
    assignees: issue.assignees.map((account) => simpleUser(world, account)),
    milestone: null,
    comments: commentCount(repository, issue.number),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : simpleUser(world, issue.closedBy),
    author_association: authorAssociation(repository, issue.user),
    body: issue.body,
    reactions: rollup(`${url}/reactions`, []),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: appOrNull(world, issue.app),
    ...pullLinks(world, repository, issue, html),
  };
}

function pullLinks(world: World, repository: Repository, issue: Issue, html: string): Json {
  if (issue.pull === undefined) return {};
  const links = {
    url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: issue.pull.merged?.at ?? null,
  };
  return { draft: issue.pull.draft, pull_request: links };
}

export function commentCount(repository: Repository, issueNumber: number): number {
  return [...repository.comments.values()].filter((comment) => comment.issueNumber === issueNumber).length;
}

export function commentShape(world: World, repository: Repository, comment: IssueComment): Json {
  const base = repositoryUrl(world, repository);
  const url = `${base}/issues/comments/${comment.id}`;
  const kind = repository.issues.get(comment.issueNumber)?.pull === undefined ? 'issues' : 'pull';
  return {
    url,
    html_url: `${repositoryHtmlUrl(world, repository)}/${kind}/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${comment.issueNumber}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: simpleUser(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(repository, comment.user),
    body: comment.body,
    reactions: rollup(`${url}/reactions`, comment.reactions),
    performed_via_github_app: appOrNull(world, comment.app),
  };
}

export function commitCommentShape(world: World, repository: Repository, comment: CommitComment): Json {
  const url = `${repositoryUrl(world, repository)}/comments/${comment.id}`;
  return {
    url,
    html_url: `${repositoryHtmlUrl(world, repository)}/commit/${comment.commitId}#commitcomment-${comment.id}`,
    id: comment.id,
    node_id: nodeId('CC', comment.id),
    user: simpleUser(world, comment.user),
    position: comment.position,
    line: null,
    path: comment.path,
    commit_id: comment.commitId,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(repository, comment.user),
    body: comment.body,
    reactions: rollup(`${url}/reactions`, []),
  };
}

export function reactionShape(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: simpleUser(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

function rollup(url: string, reactions: readonly Reaction[]): Json {
  const counts = reactionKinds.map((kind) => [
    kind,
    reactions.filter((each) => each.content === kind).length,
  ]);
  return { url, total_count: reactions.length, ...Object.fromEntries(counts) };
}

function appOrNull(world: World, app: App | undefined): Json | null {
  return app === undefined ? null : integration(world, app);
}
