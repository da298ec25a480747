import { CommandRefused, type Person } from '../domain/command.js';
import { foremost } from '../domain/intent.js';
import type { IntentRecord, PlanRecord } from '../domain/records.js';
import { ForgeUnavailable } from '../ports/forge.js';
import type { ApprovalNeeds } from './needs.js';
import { rejectPlan } from './say.js';
import { settlePlan } from './settle.js';
import { startExecution } from './start-execution.js';

/** Merges an open plan in the name of a person, then looks at it as at any merge. */
export async function approve(needs: ApprovalNeeds, intentName: string, person: Person): Promise<PlanRecord> {
  const { record } = await openPlan(needs, intentName);
  if (record.proposal === null)
    throw new CommandRefused(
      `The plan of ${intentName} is not proposed yet${record.statusReason === '' ? ': try again in a moment' : `: ${record.statusReason}`}`,
    );
  const forge = needs.forges.get(record.repository);
  if (forge === undefined) throw new CommandRefused(`This controller does not follow ${record.repository}`);
  if (record.expiresAt <= needs.clock.now()) return approvedInTime(needs, intentName, record);
  await forge.approve(record.plan, record.proposal, person);
  await settlePlan(needs, record.digest);
  return (await needs.store.plans.get(record.digest)) ?? record;
}

/** A merge of a plan that is over would run nothing. It may have been merged before, and not be seen yet. */
async function approvedInTime(
  needs: ApprovalNeeds,
  intentName: string,
  { digest, expiresAt }: PlanRecord,
): Promise<PlanRecord> {
  await settlePlan(needs, digest);
  const now = await needs.store.plans.get(digest);
  if (now !== null && now.approvedCommit !== null) return now;
  throw new CommandRefused(
    `The plan of ${intentName} expired at ${expiresAt.toISOString()}: commander retry ${intentName} plans it again`,
  );
}

export async function reject(
  needs: ApprovalNeeds,
  intentName: string,
  person: Person,
  reason: string,
): Promise<PlanRecord> {
  const { record } = await openPlan(needs, intentName);
  await rejectPlan(needs, record, `person:${person.name}`, reason);
  await settlePlan(needs, record.digest).catch((error: unknown) => {
    // It is rejected; its job closes the proposal when the forge is back.
    if (!(error instanceof ForgeUnavailable)) throw error;
  });
  return (await needs.store.plans.get(record.digest)) ?? record;
}

/**
 * Tries an intent again: a plan that was approved and failed is run again if what it assumed still holds; anything else is
 * planned again, and proposed for approval again.
 */
export async function retryIntent(needs: ApprovalNeeds, intentName: string, person: Person): Promise<string> {
  const intent = await intentNamed(needs, intentName);
  const record = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  if (record !== null && ['approved', 'running'].includes(record.status))
    throw new CommandRefused(`${intentName} is ${record.status}: commander abort it first`);
  // What its author holds, and what cannot be read, is not for a retry to change.
  if (intent.state === 'suspended' || intent.document === null)
    throw new CommandRefused(
      `${intentName} is ${intent.state}: change ${intent.path}. ${intent.detail.join(' ')}`.trim(),
    );
  const rerun = record?.status === 'failed' && (await needs.planCheck.changed(record.plan)) === null;
  return needs.store.transaction(async (tx) => {
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'intent.retried',
      subject: `intent:${intentName}`,
      digest: record?.digest ?? null,
      reason: rerun ? 'the approved plan is run again' : 'planned again',
      data: {},
    });
    if (record !== null && rerun) {
      // Of two who retry at the same time the second finds it approved already, and must not run it once more.
      if (!(await tx.write.planStatus(record.digest, ['failed'], 'approved', `retried by ${person.name}`)))
        throw new CommandRefused(`${intentName} was retried already: commander status ${intentName}`);
      return `execution ${await startExecution(tx, record.plan)}`;
    }
    await tx.write.patchIntent(intent.id, { state: 'pending', detail: [], checkAt: null });
    await tx.write.job({ task: 'plan-intent', id: intent.id, queue: null, runAt: null, priority: 0 });
    return 'planned again; approve the new plan';
  });
}

/** Plans an intent again; an open plan is replaced by what comes of it. */
export async function planAgain(needs: ApprovalNeeds, intentName: string, person: Person): Promise<string> {
  const intent = await intentNamed(needs, intentName);
  const record = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  if (record !== null && ['approved', 'running'].includes(record.status))
    throw new CommandRefused(`${intentName} is ${record.status}: cancel or abort it first`);
  if (intent.state === 'suspended' || intent.document === null)
    throw new CommandRefused(`${intentName} is ${intent.state}: change ${intent.path}`);
  await needs.store.transaction(async (tx) => {
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'intent.plan-asked',
      subject: `intent:${intentName}`,
      digest: record?.digest ?? null,
      reason: 'planned again',
      data: {},
    });
    await tx.write.patchIntent(intent.id, { state: 'pending', detail: [], checkAt: null });
    await tx.write.job({ task: 'plan-intent', id: intent.id, queue: null, runAt: null, priority: 0 });
  });
  return `${intentName} is planned again`;
}

export async function intentNamed(needs: Pick<ApprovalNeeds, 'store'>, name: string): Promise<IntentRecord> {
  const found = foremost(await needs.store.intents.byName(name));
  const [only] = found;
  if (only === undefined)
    throw new CommandRefused(`There is no intent "${name}": commander status lists them`);
  if (found.length > 1)
    throw new CommandRefused(
      `"${name}" is an intent in ${found.map((intent) => `${intent.path} of ${intent.repository}`).join(' and ')}`,
    );
  return only;
}

async function openPlan(
  needs: ApprovalNeeds,
  intentName: string,
): Promise<{ readonly intent: IntentRecord; readonly record: PlanRecord }> {
  const intent = await intentNamed(needs, intentName);
  const record = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  if (record === null)
    throw new CommandRefused(
      `${intentName} is ${intent.state} and has no plan: ${intent.detail.join(' ') || 'nothing to say yet'}`,
    );
  if (record.status !== 'pending_approval')
    throw new CommandRefused(
      `The plan of ${intentName} is ${record.status}${record.statusReason === '' ? '' : `: ${record.statusReason}`}`,
    );
  return { intent, record };
}
