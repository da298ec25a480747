import { CommandRefused, type Person } from '../domain/command.js';
import type { PlanRecord } from '../domain/records.js';
import { intentNamed } from './commands.js';
import type { ApprovalNeeds } from './needs.js';

type HoldNeeds = Pick<ApprovalNeeds, 'store' | 'clock'>;
const HELD: readonly PlanRecord['status'][] = ['pending_approval', 'approved', 'running'];

/** Holds a plan up: merged or not, it neither starts nor goes on to the next environment, until somebody resumes it. */
export async function hold(
  needs: HoldNeeds,
  intentName: string,
  person: Person,
  reason: string,
): Promise<string> {
  const record = await livePlan(needs, intentName);
  if (record.hold !== null) return `${intentName} is on hold already: ${record.hold}`;
  await write(needs, record, `held by ${person.name}: ${reason}`, person, 'plan.held', reason);
  return `${intentName} is on hold; /commander resume or commander resume ${intentName} lets it go on`;
}

export async function resume(needs: HoldNeeds, intentName: string, person: Person): Promise<string> {
  const record = await livePlan(needs, intentName);
  if (record.hold === null) return `${intentName} is not on hold`;
  await write(needs, record, null, person, 'plan.resumed', 'resumed');
  return `${intentName} goes on`;
}

async function livePlan(needs: HoldNeeds, intentName: string): Promise<PlanRecord> {
  const intent = await intentNamed(needs, intentName);
  const record = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  if (record === null || !HELD.includes(record.status))
    throw new CommandRefused(
      `${intentName} has no plan that waits or runs: it is ${record?.status ?? intent.state}`,
    );
  return record;
}

async function write(
  { store, clock }: HoldNeeds,
  { digest, plan }: PlanRecord,
  held: string | null,
  person: Person,
  action: string,
  reason: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.write.patchPlan(digest, { hold: held, updatedAt: clock.now() });
    await tx.write.audit({
      actor: `person:${person.name}`,
      action,
      subject: `intent:${plan.intent.name}`,
      digest,
      reason,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: digest, queue: null, runAt: null, priority: 0 });
    for (const { id, finishedAt } of await tx.executions.ofPlan(digest))
      if (finishedAt === null)
        await tx.write.job({ task: 'run-execution', id: String(id), queue: null, runAt: null, priority: 0 });
  });
}
