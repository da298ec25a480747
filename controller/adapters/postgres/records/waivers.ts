import { and, asc, eq, sql } from 'drizzle-orm';
import type { Reader, Transaction } from '../../../ports/store.js';
import { waivers } from '../schema-agents.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

/** Of one revision of one intent, in all: what is beyond that is not read, so that it cannot be made to grow without end. */
const MOST = 1000;
/** First key of the locks; those of leaders have one key, and are others. */
const WAIVERS = 77613;

export function waiverReader(db: Handle): Reader['waivers'] {
  return {
    of: (intentId, revision) =>
      db
        .select()
        .from(waivers)
        .where(and(eq(waivers.intentId, intentId), eq(waivers.revision, revision)))
        .orderBy(asc(waivers.id))
        .limit(MOST),
  };
}

export function waiverWriter(db: Handle, now: () => Date): Pick<Transaction['write'], 'waiver'> {
  return {
    waiver: async (record) => {
      const values = storable({ ...record, createdAt: now() });
      // Two at the same time would both find nothing yet: the second one waits here for the first one's commit.
      await db.execute(sql`select pg_advisory_xact_lock(${WAIVERS}, hashtext(${values.intentId}))`);
      const same = (['intentId', 'revision', 'source', 'quote', 'person'] as const).map((field) =>
        eq(waivers[field], values[field]),
      );
      const known = await db
        .select({ id: waivers.id })
        .from(waivers)
        .where(and(...same))
        .limit(1);
      if (known.length > 0) return false;
      await db.insert(waivers).values(values);
      return true;
    },
  };
}
