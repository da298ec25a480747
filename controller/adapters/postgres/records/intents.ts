import { and, asc, desc, eq, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm';
import type { Reader, Transaction } from '../../../ports/store.js';
import { intents, plans } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

export function intentReader(db: Handle): Reader['intents'] {
  return {
    get: async (id) => (await db.select().from(intents).where(eq(intents.id, id)))[0] ?? null,
    byName: (name) => db.select().from(intents).where(eq(intents.name, name)).orderBy(asc(intents.id)),
    index: (repository) =>
      db
        .select({
          id: intents.id,
          path: intents.path,
          name: intents.name,
          blob: intents.blob,
          state: intents.state,
        })
        .from(intents)
        .where(and(eq(intents.repository, repository), sql`${intents.state} <> 'withdrawn'`)),
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
    affectedBy: async (service) =>
      ids(
        db
          .select({ id: intents.id })
          .from(intents)
          .leftJoin(plans, eq(plans.digest, intents.planDigest))
          .where(
            or(
              inArray(intents.state, ['blocked', 'waiting']),
              and(eq(plans.service, service), eq(plans.status, 'pending_approval')),
            ),
          ),
      ),
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
