import type { ExecutionRecord, IncidentRecord, ReleaseRecord } from '../domain/records.js';
import { type Lane, laneName } from '../domain/release.js';
import { rollbackTargets } from '../ports/rollback-targets.js';
import type { Transaction } from '../ports/store.js';
import { bringUp, waitHealthy } from './candidate.js';
import { finish } from './finish.js';
import { holdLane, wake } from './lanes.js';
import { type ExecutionNeeds, runtimeOf, Superseded } from './needs.js';
import { helped, stuck } from './stuck.js';

/**
 * Takes a lane back to the last-known-good: pre-empts what runs there, looks whether a target exists before it touches
 * anything, brings it up, switches, verifies, and tries the one before it when a target is gone or does not come up. With none
 * left it says so, gives the lane back for a release that works, and keeps trying and saying so until a person steps in.
 */
export async function rollBack(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  signal: AbortSignal,
): Promise<void> {
  const bad = execution.releaseId === null ? null : await needs.store.releases.get(execution.releaseId);
  const incident = bad === null ? null : await needs.store.incidents.ofRelease(bad.id);
  if (bad === null || incident === null)
    throw new Error(`Rollback ${execution.id} has no release or no incident`);
  const lane = { service: bad.service, environment: bad.environment };
  const log = needs.log.bind({
    execution: execution.id,
    correlation: execution.correlationId,
    incident: incident.id,
    lane: laneName(lane),
  });
  if (incident.state === 'stuck' && (await helped(needs, execution, incident, bad))) return;
  await needs.store.transaction(async (tx) => {
    const began = {
      status: 'running',
      reason: '',
      startedAt: execution.startedAt ?? needs.clock.now(),
    } as const;
    if (!(await tx.write.patchExecution(execution.id, execution.epoch, began)))
      throw new Superseded(`rollback ${execution.id} was taken over`);
    await preempt(tx, needs, execution, lane, bad);
  });
  for (const target of await rollbackTargets(needs.store, lane, bad)) {
    signal.throwIfAborted();
    const tried = await tryTarget(needs, execution, lane, target, signal);
    await note(needs, incident, `${target.version} (${target.id}): ${tried.detail}`);
    if (!tried.ok) {
      log.error(
        { target: target.id, reason: tried.detail },
        'rollback target does not come up, trying the one before it',
      );
      continue;
    }
    await settle(needs, execution, incident, bad, target, tried.detail);
    log.warn({ from: bad.version, to: target.version, reason: incident.reason }, 'rolled back');
    await removeBad(needs, bad);
    return;
  }
  await stuck(needs, execution, incident, lane);
  log.error(
    { release: bad.id, reason: incident.reason },
    'ROLLBACK IS STUCK: no release to go back to comes up; a person is needed (commander incidents)',
  );
}

/** Whoever worked here stops: the plan that brought the bad release has failed, anybody else is asked to go. */
async function preempt(
  tx: Transaction,
  needs: ExecutionNeeds,
  rollback: ExecutionRecord,
  lane: Lane,
  bad: ReleaseRecord,
): Promise<void> {
  const holder = (await tx.lanes.get(lane))?.holder ?? null;
  await tx.write.acquireLane(lane, rollback.id, 'preempt');
  if (holder !== null && holder !== rollback.id && holder !== bad.executionId) {
    await tx.write.patchExecution(holder, null, {
      abort: `pre-empted by rollback ${rollback.id} of ${laneName(lane)}`,
    });
    await wake(tx, holder);
  }
  const bringer = await tx.executions.get(bad.executionId);
  if (bringer === null || bringer.finishedAt !== null) return;
  await finish(
    tx,
    needs.clock,
    bringer,
    'rolled_back',
    `${bad.version} was rolled back in ${bad.environment}: ${bad.endReason}`,
    'watchdog',
  );
}

interface Tried {
  readonly ok: boolean;
  readonly detail: string;
}

async function tryTarget(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  lane: Lane,
  target: ReleaseRecord,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    const missing = await missingTarget(needs, target);
    if (missing !== null) return { ok: false, detail: missing };
    const { instance, how } = await bringUp(needs, target, signal);
    const health = await waitHealthy(needs, target, instance, signal);
    if (!health.ok) return { ok: false, detail: `${how}, but ${health.detail}` };
    const held = await needs.store.transaction((tx) => holdLane(tx, execution, lane));
    await runtimeOf(needs, target.runtime).route({
      lane,
      host: target.host,
      port: target.port,
      instance,
      fence: held.fence,
    });
    const probe = await needs.monitor.probe({ host: target.host, port: target.port }, target.spec.health);
    if (!probe.ok)
      return {
        ok: false,
        detail: `${how} and switched to, but port ${target.port} does not answer: ${probe.problem ?? probe.status}`,
      };
    return { ok: true, detail: `${how}, ${health.detail}, serves on port ${target.port}` };
  } catch (error) {
    if (error instanceof Superseded || signal.aborted) throw error;
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Is there anything to bring the target up from? null when there is. */
async function missingTarget(needs: ExecutionNeeds, target: ReleaseRecord): Promise<string | null> {
  const runtime = runtimeOf(needs, target.runtime);
  if (target.instance !== null) {
    const seen = await runtime.observe(target.instance);
    if (seen.state === 'running' || seen.state === 'paused') return null;
  }
  if (target.artifact !== null && (await runtime.exists({ tag: target.tag, reference: target.artifact })))
    return null;
  const { repository } = target.spec;
  if (repository !== null && (await needs.serviceRepositories.has(repository, target.commit))) return null;
  return `gone: no instance, no artifact ${target.tag}, and commit ${target.commit.slice(0, 12)} is not in ${repository ?? 'any repository'}`;
}

async function settle(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  incident: IncidentRecord,
  bad: ReleaseRecord,
  target: ReleaseRecord,
  detail: string,
): Promise<void> {
  const now = needs.clock.now();
  const lane = { service: bad.service, environment: bad.environment };
  await needs.store.transaction(async (tx) => {
    const current = await tx.executions.get(execution.id);
    if (current?.epoch !== execution.epoch) throw new Superseded('a newer attempt took over');
    await tx.write.currentRelease(lane, target.id);
    await tx.write.patchRelease(target.id, { currentAt: now, endedAt: null, endReason: '' });
    await tx.write.patchRelease(bad.id, { state: 'bad', endedAt: now, endReason: incident.reason });
    await tx.write.patchIncident(incident.id, {
      state: 'resolved',
      closedAt: now,
      executionId: execution.id,
    });
    await tx.write.appendTimeline(incident.id, [
      { at: now.toISOString(), event: `${target.version} serves again in ${bad.environment}` },
    ]);
    await tx.write.audit({
      actor: 'watchdog',
      action: 'release.rolled-back',
      subject: `release:${laneName(lane)}`,
      digest: execution.planDigest,
      reason: incident.reason,
      data: { from: bad.id, to: target.id, incident: incident.id, detail },
    });
    await tx.write.job({
      task: 'write-incident',
      id: String(incident.id),
      queue: null,
      runAt: null,
      priority: 0,
    });
    await finish(
      tx,
      needs.clock,
      execution,
      'succeeded',
      `${bad.environment} is back on ${target.version}: ${detail}`,
      'watchdog',
    );
  });
}

async function removeBad(needs: ExecutionNeeds, bad: ReleaseRecord): Promise<void> {
  if (bad.instance === null) return;
  try {
    await runtimeOf(needs, bad.runtime).remove(bad.instance);
  } catch (error) {
    needs.log.warn(
      { release: bad.id, error: String(error) },
      'the bad release could not be removed; the watchdog tries again',
    );
  }
}

async function note(needs: ExecutionNeeds, incident: IncidentRecord, event: string): Promise<void> {
  const before = await needs.store.incidents.get(incident.id);
  if (before?.timeline.some((entry) => entry.event === event) === true) return;
  await needs.store.transaction((tx) =>
    tx.write.appendTimeline(incident.id, [{ at: needs.clock.now().toISOString(), event }]),
  );
}
