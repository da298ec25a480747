import { atLeast, roleOf } from '../access.js';
import { actorOf } from '../caller.js';
import { requiredText, textField } from '../fields.js';
import { resolveCommit } from '../objects.js';
import { paged } from '../pages.js';
import { created, found, noContent, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commitCommentShape } from '../shapes/issue.js';
import type { CommitComment } from '../state.js';
import { now } from '../world.js';

const reads = ['contents=read'];
const writes = ['contents=write'];

export const commitCommentRoutes = [
  repositoryRoute('GET /commits/{sha}/comments', 'read', reads, listComments),
  repositoryRoute('POST /commits/{sha}/comments', 'read', writes, createComment),
  repositoryRoute('GET /comments/{comment}', 'read', reads, getComment),
  repositoryRoute('PATCH /comments/{comment}', 'read', writes, updateComment),
  repositoryRoute('DELETE /comments/{comment}', 'read', writes, deleteComment),
];

async function listComments(call: RepositoryCall): Promise<Reply> {
  const sha = await commitNamed(call);
  const comments = [...call.repository.commitComments.values()].filter((comment) => comment.commitId === sha);
  return paged(call, comments, (comment) => commitCommentShape(call.world, call.repository, comment));
}

async function createComment(call: RepositoryCall): Promise<Reply> {
  const at = now();
  const position = call.body.position;
  const comment: CommitComment = {
    id: call.world.nextId(),
    commitId: await commitNamed(call),
    user: actorOf(call.caller),
    body: requiredText(call.body, 'body'),
    path: textField(call.body, 'path') ?? null,
    position: typeof position === 'number' ? position : null,
    createdAt: at,
    updatedAt: at,
  };
  call.repository.commitComments.set(comment.id, comment);
  const shape = commitCommentShape(call.world, call.repository, comment);
  call.events.emit(call.repository, 'commit_comment', comment.user, { action: 'created', comment: shape });
  return created(shape);
}

async function getComment(call: RepositoryCall): Promise<Reply> {
  return ok(commitCommentShape(call.world, call.repository, commentOf(call)));
}

async function updateComment(call: RepositoryCall): Promise<Reply> {
  const comment = ownComment(call);
  comment.body = requiredText(call.body, 'body');
  comment.updatedAt = now();
  return ok(commitCommentShape(call.world, call.repository, comment));
}

async function deleteComment(call: RepositoryCall): Promise<Reply> {
  call.repository.commitComments.delete(ownComment(call).id);
  return noContent;
}

function ownComment(call: RepositoryCall): CommitComment {
  const comment = commentOf(call);
  const account = actorOf(call.caller);
  const writer =
    call.caller.kind === 'installation' || atLeast(roleOf(call.repository, account.login), 'write');
  if (comment.user.id !== account.id && !writer) throw refuse(403, 'Must have admin rights to Repository.');
  return comment;
}

function commentOf(call: RepositoryCall): CommitComment {
  return found(call.repository.commitComments.get(Number(call.parameters.comment)));
}

async function commitNamed(call: RepositoryCall): Promise<string> {
  const sha = await resolveCommit(call.repository.gitDir, call.parameters.sha ?? '');
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${call.parameters.sha}`);
  return sha;
}
