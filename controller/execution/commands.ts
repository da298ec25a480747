import { CommandRefused, type Person } from '../domain/command.js';
import type { ExecutionRecord } from '../domain/records.js';
import { type Lane, laneName } from '../domain/release.js';
import type { Clock } from '../ports/clock.js';
import type { Transaction } from '../ports/store.js';
import { finish } from './finish.js';
import { stuckIn, wake } from './lanes.js';
import type { ExecutionNeeds } from './needs.js';

type CommandNeeds = Pick<ExecutionNeeds, 'store' | 'clock'>;

/** Asks an execution to stop. What users reach stays; what they never reached is removed. */
export async function abort(
  needs: CommandNeeds,
  id: number,
  person: Person,
  reason: string,
): Promise<ExecutionRecord> {
  const execution = await needs.store.executions.get(id);
  if (execution === null)
    throw new CommandRefused(`There is no execution ${id}: commander history lists them`);
  if (execution.finishedAt !== null)
    throw new CommandRefused(`Execution ${id} has ended: ${execution.status}`);
  if (execution.kind === 'rollback')
    throw new CommandRefused(
      `Execution ${id} is a rollback: to take the lane away from it, commander unlock ${execution.service} ${execution.environments.join(' ')}`,
    );
  await needs.store.transaction(async (tx) => {
    await tx.write.patchExecution(id, null, { abort: `aborted by ${person.name}: ${reason}` });
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'execution.abort-asked',
      subject: `execution:${id}`,
      digest: execution.planDigest,
      reason,
      data: {},
    });
    await wake(tx, id);
  });
  return execution;
}

/** Takes a lane away from whoever holds it, rollback included: the exit of last resort for a person. */
export async function unlock(
  needs: CommandNeeds,
  lane: Lane,
  person: Person,
  reason: string,
): Promise<string> {
  const record = await needs.store.lanes.get(lane);
  if (record === null)
    throw new CommandRefused(`There is no ${laneName(lane)}: commander status lists what there is`);
  const holder = record.holder === null ? null : await needs.store.executions.get(record.holder);
  const stuck = await stuckIn(needs.store, lane);
  const ended = [...(holder === null ? [] : [holder]), ...stuck.filter((other) => other.id !== holder?.id)];
  const why = `unlocked by ${person.name}: ${reason}`;
  await needs.store.transaction(async (tx) => {
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'lane.unlocked',
      subject: `release:${laneName(lane)}`,
      digest: ended[0]?.planDigest ?? null,
      reason,
      data: { holder: record.holder, ended: ended.map(({ id }) => id) },
    });
    for (const execution of ended) {
      if (execution.finishedAt === null) {
        await tx.write.claimExecution(execution.id);
        await closeIncident(tx, needs.clock, execution, why);
        await finish(tx, needs.clock, execution, 'aborted', why, `person:${person.name}`);
      }
      await tx.write.releaseLane(lane, execution.id);
    }
  });
  const names = ended.map(({ id }) => id).join(' and ');
  return ended.length === 0
    ? `${laneName(lane)} was not locked`
    : `${laneName(lane)} taken from execution ${names}`;
}

/** A rollback that a person ends is their business from then on: its incident is over. */
async function closeIncident(
  tx: Transaction,
  clock: Clock,
  { releaseId }: ExecutionRecord,
  why: string,
): Promise<void> {
  const incident = releaseId === null ? null : await tx.incidents.ofRelease(releaseId);
  if (incident === null || incident.state === 'resolved') return;
  const now = clock.now();
  await tx.write.patchIncident(incident.id, { state: 'resolved', closedAt: now });
  await tx.write.appendTimeline(incident.id, [{ at: now.toISOString(), event: why }]);
  await tx.write.job({
    task: 'write-incident',
    id: String(incident.id),
    queue: null,
    runAt: null,
    priority: 0,
  });
}

/** Runs a stuck rollback again now, instead of when its time comes. */
export async function retryExecution(needs: CommandNeeds, id: number, person: Person): Promise<string> {
  const execution = await needs.store.executions.get(id);
  if (execution === null)
    throw new CommandRefused(`There is no execution ${id}: commander history lists them`);
  if (execution.finishedAt !== null)
    throw new CommandRefused(`Execution ${id} has ended (${execution.status}): retry its intent`);
  await needs.store.transaction(async (tx) => {
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'execution.retried',
      subject: `execution:${id}`,
      digest: execution.planDigest,
      reason: 'asked for',
      data: {},
    });
    await wake(tx, id);
  });
  return `execution ${id} runs again`;
}
