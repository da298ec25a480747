import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Reader, Transaction } from '../../../ports/store.js';
import { executions, steps } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

/** A number larger than any given out before, to anyone. */
export const nextToken: SQL<number> = sql<number>`nextval('commander.tokens')`;

export function executionReader(db: Handle): Reader['executions'] {
  return {
    get: async (id) => (await db.select().from(executions).where(eq(executions.id, id)))[0] ?? null,
    ofPlan: (digest) =>
      db.select().from(executions).where(eq(executions.planDigest, digest)).orderBy(asc(executions.id)),
    list: ({ service, statuses, limit }) =>
      db
        .select()
        .from(executions)
        .where(
          and(
            service === null ? undefined : eq(executions.service, service),
            statuses === null ? undefined : inArray(executions.status, [...statuses]),
          ),
        )
        .orderBy(desc(executions.id))
        .limit(limit),
    steps: (id) => db.select().from(steps).where(eq(steps.executionId, id)).orderBy(asc(steps.index)),
  };
}

export function executionWriter(
  db: Handle,
  now: () => Date,
): Pick<Transaction['write'], 'execution' | 'claimExecution' | 'patchExecution' | 'patchStep'> {
  return {
    execution: async (record, planned) => {
      const [created] = await db
        .insert(executions)
        .values({ ...storable(record), epoch: nextToken, createdAt: now() })
        .returning({ id: executions.id });
      if (created === undefined) throw new Error('Postgres gave no id for an execution');
      if (planned.length > 0)
        await db.insert(steps).values(planned.map((step, at) => newStep(created.id, at, step)));
      return created.id;
    },
    claimExecution: async (id) => {
      const [claimed] = await db
        .update(executions)
        .set({ epoch: nextToken })
        .where(eq(executions.id, id))
        .returning();
      return claimed ?? null;
    },
    patchExecution: async (id, epoch, patch) => {
      if (!(await isHeld(db, id, epoch))) return false;
      if (Object.keys(patch).length > 0)
        await db.update(executions).set(storable(patch)).where(eq(executions.id, id));
      return true;
    },
    patchStep: async (executionId, index, epoch, patch) => {
      if (!(await isHeld(db, executionId, epoch))) return false;
      const here = and(eq(steps.executionId, executionId), eq(steps.index, index));
      const changed =
        Object.keys(patch).length === 0
          ? await db.select({ index: steps.index }).from(steps).where(here)
          : await db.update(steps).set(storable(patch)).where(here).returning({ index: steps.index });
      return changed.length === 1;
    },
  };
}

function newStep(
  executionId: number,
  index: number,
  planned: Parameters<Transaction['write']['execution']>[1][number],
): typeof steps.$inferInsert {
  const { environment, step } = storable(planned);
  return { executionId, index, environment, step, status: 'pending', attempts: 0, detail: '', output: '' };
}

/** Locks the execution's row until the end of the transaction, so that nobody can claim it in between. */
async function isHeld(db: Handle, id: number, epoch: number | null): Promise<boolean> {
  const held =
    epoch === null ? eq(executions.id, id) : and(eq(executions.id, id), eq(executions.epoch, epoch));
  const rows = await db.select({ id: executions.id }).from(executions).where(held).for('update');
  return rows.length === 1;
}
