import type { ExecutionRecord } from '../domain/records.js';
import { laneName } from '../domain/release.js';
import { bringUp, waitHealthy } from './candidate.js';
import { finish } from './finish.js';
import { holdLane, takeTurn } from './lanes.js';
import { type ExecutionNeeds, runtimeOf, Superseded } from './needs.js';

/** Puts a current release back that is gone or was replaced by hand: the same release, on the same address. */
export async function restore(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  signal: AbortSignal,
): Promise<void> {
  const release = execution.releaseId === null ? null : await needs.store.releases.get(execution.releaseId);
  if (release === null) throw new Error(`Restore ${execution.id} has no release`);
  const lane = { service: release.service, environment: release.environment };
  const turn = await needs.store.transaction((tx) => takeTurn(tx, execution, lane));
  if (turn.kind === 'wait') {
    await needs.store.transaction((tx) =>
      tx.write.patchExecution(execution.id, execution.epoch, { status: 'waiting', reason: turn.reason }),
    );
    return;
  }
  const current = await needs.store.lanes.get(lane);
  if (current?.currentRelease !== release.id)
    return end(needs, execution, 'aborted', `${release.id} is not current in ${laneName(lane)} any more`);
  await needs.store.transaction((tx) =>
    tx.write.patchExecution(execution.id, execution.epoch, {
      status: 'running',
      reason: '',
      startedAt: execution.startedAt ?? needs.clock.now(),
    }),
  );
  const { instance, how } = await bringUp(needs, release, signal);
  const health = await waitHealthy(needs, release, instance, signal);
  if (!health.ok) return end(needs, execution, 'failed', `${release.version} ${how}, but ${health.detail}`);
  const held = await needs.store.transaction((tx) => holdLane(tx, execution, lane));
  await runtimeOf(needs, release.runtime).route({
    lane,
    host: release.host,
    port: release.port,
    instance,
    fence: held.fence,
  });
  await end(
    needs,
    execution,
    'succeeded',
    `${release.version} ${how} and serves on port ${release.port} again`,
  );
}

async function end(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  status: 'succeeded' | 'failed' | 'aborted',
  reason: string,
): Promise<void> {
  await needs.store.transaction(async (tx) => {
    const current = await tx.executions.get(execution.id);
    if (current?.epoch !== execution.epoch) throw new Superseded('a newer attempt took over');
    await finish(tx, needs.clock, execution, status, reason, 'watchdog');
  });
  const level = status === 'failed' ? 'error' : 'info';
  needs.log[level]({ execution: execution.id, service: execution.service, reason }, 'restore');
}
