import { may } from '../access.js';
import { actingApp, actorOf } from '../caller.js';
import { choiceField, requiredText } from '../fields.js';
import { issueOf } from '../numbers.js';
import { paged } from '../pages.js';
import { created, found, invalid, type Json, noContent, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commentShape, issueShape, reactionKinds, reactionShape } from '../shapes/issue.js';
import type { IssueComment, Reaction } from '../state.js';
import { now } from '../world.js';

const reads = ['issues=read', 'pull_requests=read'];
const writes = ['issues=write', 'pull_requests=write'];

export const commentRoutes = [
  repositoryRoute('GET /issues/comments', 'read', reads, listAll),
  repositoryRoute('GET /issues/{number}/comments', 'read', reads, listOfIssue),
  repositoryRoute('POST /issues/{number}/comments', 'read', writes, createComment),
  repositoryRoute('GET /issues/comments/{comment}', 'read', reads, getComment),
  repositoryRoute('PATCH /issues/comments/{comment}', 'read', writes, updateComment),
  repositoryRoute('DELETE /issues/comments/{comment}', 'read', writes, deleteComment),
  repositoryRoute('GET /issues/comments/{comment}/reactions', 'read', reads, listReactions),
  repositoryRoute('POST /issues/comments/{comment}/reactions', 'read', writes, createReaction),
];

async function listAll(call: RepositoryCall): Promise<Reply> {
  const since = call.query.get('since') ?? '';
  const byUpdate = call.query.get('sort') === 'updated';
  const sign = call.query.get('direction') === 'desc' ? -1 : 1;
  const comments = [...call.repository.comments.values()].filter((comment) => isSince(comment, since));
  const key = (comment: IssueComment) => (byUpdate ? comment.updatedAt : comment.createdAt);
  comments.sort((one, other) => sign * (key(one).localeCompare(key(other)) || one.id - other.id));
  return paged(call, comments, (comment) => commentShape(call.world, call.repository, comment));
}

async function listOfIssue(call: RepositoryCall): Promise<Reply> {
  const { number } = issueOf(call);
  const since = call.query.get('since') ?? '';
  const comments = [...call.repository.comments.values()].filter(
    (comment) => comment.issueNumber === number && isSince(comment, since),
  );
  return paged(call, comments, (comment) => commentShape(call.world, call.repository, comment));
}

function isSince(comment: IssueComment, since: string): boolean {
  return since === '' || Date.parse(comment.updatedAt) >= Date.parse(since);
}

async function createComment(call: RepositoryCall): Promise<Reply> {
  const issue = issueOf(call);
  const body = requiredText(call.body, 'body');
  if (body.trim() === '') throw invalid('IssueComment', { field: 'body', code: 'missing_field' });
  if (body.length > 65_536) throw invalid('IssueComment', 'body is too long (maximum is 65536 characters)');
  const at = now();
  const comment: IssueComment = {
    id: call.world.nextId(),
    issueNumber: issue.number,
    user: actorOf(call.caller),
    app: actingApp(call.caller),
    body,
    createdAt: at,
    updatedAt: at,
    reactions: [],
  };
  call.repository.comments.set(comment.id, comment);
  issue.updatedAt = at;
  announce(call, comment, 'created');
  return created(commentShape(call.world, call.repository, comment));
}

async function getComment(call: RepositoryCall): Promise<Reply> {
  return ok(commentShape(call.world, call.repository, commentOf(call)));
}

async function updateComment(call: RepositoryCall): Promise<Reply> {
  const comment = commentOf(call);
  requireAuthorOrWriter(call, comment);
  const from = comment.body;
  comment.body = requiredText(call.body, 'body');
  comment.updatedAt = now();
  announce(call, comment, 'edited', { changes: { body: { from } } });
  return ok(commentShape(call.world, call.repository, comment));
}

async function deleteComment(call: RepositoryCall): Promise<Reply> {
  const comment = commentOf(call);
  requireAuthorOrWriter(call, comment);
  announce(call, comment, 'deleted');
  call.repository.comments.delete(comment.id);
  return noContent;
}

function requireAuthorOrWriter(call: RepositoryCall, comment: IssueComment): void {
  if (comment.user.id === actorOf(call.caller).id) return;
  if (may(call.caller, call.repository, { role: 'write', permissions: writes })) return;
  throw refuse(403, 'Must have admin rights to Repository.');
}

function announce(call: RepositoryCall, comment: IssueComment, action: string, more: Json = {}): void {
  const { world, repository } = call;
  const issue = found(repository.issues.get(comment.issueNumber));
  const payload = {
    action,
    ...more,
    issue: issueShape(world, repository, issue),
    comment: commentShape(world, repository, comment),
  };
  call.events.emit(repository, 'issue_comment', actorOf(call.caller), payload);
}

async function listReactions(call: RepositoryCall): Promise<Reply> {
  const content = call.query.get('content');
  const reactions = commentOf(call).reactions.filter((each) => content === null || each.content === content);
  return paged(call, reactions, (reaction) => reactionShape(call.world, reaction));
}

async function createReaction(call: RepositoryCall): Promise<Reply> {
  const comment = commentOf(call);
  const user = actorOf(call.caller);
  const content = choiceField(call.body, 'content', reactionKinds);
  if (content === undefined) throw invalid('Reaction', { field: 'content', code: 'missing_field' });
  const same = comment.reactions.find((each) => each.user.id === user.id && each.content === content);
  if (same !== undefined) return ok(reactionShape(call.world, same));
  const reaction: Reaction = { id: call.world.nextId(), user, content, createdAt: now() };
  comment.reactions.push(reaction);
  return created(reactionShape(call.world, reaction));
}

function commentOf(call: RepositoryCall): IssueComment {
  return found(call.repository.comments.get(Number(call.parameters.comment)));
}
