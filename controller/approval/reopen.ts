import type { IntentRecord, PlanRecord } from '../domain/records.js';
import type { ApprovalNeeds } from './needs.js';
import { seenClosed, seenOpenAgain, wasSeenClosed } from './seen-closed.js';

export interface Reopened {
  readonly repository: string;
  readonly number: number;
  /** Name of the intent whose branch it is. */
  readonly intent: string;
}

/**
 * A pull request of ours that is open although no plan waits in it. Either it is still to be closed, or somebody opened it again:
 * then its plan is taken up as it was if it still holds; otherwise the intent is planned again, into the same pull request.
 * Where there is nothing to plan, it is closed.
 */
export async function reopenProposal(needs: ApprovalNeeds, reopened: Reopened): Promise<void> {
  const { repository, number } = reopened;
  const record = await needs.store.plans.ofProposal(repository, number);
  const forge = needs.forges.get(repository);
  if (record === null || record.proposal === null || forge === undefined) return;
  const intent = await standingIntent(needs, reopened);
  if (intent?.state === 'planned' && (await isLive(needs, intent))) return;
  // The list may be older than what was done since.
  if ((await forge.standing(record.proposal)).kind !== 'open') return;
  const mayBePlanned = intent !== null && ['rejected', 'planned'].includes(intent.state);
  if (!mayBePlanned || !(await wasSeenClosed(needs, repository, number))) {
    await forge.close(record.proposal, record.statusReason);
    return seenClosed(needs, repository, number);
  }
  await seenOpenAgain(needs, repository, number);
  if (await stillHolds(needs, intent, record)) return revive(needs, intent, record);
  await planAgain(needs, intent, number);
}

async function standingIntent(needs: ApprovalNeeds, { repository, intent }: Reopened) {
  const claims = await needs.store.intents.byName(intent);
  return claims.find((claim) => claim.repository === repository && claim.state !== 'withdrawn') ?? null;
}

async function stillHolds(needs: ApprovalNeeds, intent: IntentRecord, record: PlanRecord): Promise<boolean> {
  if (record.status !== 'rejected' || intent.state !== 'rejected' || intent.planDigest !== record.digest)
    return false;
  return (await needs.planCheck.changed(record.plan)) === null;
}

async function isLive(needs: ApprovalNeeds, { planDigest }: IntentRecord): Promise<boolean> {
  const record = planDigest === null ? null : await needs.store.plans.get(planDigest);
  return record !== null && !['expired', 'stale', 'rejected'].includes(record.status);
}

async function revive(needs: ApprovalNeeds, intent: IntentRecord, record: PlanRecord): Promise<void> {
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.planStatus(record.digest, ['rejected'], 'pending_approval', ''))) return;
    await tx.write.patchIntent(intent.id, { state: 'planned', detail: [], checkAt: record.expiresAt });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.revived',
      subject: `intent:${intent.name}`,
      digest: record.digest,
      reason: `#${record.proposal?.number} was opened again`,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: record.digest, queue: null, runAt: null, priority: 0 });
  });
}

async function planAgain(needs: ApprovalNeeds, intent: IntentRecord, number: number): Promise<void> {
  await needs.store.transaction(async (tx) => {
    await tx.write.patchIntent(intent.id, { state: 'pending', detail: [], checkAt: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'intent.retried',
      subject: `intent:${intent.name}`,
      digest: null,
      reason: `#${number} was opened again, and its plan does not hold any more`,
      data: {},
    });
    await tx.write.job({ task: 'plan-intent', id: intent.id, queue: null, runAt: null, priority: 0 });
  });
}
