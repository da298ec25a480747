import type { PlanRecord } from '../domain/records.js';
import type { ApprovalNeeds } from './needs.js';
import { startExecution } from './start-execution.js';

/** The plan was merged: it becomes an execution if what it took for granted still holds; otherwise it is planned again. */
export async function approve(
  needs: ApprovalNeeds,
  record: PlanRecord,
  by: readonly string[],
  commit: string,
): Promise<void> {
  const changed = await needs.planCheck.changed(record.plan);
  if (changed !== null) return stale(needs, record, changed, commit);
  const started = await needs.store.transaction(async (tx) => {
    if (
      !(await tx.write.planStatus(
        record.digest,
        ['pending_approval'],
        'approved',
        `merged by ${by.join(', ')}`,
      ))
    )
      return null;
    await tx.write.patchPlan(record.digest, {
      approvedBy: by,
      approvedCommit: commit,
      updatedAt: needs.clock.now(),
    });
    await tx.write.patchIntent(record.intentId, { checkAt: null });
    await tx.write.audit({
      actor: by[0] ?? 'git:unknown',
      action: 'plan.approved',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason: `merged in ${commit}`,
      data: { by: [...by], commit },
    });
    return startExecution(tx, record.plan);
  });
  if (started !== null)
    needs.log.info(
      { intent: record.plan.intent.name, plan: record.digest, execution: started, by },
      'plan approved',
    );
}

/** Merged, but the world moved on: not run, planned again. */
async function stale(
  needs: ApprovalNeeds,
  record: PlanRecord,
  changed: string,
  commit: string,
): Promise<void> {
  const expired = record.expiresAt <= needs.clock.now();
  const reason = `merged in ${commit.slice(0, 12)}, but not run: ${changed}`;
  await needs.store.transaction(async (tx) => {
    if (
      !(await tx.write.planStatus(record.digest, ['pending_approval'], expired ? 'expired' : 'stale', reason))
    )
      return;
    // A pull request stays, with the reason in it; a branch is of no more use.
    if (record.proposal?.number === null) await tx.write.patchPlan(record.digest, { proposal: null });
    const intent = await tx.intents.get(record.intentId);
    if (intent?.state === 'planned' && intent.planDigest === record.digest)
      await tx.write.patchIntent(record.intentId, { state: 'pending', checkAt: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.refused',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: { commit },
    });
    await tx.write.job({ task: 'plan-intent', id: record.intentId, queue: null, runAt: null, priority: 0 });
  });
  needs.log.warn(
    { intent: record.plan.intent.name, plan: record.digest, reason },
    'merged plan is not executed',
  );
}
