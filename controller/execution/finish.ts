import type { ExecutionStatus } from '../domain/execution.js';
import type { PlanStatus } from '../domain/plan.js';
import type { ExecutionRecord } from '../domain/records.js';
import type { Clock } from '../ports/clock.js';
import type { Transaction } from '../ports/store.js';
import { giveBack } from './lanes.js';

export type EndStatus = Extract<ExecutionStatus, 'succeeded' | 'failed' | 'rolled_back' | 'aborted'>;

const PLAN_STATUS: Readonly<Record<EndStatus, PlanStatus>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  rolled_back: 'rolled_back',
  aborted: 'failed',
};

/** Ends an execution: its status, its plan's, its lanes, the audit, and a new look at what its end may change. */
export async function finish(
  tx: Transaction,
  clock: Clock,
  execution: ExecutionRecord,
  status: EndStatus,
  reason: string,
  actor: string,
): Promise<void> {
  await tx.write.patchExecution(execution.id, null, { status, reason, finishedAt: clock.now() });
  await endSteps(tx, clock, execution.id, reason);
  for (const environment of execution.environments)
    await giveBack(tx, execution.id, { service: execution.service, environment });
  if (execution.kind === 'plan')
    await tx.write.planStatus(
      execution.planDigest,
      ['approved', 'running', 'failed'],
      PLAN_STATUS[status],
      reason,
    );
  await tx.write.audit({
    actor,
    action: `execution.${status}`,
    subject: `execution:${execution.id}`,
    digest: execution.planDigest,
    reason,
    data: { service: execution.service, environments: [...execution.environments], kind: execution.kind },
  });
  for (const intent of await tx.intents.affectedBy(execution.service)) {
    await tx.write.job({ task: 'plan-intent', id: intent, queue: null, runAt: null, priority: 0 });
  }
}

/** A step that was under way when its execution was ended has failed, for that reason. */
async function endSteps(tx: Transaction, clock: Clock, id: number, reason: string): Promise<void> {
  const epoch = (await tx.executions.get(id))?.epoch ?? 0;
  for (const step of await tx.executions.steps(id)) {
    if (step.status !== 'waiting' && step.status !== 'running') continue;
    await tx.write.patchStep(id, step.index, epoch, {
      status: 'failed',
      detail: reason,
      finishedAt: clock.now(),
    });
  }
}
