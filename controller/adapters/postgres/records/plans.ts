import { and, desc, eq, getTableColumns, inArray, like, or, sql } from 'drizzle-orm';
import type { Reader, Transaction } from '../../../ports/store.js';
import { plans } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

const { service: _ours, ...record } = getTableColumns(plans);
const PREFIX = 'sha256:';

export function planReader(db: Handle): Reader['plans'] {
  return {
    get: async (digest) => (await db.select(record).from(plans).where(eq(plans.digest, digest)))[0] ?? null,
    byPrefix: async (prefix) => {
      const found = await db
        .select({ digest: plans.digest })
        .from(plans)
        // People type the hexadecimal part.
        .where(
          or(...[prefix, `${PREFIX}${prefix}`].map((start) => like(plans.digest, `${literally(start)}%`))),
        )
        .orderBy(plans.digest)
        .limit(10);
      return found.map(({ digest }) => digest);
    },
    ofIntent: (intentId, limit) =>
      db
        .select(record)
        .from(plans)
        .where(eq(plans.intentId, intentId))
        .orderBy(desc(plans.createdAt), plans.digest)
        .limit(limit),
    withStatus: (statuses, limit) =>
      db
        .select(record)
        .from(plans)
        .where(inArray(plans.status, [...statuses]))
        .orderBy(desc(plans.createdAt), plans.digest)
        .limit(limit),
    open: (repository) =>
      db
        .select({
          digest: plans.digest,
          path: plans.path,
          intentId: plans.intentId,
          proposal: plans.proposal,
          statusReason: plans.statusReason,
          createdAt: plans.createdAt,
        })
        .from(plans)
        .where(and(eq(plans.repository, repository), sql`${plans.status} = 'pending_approval'`)),
    ofProposal: async (repository, number) =>
      (
        await db
          .select(record)
          .from(plans)
          .where(and(eq(plans.repository, repository), sql`${plans.proposal}->>'number' = ${String(number)}`))
          .orderBy(desc(plans.createdAt))
          .limit(1)
      )[0] ?? null,
  };
}

function literally(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

export function planWriter(
  db: Handle,
  now: () => Date,
): Pick<Transaction['write'], 'plan' | 'planStatus' | 'patchPlan'> {
  return {
    plan: async (plan) => {
      await db
        .insert(plans)
        .values(storable({ ...plan, service: plan.plan.service.name }))
        .onConflictDoNothing();
    },
    // One statement: Postgres locks the row, looks at its newest status and sets it, or does not.
    planStatus: async (digest, from, to, reason) => {
      const changed = await db
        .update(plans)
        .set(storable({ status: to, statusReason: reason, updatedAt: now() }))
        .where(and(eq(plans.digest, digest), inArray(plans.status, [...from])))
        .returning({ digest: plans.digest });
      return changed.length === 1;
    },
    patchPlan: async (digest, patch) => {
      await db
        .update(plans)
        .set({ updatedAt: now(), ...storable(patch) })
        .where(eq(plans.digest, digest));
    },
  };
}
