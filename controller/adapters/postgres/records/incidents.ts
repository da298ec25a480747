import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Reader, Transaction } from '../../../ports/store.js';
import { incidents, quarantine } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

export function quarantineReader(db: Handle): Reader['quarantine'] {
  return {
    active: (service) =>
      db
        .select()
        .from(quarantine)
        .where(
          and(isNull(quarantine.liftedAt), service === null ? undefined : eq(quarantine.service, service)),
        )
        .orderBy(desc(quarantine.id)),
    list: (limit) => db.select().from(quarantine).orderBy(desc(quarantine.id)).limit(limit),
  };
}

export function incidentReader(db: Handle): Reader['incidents'] {
  return {
    get: async (id) => (await db.select().from(incidents).where(eq(incidents.id, id)))[0] ?? null,
    ofRelease: async (releaseId) =>
      (await db.select().from(incidents).where(eq(incidents.releaseId, releaseId)))[0] ?? null,
    list: (limit) => db.select().from(incidents).orderBy(desc(incidents.id)).limit(limit),
    withState: (state) =>
      db.select().from(incidents).where(eq(incidents.state, state)).orderBy(asc(incidents.id)),
    unwritten: () =>
      db.select().from(incidents).where(isNull(incidents.writtenCommit)).orderBy(asc(incidents.id)),
  };
}

export function incidentWriter(
  db: Handle,
  now: () => Date,
): Pick<
  Transaction['write'],
  'quarantine' | 'liftQuarantine' | 'incident' | 'patchIncident' | 'appendTimeline'
> {
  return {
    quarantine: async (record) => {
      const [created] = await db
        .insert(quarantine)
        .values({ ...storable(record), createdAt: now() })
        .returning({ id: quarantine.id });
      if (created === undefined) throw new Error('Postgres gave no id for a quarantine');
      return created.id;
    },
    liftQuarantine: async (id, by) => {
      const lifted = await db
        .update(quarantine)
        .set(storable({ liftedAt: now(), liftedBy: by }))
        .where(and(eq(quarantine.id, id), isNull(quarantine.liftedAt)))
        .returning({ id: quarantine.id });
      return lifted.length === 1;
    },
    incident: async (record) => {
      const [created] = await db
        .insert(incidents)
        .values({ ...storable(record), openedAt: now() })
        .onConflictDoNothing()
        .returning({ id: incidents.id });
      return created?.id ?? null;
    },
    patchIncident: async (id, patch) => {
      if (Object.keys(patch).length === 0) return;
      await db.update(incidents).set(storable(patch)).where(eq(incidents.id, id));
    },
    appendTimeline: async (id, entries) => {
      const added = JSON.stringify(storable(entries));
      await db
        .update(incidents)
        .set({ timeline: sql`${incidents.timeline} || ${added}::jsonb` })
        .where(eq(incidents.id, id));
    },
  };
}
