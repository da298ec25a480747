import type { DeploymentPlan } from '../domain/plan.js';
import type { Transaction } from '../ports/store.js';

/** Creates the execution of an approved plan, with a step for everything in it, and the job that runs it. */
export async function startExecution(tx: Transaction, plan: DeploymentPlan): Promise<number> {
  const steps = plan.environments.flatMap((item) =>
    item.steps.map((step) => ({ environment: item.environment, step })),
  );
  if (steps.length === 0) throw new Error(`Plan ${plan.digest} has no steps: zero work is not success`);
  const id = await tx.write.execution(
    {
      kind: 'plan',
      action: plan.action,
      service: plan.service.name,
      environments: plan.environments.map((item) => item.environment),
      planDigest: plan.digest,
      releaseId: null,
      status: 'waiting',
      reason: 'in the queue',
      correlationId: `${plan.intent.name}/${plan.digest.slice(7, 15)}`,
    },
    steps,
  );
  await tx.write.job({ task: 'run-execution', id: String(id), queue: null, runAt: null, priority: 0 });
  return id;
}
