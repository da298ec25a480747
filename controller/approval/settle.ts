import type { PlanRecord } from '../domain/records.js';
import { type ApprovalCheck, type Forge, ForgeUnavailable } from '../ports/forge.js';
import { approve } from './approve.js';
import { type ApprovalNeeds, NEVER_RUN } from './needs.js';
import { adoptEdit, inheritedProposal, propose, tendProposal } from './propose.js';
import { explain } from './say.js';
import { seenClosed } from './seen-closed.js';

/**
 * Looks at one plan and does what follows from how it stands: propose it, see whether it was merged, start it, or take
 * its proposal away. Asked at the source each time, so repeating it changes nothing.
 */
export async function settlePlan(needs: ApprovalNeeds, digest: string): Promise<void> {
  const record = await needs.store.plans.get(digest);
  if (record === null) return;
  const forge = needs.forges.get(record.repository);
  if (forge === undefined)
    return explain(needs, record, `this controller does not follow ${record.repository}`);
  if (record.status !== 'pending_approval') return closeIfOver(needs, forge, record);
  try {
    await settleOpen(needs, forge, record);
  } catch (error) {
    if (error instanceof ForgeUnavailable) await explain(needs, record, `not run, for ${error.brief}`);
    throw error;
  }
}

async function settleOpen(needs: ApprovalNeeds, forge: Forge, record: PlanRecord): Promise<void> {
  const proposal =
    record.proposal ?? (await propose(needs, forge, record, await inheritedProposal(needs, record)));
  if (proposal === null) return;
  const check = await forge.checkApproval(record.plan, record.path, record.file, proposal);
  const expired = record.expiresAt <= needs.clock.now();
  if (expired && (check.kind !== 'approved' || record.hold !== null))
    return expire(needs, record, whyNotRun(record, check));
  if (check.kind === 'approved') return approveUnlessHeld(needs, record, check.by, check.commit);
  if (check.kind === 'not-merged') return tendProposal(needs, forge, record, proposal);
  if (check.edited === undefined) return explain(needs, record, check.reason);
  const { commit, head, by } = check.edited;
  return adoptEdit(needs, record, { at: commit, head, editor: by });
}

function whyNotRun({ hold }: PlanRecord, check: ApprovalCheck): string {
  if (check.kind === 'approved') return `merged, and on hold (${hold ?? ''})`;
  return check.kind === 'refused' ? check.reason : 'nobody merged it';
}

async function approveUnlessHeld(
  needs: ApprovalNeeds,
  record: PlanRecord,
  by: readonly string[],
  commit: string,
): Promise<void> {
  if (record.hold === null) return approve(needs, record, by, commit);
  return explain(needs, record, `merged in ${commit.slice(0, 12)}, and on hold: ${record.hold}`);
}

async function expire(needs: ApprovalNeeds, record: PlanRecord, why: string): Promise<void> {
  const reason = `${why} before ${record.expiresAt.toISOString()}; commander retry ${record.plan.intent.name} plans it again`;
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.planStatus(record.digest, ['pending_approval'], 'expired', reason))) return;
    await tx.write.patchIntent(record.intentId, { checkAt: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.expired',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: record.digest, queue: null, runAt: null, priority: 0 });
  });
}

/** A plan that will not be run keeps no proposal open, unless the plan that replaced it takes the branch over. */
async function closeIfOver(needs: ApprovalNeeds, forge: Forge, record: PlanRecord): Promise<void> {
  if (record.proposal === null || !NEVER_RUN.includes(record.status)) return;
  const intent = await needs.store.intents.get(record.intentId);
  if (intent?.planDigest != null && intent.planDigest !== record.digest) return;
  await forge.close(record.proposal, record.statusReason);
  const { number } = record.proposal;
  // A pull request stays, with what people say under it; a branch that was deleted is gone.
  if (number !== null) return seenClosed(needs, record.repository, number);
  await needs.store.transaction(async (tx) => {
    await tx.write.patchPlan(record.digest, { proposal: null, updatedAt: needs.clock.now() });
  });
  needs.log.info(
    { intent: record.plan.intent.name, plan: record.digest, reason: record.statusReason },
    'proposal closed',
  );
}
