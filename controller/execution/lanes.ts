import type { ExecutionRecord, LaneRecord } from '../domain/records.js';
import { type Lane, laneName } from '../domain/release.js';
import type { Job, Reader, Transaction } from '../ports/store.js';
import { Superseded } from './needs.js';

export type LaneTurn = { readonly kind: 'ours' } | { readonly kind: 'wait'; readonly reason: string };

/** One execution at a time per lane; whoever came first goes first. */
export async function takeTurn(tx: Transaction, execution: ExecutionRecord, lane: Lane): Promise<LaneTurn> {
  const ahead = (await waitingFor(tx, lane)).find((other) => other.id < execution.id);
  const record = await tx.lanes.get(lane);
  if (record?.holder === execution.id) return { kind: 'ours' };
  if (record?.holder != null) {
    const holder = await tx.executions.get(record.holder);
    if (holder !== null && holder.finishedAt === null)
      return { kind: 'wait', reason: inLine(lane, record.holder) };
    await tx.write.releaseLane(lane, record.holder);
  }
  if (ahead !== undefined) return { kind: 'wait', reason: inLine(lane, ahead.id) };
  const acquired = await tx.write.acquireLane(lane, execution.id, 'queue');
  return acquired.holder === execution.id
    ? { kind: 'ours' }
    : { kind: 'wait', reason: inLine(lane, acquired.holder) };
}

/** The lane, with a new fence, for what follows at once; Superseded when the attempt or its execution lost it. */
export async function holdLane(tx: Transaction, execution: ExecutionRecord, lane: Lane): Promise<LaneRecord> {
  if (!(await tx.write.patchExecution(execution.id, execution.epoch, {})))
    throw new Superseded(`execution ${execution.id} was taken over`);
  const now = await tx.lanes.get(lane);
  if (now?.holder !== execution.id)
    throw new Superseded(`execution ${now?.holder ?? 'nobody'} holds ${laneName(lane)}`);
  return tx.write.acquireLane(lane, execution.id, 'queue');
}

/** Gives a lane back and wakes whoever waits for it. */
export async function giveBack(tx: Transaction, executionId: number, lane: Lane): Promise<void> {
  await tx.write.releaseLane(lane, executionId);
  const [next] = await waitingFor(tx, lane);
  if (next !== undefined && next.id !== executionId) await wake(tx, next.id);
  for (const stuck of await stuckIn(tx, lane)) if (stuck.id !== executionId) await wake(tx, stuck.id);
}

/** Rollbacks that found nothing to go back to: what others do in the lane may end that. */
export async function stuckIn(reader: Reader, lane: Lane): Promise<readonly ExecutionRecord[]> {
  const stuck = await reader.executions.list({ service: lane.service, statuses: ['stuck'], limit: 1000 });
  return stuck.filter((execution) => execution.environments.includes(lane.environment));
}

export async function wake(tx: Transaction, executionId: number): Promise<void> {
  const execution = await tx.executions.get(executionId);
  if (execution !== null) await tx.write.job(jobOf(execution, null));
}

const URGENT_PRIORITY = -10;

/** The job that runs an execution, from a time on (null: now). */
export function jobOf({ id, kind }: Pick<ExecutionRecord, 'id' | 'kind'>, runAt: Date | null): Job {
  return kind === 'plan'
    ? { task: 'run-execution', id: String(id), queue: null, runAt, priority: 0 }
    : { task: 'run-rollback', id: String(id), queue: null, runAt, priority: URGENT_PRIORITY };
}

/** Executions that stand in line for a lane, oldest first. */
async function waitingFor(reader: Reader, lane: Lane): Promise<readonly ExecutionRecord[]> {
  const waiting = await reader.executions.list({ service: lane.service, statuses: ['waiting'], limit: 1000 });
  return waiting
    .filter((execution) => execution.reason.startsWith(`${IN_LINE} ${laneName(lane)} `))
    .sort((left, right) => left.id - right.id);
}

const IN_LINE = 'in line for';

function inLine(lane: Lane, behind: number | null): string {
  return `${IN_LINE} ${laneName(lane)} behind execution ${behind ?? '?'}`;
}
