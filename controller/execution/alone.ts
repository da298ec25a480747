import type { DeploymentPlan } from '../domain/plan.js';
import type { ExecutionRecord } from '../domain/records.js';
import { type Lane, laneName } from '../domain/release.js';
import type { Transaction } from '../ports/store.js';

/** Did planning find that no other service may be deployed to the environment at the same time? */
export function isAlone({ findings }: DeploymentPlan, environment: string): boolean {
  return findings.some(
    (finding) =>
      finding.rule === 'alone' && finding.verdict === 'complies' && finding.environment === environment,
  );
}

/**
 * Whom a plan that has to be alone waits for: an execution of another service that holds its lane in the environment. null:
 * nobody. Once it holds its own lane, it is the one that others wait for.
 */
export async function waitsForOthers(
  tx: Transaction,
  execution: ExecutionRecord,
  { service, environment }: Lane,
): Promise<string | null> {
  const lanes = (await tx.lanes.list()).filter((lane) => lane.environment === environment);
  if (lanes.some((lane) => lane.service === service && lane.holder === execution.id)) return null;
  for (const lane of lanes) {
    if (lane.service === service || lane.holder === null) continue;
    const holder = await tx.executions.get(lane.holder);
    if (holder !== null && holder.finishedAt === null)
      return `alone in ${environment}, as an SOP demands: waits for execution ${holder.id} in ${laneName(lane)}`;
  }
  return null;
}
