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
/** For clocks that differ, and comments that are listed late; a comment is taken once all the same. */
const OVERLAP_MS = 120_000;

/** Finds commands in comments that were written since the last look, and hands each of them over once. */
export async function takeComments({ repository, inbox, store, clock }: CommentNeeds): Promise<void> {
  const cursor = await store.forge.note(repository.id, CURSOR);
  if (cursor === null) return begin(store, repository.id, clock.now());
  const comments = await inbox.commentsSince(new Date(Date.parse(cursor.content) - OVERLAP_MS));
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
      const answer = refusalOf(comment, clock.now());
      if (!(await tx.write.forgeCommand({ ...record, state: 'taken', answer }))) continue;
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

/** What was asked while nobody listened is not carried out into a world that has moved on. */
const STALE_MS = 3600 * 1000;

/** Why a command is not carried out, whoever gave it; empty when nothing is against it. */
function refusalOf({ createdAt, updatedAt }: ForgeComment, now: Date): string {
  // Everybody who may write to a repository can edit the comments of others there.
  if (updatedAt.getTime() - createdAt.getTime() > 1000)
    return 'an edited comment is no command, for who wrote the words cannot be told: write a new one';
  if (now.getTime() - createdAt.getTime() > STALE_MS)
    return 'it was written more than an hour before it was seen: write it again if it still holds';
  return '';
}

/** The words after `/commander` on the first line of a person's comment; null when it is none. */
function commandIn({ body, person }: ForgeComment): string | null {
  const [first = ''] = body.split(/\r?\n/, 1);
  if (!person || first.length > LONGEST) return null;
  const match = COMMAND.exec(first.trim());
  return match === null ? null : (match[1] ?? 'help').trim();
}
