import type { ReleaseRecord } from '../domain/records.js';
import { laneName } from '../domain/release.js';
import type { WatchdogNeeds } from './needs.js';

/** A lane that could not be put back is left alone for a while, so that a hopeless one does not spin. */
const AGAIN_AFTER_SECONDS = 60;

/** Looks whether what should run does run, and is what users reach. Lanes with an execution at work are its business. */
export async function checkDrift(needs: WatchdogNeeds, reported: Map<string, string>): Promise<void> {
  for (const lane of await needs.store.lanes.list()) {
    if (lane.currentRelease === null || lane.holder !== null) continue;
    const release = await needs.store.releases.get(lane.currentRelease);
    if (release === null || release.state === 'bad') continue;
    const drift = await driftOf(needs, release);
    if (drift === null) reported.delete(release.id);
    else await answer(needs, release, drift, reported);
  }
}

/** What is different from what was recorded; null when nothing is. */
async function driftOf(needs: WatchdogNeeds, release: ReleaseRecord): Promise<string | null> {
  const runtime = needs.runtimes.get(release.runtime);
  if (runtime === undefined || release.instance === null) return null;
  const seen = await runtime.observe(release.instance);
  if (seen.state === 'gone' || seen.state === 'exited')
    return `${release.id} is ${seen.state}: ${seen.detail}`;
  if (seen.state === 'paused') return `${release.id} is paused`;
  const route = await runtime.routed(release);
  if (route.instanceId === release.id) return null;
  return route.instanceId === null
    ? `nothing serves on port ${release.port}`
    : `port ${release.port} leads to ${route.instanceId}`;
}

async function answer(
  needs: WatchdogNeeds,
  release: ReleaseRecord,
  drift: string,
  reported: Map<string, string>,
): Promise<void> {
  const subject = `release:${laneName(release)}`;
  if (release.spec.drift === 'report') {
    if (reported.get(release.id) === drift) return;
    reported.set(release.id, drift);
    needs.telemetry.drift(release);
    needs.log.error({ release: release.id, drift }, 'drift: reported only, as the catalog says');
    await needs.store.transaction((tx) =>
      tx.write.audit({
        actor: 'watchdog',
        action: 'drift.reported',
        subject,
        digest: release.planDigest,
        reason: drift,
        data: {},
      }),
    );
    return;
  }
  if (await triedLately(needs, release)) return;
  needs.telemetry.drift(release);
  needs.log.warn({ release: release.id, drift }, 'drift: putting the release back');
  await needs.store.transaction(async (tx) => {
    const id = await tx.write.execution(
      {
        kind: 'restore',
        action: 'deploy',
        service: release.service,
        environments: [release.environment],
        planDigest: release.planDigest,
        releaseId: release.id,
        status: 'waiting',
        reason: 'in the queue',
        correlationId: `drift-${release.id}`,
      },
      [],
    );
    await tx.write.audit({
      actor: 'watchdog',
      action: 'drift.restoring',
      subject,
      digest: release.planDigest,
      reason: drift,
      data: { execution: id },
    });
    await tx.write.job({ task: 'run-rollback', id: String(id), queue: null, runAt: null, priority: -5 });
  });
}

async function triedLately(needs: WatchdogNeeds, release: ReleaseRecord): Promise<boolean> {
  const since = needs.clock.now().getTime() - AGAIN_AFTER_SECONDS * 1000;
  const tries = await needs.store.executions.list({ service: release.service, statuses: null, limit: 20 });
  return tries.some(
    (execution) =>
      execution.kind === 'restore' &&
      execution.releaseId === release.id &&
      (execution.finishedAt === null ||
        (execution.status !== 'succeeded' && execution.finishedAt.getTime() > since)),
  );
}
