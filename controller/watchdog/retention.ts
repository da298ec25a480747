import type { LaneRecord, ReleaseRecord } from '../domain/records.js';
import type { WatchdogNeeds } from './needs.js';

/** Connections to the old release are drained this long before it is paused. */
const DRAIN_SECONDS = 15;

/**
 * What becomes of releases that no longer serve: the newest good one is kept, paused, as the fast way back; the rest
 * is removed. Lanes with an execution at work are left alone.
 */
export async function retainReleases(needs: WatchdogNeeds): Promise<void> {
  await removeAbandoned(needs);
  for (const lane of await needs.store.lanes.list()) {
    if (lane.currentRelease === null || lane.holder !== null) continue;
    const current = await needs.store.releases.get(lane.currentRelease);
    const since = current?.currentAt?.getTime() ?? Number.POSITIVE_INFINITY;
    if (needs.clock.now().getTime() - since < DRAIN_SECONDS * 1000) continue;
    await tidy(needs, lane);
  }
}

/** A candidate whose execution ended without taking it along (a person took the lane away from it). */
async function removeAbandoned(needs: WatchdogNeeds): Promise<void> {
  for (const release of await needs.store.releases.withState(['candidate'])) {
    const execution = await needs.store.executions.get(release.executionId);
    if (execution === null || execution.finishedAt === null) continue;
    if (!(await remove(needs, release))) continue;
    const gone = { state: 'gone', endedAt: needs.clock.now(), endReason: execution.reason } as const;
    await needs.store.transaction((tx) => tx.write.patchRelease(release.id, gone));
  }
}

async function tidy(needs: WatchdogNeeds, lane: LaneRecord): Promise<void> {
  const releases = await needs.store.releases.withInstance(lane);
  const others = releases.filter(
    (release) => release.id !== lane.currentRelease && release.state !== 'candidate',
  );
  const good = await needs.store.releases.good(lane, 5);
  const keep = good.find((release) => release.id !== lane.currentRelease);
  for (const release of others) {
    // Removing takes its time: who began to work here meanwhile may be bringing one of these up.
    if ((await needs.store.lanes.get(lane))?.holder !== null) return;
    if (release.id === keep?.id) await pauseKept(needs, release);
    else await remove(needs, release);
  }
}

async function pauseKept(needs: WatchdogNeeds, release: ReleaseRecord): Promise<void> {
  const runtime = needs.runtimes.get(release.runtime);
  if (runtime === undefined || release.instance === null) return;
  const seen = await runtime.observe(release.instance);
  if (seen.state !== 'running') return;
  const route = await runtime.routed(release);
  if (route.instanceId === release.id) return;
  await runtime.pause(release.instance);
  needs.log.info({ release: release.id }, 'old release is kept, paused, for a fast way back');
}

/** Tells whether it is gone; what users reach is left to the look for drift, which sends them back first. */
async function remove(needs: WatchdogNeeds, release: ReleaseRecord): Promise<boolean> {
  const runtime = needs.runtimes.get(release.runtime);
  if (runtime === undefined) return false;
  if (release.instance === null) return true;
  const route = await runtime.routed(release);
  if (route.instanceId === release.id) return false;
  await runtime.remove(release.instance);
  await needs.store.transaction(async (tx) => {
    await tx.write.patchRelease(release.id, {
      instance: null,
      endedAt: release.endedAt ?? needs.clock.now(),
    });
  });
  needs.log.info({ release: release.id }, 'old release removed');
  return true;
}
