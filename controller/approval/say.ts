import type { PlanRecord } from '../domain/records.js';
import type { ApprovalNeeds } from './needs.js';

/** A person said no: the plan is over, and its intent with it until somebody retries it. */
export async function rejectPlan(
  needs: ApprovalNeeds,
  record: PlanRecord,
  actor: string,
  reason: string,
): Promise<void> {
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.planStatus(record.digest, ['pending_approval'], 'rejected', reason))) return;
    await tx.write.patchIntent(record.intentId, {
      state: 'rejected',
      detail: [reason],
      checkAt: null,
      updatedAt: needs.clock.now(),
    });
    await tx.write.audit({
      actor,
      action: 'plan.rejected',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: record.digest, queue: null, runAt: null, priority: 0 });
  });
  needs.log.info({ intent: record.plan.intent.name, plan: record.digest, reason }, 'plan rejected');
}

/** Says on the plan why it is not run as it stands; it stays open. */
export async function explain(needs: ApprovalNeeds, record: PlanRecord, reason: string): Promise<void> {
  if (record.statusReason === reason || record.status !== 'pending_approval') return;
  await needs.store.transaction(async (tx) => {
    await tx.write.planStatus(record.digest, ['pending_approval'], 'pending_approval', reason);
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.not-approved',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
  });
  needs.log.warn({ intent: record.plan.intent.name, plan: record.digest, reason }, 'plan is not approved');
}

/** What was said about an open plan no longer holds. */
export async function nothingInTheWay(needs: ApprovalNeeds, record: PlanRecord): Promise<void> {
  if (record.statusReason === '' || record.status !== 'pending_approval') return;
  await needs.store.transaction(async (tx) => {
    await tx.write.planStatus(record.digest, ['pending_approval'], 'pending_approval', '');
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.nothing-in-the-way',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason: 'waits for its approval again',
      data: {},
    });
  });
}
