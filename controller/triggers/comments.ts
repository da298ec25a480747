import { redact } from '../domain/redact.js';
import type { Clock } from '../ports/clock.js';
import type { ForgeComment, ForgeInbox } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';

export interface CommentNeeds {
  readonly repository: GitOpsRepository;
  readonly inbox: Pick<ForgeInbox, 'commentsSince'>;
  readonly store: Store;
  readonly clock: Clock;
}

const CURSOR = 'comments-since';
const COMMAND = /^\/commander(?:[ \t]+(\S.*))?$/;
const LONGEST = 500;

/** Finds commands in comments that were written since the last look, and hands each of them over once. */
export async function takeComments({ repository, inbox, store, clock }: CommentNeeds): Promise<void> {
  const cursor = await store.forge.note(repository.id, CURSOR);
  if (cursor === null) return begin(store, repository.id, clock.now());
  const comments = await inbox.commentsSince(new Date(cursor.content));
  const times = comments.map(({ updatedAt }) => updatedAt.getTime());
  const newest = new Date(Math.max(Date.parse(cursor.content), ...times));
  const fresh: ForgeComment[] = [];
  for (const comment of comments)
    if (commandIn(comment) !== null && (await store.forge.command(repository.id, comment.id)) === null)
      fresh.push(comment);
  if (fresh.length === 0 && newest.toISOString() === cursor.content) return;
  await store.transaction(async (tx) => {
    for (const comment of fresh) {
      const { id: commentId, pull, login, createdAt } = comment;
      // A secret that somebody pastes goes no further than their own comment.
      const command = redact(commandIn(comment) ?? '');
      const record = { repository: repository.id, commentId, pull, person: login, command, createdAt };
      const refusal = isEdited(comment) ? EDITED : '';
      const state = refusal === '' ? 'taken' : 'refused';
      if (!(await tx.write.forgeCommand({ ...record, state, answer: refusal }))) continue;
      const id = `${repository.id}#${commentId}`;
      await tx.write.job({ task: 'run-command', id, queue: null, runAt: null, priority: 0 });
    }
    await tx.write.forgeNote(repository.id, CURSOR, { remoteId: '', content: newest.toISOString() });
  });
}

/** Comments from before the controller came are not for it. */
async function begin(store: Store, repository: string, now: Date): Promise<void> {
  await store.transaction((tx) =>
    tx.write.forgeNote(repository, CURSOR, { remoteId: '', content: now.toISOString() }),
  );
}

const EDITED = 'an edited comment is no command, for who wrote the words cannot be told: write a new one';

/** Everybody who may write to a repository can edit the comments of others there. */
function isEdited({ createdAt, updatedAt }: ForgeComment): boolean {
  return updatedAt.getTime() - createdAt.getTime() > 1000;
}

/** The words after `/commander` on the first line of a person's comment; null when it is none. */
function commandIn({ body, person }: ForgeComment): string | null {
  const [first = ''] = body.split(/\r?\n/, 1);
  if (!person || first.length > LONGEST) return null;
  const match = COMMAND.exec(first.trim());
  return match === null ? null : (match[1] ?? 'help').trim();
}
