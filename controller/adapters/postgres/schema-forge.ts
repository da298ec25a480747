import { index, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ForgeCommandRecord } from '../../domain/records.js';
import { commander, moment, number } from './schema.js';

/** What was written on a forge: its id there and a hash of its content, so that it is found again and not written twice. */
export const forgeNotes = commander.table(
  'forge_notes',
  {
    repository: text('repository').notNull(),
    key: text('key').notNull(),
    remoteId: text('remote_id').notNull(),
    content: text('content').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.repository, table.key] })],
);

/** Webhooks that were taken, by their delivery's id. */
export const deliveries = commander.table(
  'deliveries',
  {
    id: text('id').primaryKey(),
    event: text('event').notNull(),
    receivedAt: moment('received_at').notNull(),
  },
  (table) => [index('deliveries_by_time').on(table.receivedAt)],
);

/** Commands that people gave in comments on a forge, and what came of them. */
export const forgeCommands = commander.table(
  'forge_commands',
  {
    repository: text('repository').notNull(),
    commentId: number('comment_id').notNull(),
    pull: integer('pull').notNull(),
    person: text('person').notNull(),
    command: text('command').notNull(),
    state: text('state').$type<ForgeCommandRecord['state']>().notNull(),
    answer: text('answer').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repository, table.commentId] }),
    index('forge_commands_of_pull').on(table.repository, table.pull, table.commentId),
  ],
);
