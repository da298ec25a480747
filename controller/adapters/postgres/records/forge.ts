import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { ForgeCommandRecord } from '../../../domain/records.js';
import type { Reader, Transaction } from '../../../ports/store.js';
import { deliveries, forgeCommands, forgeNotes } from '../schema-forge.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

const DELIVERIES_KEPT_MS = 7 * 24 * 3600 * 1000;

export function forgeReader(db: Handle): Reader['forge'] {
  const commandIs = (repository: string, commentId: number) =>
    and(eq(forgeCommands.repository, repository), eq(forgeCommands.commentId, commentId));
  return {
    note: async (repository, key) =>
      (
        await db
          .select({ remoteId: forgeNotes.remoteId, content: forgeNotes.content })
          .from(forgeNotes)
          .where(and(eq(forgeNotes.repository, repository), eq(forgeNotes.key, key)))
      )[0] ?? null,
    command: async (repository, commentId) =>
      (await db.select().from(forgeCommands).where(commandIs(repository, commentId)))[0] ?? null,
    commandsOf: async (repository, pull, limit) => {
      const newest = await db
        .select()
        .from(forgeCommands)
        .where(
          and(
            eq(forgeCommands.repository, repository),
            eq(forgeCommands.pull, pull),
            inArray(forgeCommands.state, ['started', 'done', 'refused']),
          ),
        )
        .orderBy(desc(forgeCommands.commentId))
        .limit(limit);
      return newest.reverse();
    },
  };
}

export function forgeWriter(
  db: Handle,
  now: () => Date,
): Pick<Transaction['write'], 'forgeNote' | 'delivery' | 'forgeCommand' | 'answerCommand'> {
  return {
    forgeNote: async (repository, key, note) => {
      const values = storable({ ...note, updatedAt: now() });
      await db
        .insert(forgeNotes)
        .values({ repository, key, ...values })
        .onConflictDoUpdate({ target: [forgeNotes.repository, forgeNotes.key], set: values });
    },
    delivery: async (id, event) => {
      await db
        .delete(deliveries)
        .where(lt(deliveries.receivedAt, new Date(now().getTime() - DELIVERIES_KEPT_MS)));
      const added = await db
        .insert(deliveries)
        .values(storable({ id, event, receivedAt: now() }))
        .onConflictDoNothing()
        .returning({ id: deliveries.id });
      return added.length === 1;
    },
    forgeCommand: async (record: ForgeCommandRecord) => {
      const added = await db
        .insert(forgeCommands)
        .values(storable(record))
        .onConflictDoNothing()
        .returning({ id: forgeCommands.commentId });
      return added.length === 1;
    },
    answerCommand: async (repository, commentId, state, answer) => {
      await db
        .update(forgeCommands)
        .set(storable({ state, answer }))
        .where(and(eq(forgeCommands.repository, repository), eq(forgeCommands.commentId, commentId)));
    },
  };
}
