import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Lane } from '../../../domain/release.js';
import type { Reader, Transaction } from '../../../ports/store.js';
import { lanes } from '../schema.js';
import type { Handle } from '../transaction.js';
import { nextToken } from './executions.js';

export function laneReader(db: Handle): Reader['lanes'] {
  return {
    get: async (lane) => (await db.select().from(lanes).where(isLane(lane)))[0] ?? null,
    list: () => db.select().from(lanes).orderBy(asc(lanes.environment), asc(lanes.service)),
  };
}

export function laneWriter(
  db: Handle,
): Pick<Transaction['write'], 'acquireLane' | 'holdEnvironment' | 'releaseLane' | 'currentRelease'> {
  return {
    // The upsert locks the row also when it leaves it as it is: what is read below is what holds until the commit.
    acquireLane: async ({ service, environment }, holder, mode) => {
      const [acquired] = await db
        .insert(lanes)
        .values({ service, environment, holder, fence: nextToken })
        .onConflictDoUpdate({
          target: [lanes.service, lanes.environment],
          set: { holder, fence: nextToken },
          setWhere:
            mode === 'preempt' ? sql`true` : sql`${lanes.holder} is null or ${lanes.holder} = ${holder}`,
        })
        .returning();
      if (acquired !== undefined) return acquired;
      const [taken] = await db.select().from(lanes).where(isLane({ service, environment }));
      if (taken === undefined) throw new Error(`Lane ${environment}/${service} vanished`);
      return taken;
    },
    holdEnvironment: async (environment) => {
      const key = `commander environment ${environment}`;
      await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
    },
    releaseLane: async (lane, executionId) => {
      await db
        .update(lanes)
        .set({ holder: null })
        .where(and(isLane(lane), eq(lanes.holder, executionId)));
    },
    currentRelease: async ({ service, environment }, currentRelease) => {
      await db
        .insert(lanes)
        .values({ service, environment, currentRelease, fence: nextToken })
        .onConflictDoUpdate({
          target: [lanes.service, lanes.environment],
          set: { currentRelease: sql`excluded.current_release` },
        });
    },
  };
}

function isLane({ service, environment }: Lane): SQL | undefined {
  return and(eq(lanes.service, service), eq(lanes.environment, environment));
}
