import { CommandRefused } from '../domain/command.js';
import { type IntentState, intentId, intentRevision } from '../domain/intent.js';
import type { PlanStatus } from '../domain/plan.js';
import type { IntentRecord } from '../domain/records.js';
import type { Store, Transaction } from '../ports/store.js';
import type { WaiverRequest, WaiverSubject } from './waiver-request.js';

/** What one person lets pass of one intent. */
export interface Grant {
  readonly subject: WaiverSubject;
  readonly quotes: readonly string[];
}

interface Given extends WaiverRequest {
  readonly sop: string;
  readonly reason: string;
}

/** All of them or none, with their audit entries and the planning that follows. Throws CommandRefused. */
export async function recordWaivers(store: Store, grants: readonly Grant[], given: Given): Promise<void> {
  await store.transaction(async (tx) => {
    for (const grant of grants) await recordGrant(tx, grant, given);
    for (const job of given.followUps) await tx.write.job(job);
  });
}

async function recordGrant(tx: Transaction, { subject, quotes }: Grant, given: Given): Promise<void> {
  const { repository, path, document, onMain } = subject;
  const id = intentId(repository.id, path);
  const revision = intentRevision(document);
  // Waits for whoever writes this intent now.
  await tx.write.patchIntent(id, {});
  const known = await tx.intents.get(id);
  const obstacle = known?.revision === revision ? await whyNotPlanned(tx, known) : SAYS_ELSE;
  if (onMain && obstacle !== null) throw new CommandRefused(`${document.name} ${obstacle}`);
  const { sop: source, reason, person } = given;
  for (const quote of quotes) {
    const waiver = { intentId: id, revision, source, quote, reason, person: person.name };
    if (!(await tx.write.waiver(waiver))) continue;
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'finding.waived',
      subject: `intent:${document.name}`,
      digest: null,
      reason,
      data: { sop: source, quote, revision, repository: repository.id, path },
    });
  }
  if (obstacle !== null) return;
  await tx.write.patchIntent(id, { state: 'pending', detail: [], checkAt: null });
  await tx.write.job({ task: 'plan-intent', id, queue: null, runAt: null, priority: 0 });
}

const SAYS_ELSE = 'says something else by now, or is gone: look at it again';
const PLANNED_AGAIN: readonly IntentState[] = [
  'pending',
  'question',
  'refused',
  'waiting',
  'blocked',
  'planned',
];
const MAY_BE_REPLACED: readonly PlanStatus[] = [
  'pending_approval',
  'expired',
  'superseded',
  'stale',
  'withdrawn',
];

/** A waiver is for a plan to come: one that was approved is what it is, and what people said no to is not brought back by it. */
async function whyNotPlanned(tx: Transaction, { state, planDigest }: IntentRecord): Promise<string | null> {
  if (!PLANNED_AGAIN.includes(state)) return `is ${state}: there is nothing to waive`;
  if (state !== 'planned' || planDigest === null) return null;
  const plan = await tx.plans.get(planDigest);
  if (plan === null || MAY_BE_REPLACED.includes(plan.status)) return null;
  return `has a plan that is ${plan.status.replaceAll('_', ' ')}: a waiver would not change it`;
}
