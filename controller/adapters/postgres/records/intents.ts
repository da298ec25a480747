import { and, asc, desc, eq, inArray, isNotNull, lte, ne, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { IntentIndexEntry, Reader, Transaction } from '../../../ports/store.js';
import { intents, plans } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

export function intentReader(db: Handle): Reader['intents'] {
  return {
    get: async (id) => (await db.select().from(intents).where(eq(intents.id, id)))[0] ?? null,
    byName: (name) => db.select().from(intents).where(eq(intents.name, name)).orderBy(asc(intents.id)),
    // Straight from the driver: drizzle's mapping of rows takes longer than all the rest of it.
    index: async (repository) => {
      const found = await db.execute<IntentIndexEntry & Record<string, unknown>>(
        sql`select id, path, name, blob, state from ${intents} where repository = ${repository} and state <> 'withdrawn'`,
      );
      return found.rows;
    },
    list: ({ states, limit }) =>
      db
        .select()
        .from(intents)
        .where(states === null ? ne(intents.state, sql`'withdrawn'`) : inArray(intents.state, [...states]))
        .orderBy(desc(intents.updatedAt), asc(intents.id))
        .limit(limit),
    due: async (now) =>
      ids(
        db
          .select({ id: intents.id })
          .from(intents)
          .where(and(isNotNull(intents.checkAt), lte(intents.checkAt, now))),
      ),
    affectedBy: async (service) => {
      const held = db
        .select({ id: intents.id })
        .from(intents)
        .where(inArray(intents.state, ['blocked', 'waiting']));
      const open = db
        .select({ id: intents.id })
        .from(plans)
        .innerJoin(intents, eq(intents.planDigest, plans.digest))
        .where(and(eq(plans.service, service), sql`${plans.status} = 'pending_approval'`));
      return ids(union(held, open));
    },
  };
}

async function ids(query: PromiseLike<readonly { readonly id: string }[]>): Promise<readonly string[]> {
  return (await query).map(({ id }) => id);
}

export function intentWriter(
  db: Handle,
  now: () => Date,
): Pick<Transaction['write'], 'intent' | 'patchIntent'> {
  return {
    intent: async (record) => {
      const { id, ...rest } = storable(record);
      await db
        .insert(intents)
        .values({ id, ...rest })
        .onConflictDoUpdate({ target: intents.id, set: rest });
    },
    patchIntent: async (id, patch) => {
      await db
        .update(intents)
        .set({ updatedAt: now(), ...storable(patch) })
        .where(eq(intents.id, id));
    },
  };
}
