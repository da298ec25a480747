import { and, asc, desc, eq, inArray, isNotNull, isNull, ne, type SQL } from 'drizzle-orm';
import type { Lane } from '../../../domain/release.js';
import type { Reader, Transaction } from '../../../ports/store.js';
import { releases, watches } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

export function releaseReader(db: Handle): Reader['releases'] {
  return {
    get: async (id) => (await db.select().from(releases).where(eq(releases.id, id)))[0] ?? null,
    ofExecution: (executionId) =>
      db
        .select()
        .from(releases)
        .where(eq(releases.executionId, executionId))
        .orderBy(asc(releases.createdAt), asc(releases.id)),
    good: (lane, limit) =>
      db
        .select()
        .from(releases)
        .where(and(isLane(lane), isNotNull(releases.goodAt), ne(releases.state, 'bad')))
        .orderBy(desc(releases.goodAt), desc(releases.id))
        .limit(limit),
    ofLane: (lane, limit) =>
      db
        .select()
        .from(releases)
        .where(isLane(lane))
        .orderBy(desc(releases.createdAt), desc(releases.id))
        .limit(limit),
    withInstance: (lane) =>
      db
        .select()
        .from(releases)
        .where(and(isLane(lane), isNotNull(releases.instance)))
        .orderBy(desc(releases.createdAt), desc(releases.id)),
    withState: (states) =>
      db
        .select()
        .from(releases)
        .where(inArray(releases.state, [...states]))
        .orderBy(asc(releases.createdAt), asc(releases.id)),
  };
}

export function watchReader(db: Handle): Reader['watches'] {
  return {
    get: async (releaseId) =>
      (await db.select().from(watches).where(eq(watches.releaseId, releaseId)))[0] ?? null,
    active: () =>
      db
        .select()
        .from(watches)
        .where(isNull(watches.endedAt))
        .orderBy(asc(watches.startedAt), asc(watches.releaseId)),
  };
}

export function releaseWriter(
  db: Handle,
): Pick<Transaction['write'], 'release' | 'patchRelease' | 'watch' | 'patchWatch'> {
  return {
    release: async (record) => {
      await db.insert(releases).values(storable(record)).onConflictDoNothing();
    },
    patchRelease: async (id, patch) => {
      if (Object.keys(patch).length === 0) return;
      await db.update(releases).set(storable(patch)).where(eq(releases.id, id));
    },
    watch: async (record) => {
      await db.insert(watches).values(storable(record)).onConflictDoNothing();
    },
    patchWatch: async (releaseId, patch) => {
      if (Object.keys(patch).length === 0) return;
      await db.update(watches).set(storable(patch)).where(eq(watches.releaseId, releaseId));
    },
  };
}

function isLane({ service, environment }: Lane): SQL | undefined {
  return and(eq(releases.service, service), eq(releases.environment, environment));
}
