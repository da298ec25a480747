import type { ExecutionRecord, IncidentRecord, ReleaseRecord } from '../domain/records.js';
import { type Lane, laneName } from '../domain/release.js';
import type { Transaction } from '../ports/store.js';
import { finish } from './finish.js';
import { giveBack, jobOf } from './lanes.js';
import type { ExecutionNeeds } from './needs.js';

const TRY_AGAIN_SECONDS = 15;

/** Says that there is nothing to go back to, gives the lane back for a release that works, and looks again later. */
export async function stuck(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  incident: IncidentRecord,
  lane: Lane,
): Promise<void> {
  const reason = `no release of ${lane.service} to go back to in ${lane.environment}; tried again every ${TRY_AGAIN_SECONDS} s. Deploy a version that works, or commander unlock ${lane.service} ${lane.environment}`;
  const first = incident.state !== 'stuck';
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.patchExecution(execution.id, execution.epoch, { status: 'stuck', reason }))) return;
    await tx.write.patchIncident(incident.id, { state: 'stuck' });
    await again(tx, needs, execution);
    await giveBack(tx, execution.id, lane);
    if (!first) return;
    await tx.write.appendTimeline(incident.id, [{ at: needs.clock.now().toISOString(), event: reason }]);
    await tx.write.audit({
      actor: 'watchdog',
      action: 'rollback.stuck',
      subject: `release:${laneName(lane)}`,
      digest: execution.planDigest,
      reason,
      data: { incident: incident.id },
    });
    await tx.write.job({
      task: 'write-incident',
      id: String(incident.id),
      queue: null,
      runAt: null,
      priority: 0,
    });
  });
}

/** While a rollback is stuck the lane is free: is somebody at work there, or has a release taken the bad one's place? */
export async function helped(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  incident: IncidentRecord,
  bad: ReleaseRecord,
): Promise<boolean> {
  const lane = { service: bad.service, environment: bad.environment };
  return needs.store.transaction(async (tx) => {
    const record = await tx.lanes.get(lane);
    const holder = record?.holder ?? null;
    if (holder !== null && holder !== execution.id) {
      await tx.write.patchExecution(execution.id, execution.epoch, {
        status: 'stuck',
        reason: `execution ${holder} is at work in ${laneName(lane)}; looked at again when it has ended`,
      });
      await again(tx, needs, execution);
      return true;
    }
    const current = record?.currentRelease == null ? null : await tx.releases.get(record.currentRelease);
    if (current === null || current.id === bad.id) return false;
    const now = needs.clock.now();
    const event = `${current.version} took the place of ${bad.version} in ${bad.environment}`;
    await tx.write.patchIncident(incident.id, { state: 'resolved', closedAt: now });
    await tx.write.appendTimeline(incident.id, [{ at: now.toISOString(), event }]);
    await tx.write.job({
      task: 'write-incident',
      id: String(incident.id),
      queue: null,
      runAt: null,
      priority: 0,
    });
    await finish(tx, needs.clock, execution, 'succeeded', event, 'watchdog');
    return true;
  });
}

async function again(tx: Transaction, needs: ExecutionNeeds, execution: ExecutionRecord): Promise<void> {
  const runAt = new Date(needs.clock.now().getTime() + TRY_AGAIN_SECONDS * 1000);
  await tx.write.job(jobOf(execution, runAt));
}
