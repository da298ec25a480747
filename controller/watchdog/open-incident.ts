import type { JsonValue } from '../domain/json.js';
import type { ReleaseRecord } from '../domain/records.js';
import { laneName } from '../domain/release.js';
import type { Clock } from '../ports/clock.js';
import type { Transaction } from '../ports/store.js';

export interface BadRelease {
  readonly release: ReleaseRecord;
  readonly reason: string;
  readonly evidence: JsonValue;
  /** `watchdog`, or the person who asked for it. */
  readonly actor: string;
}

const ROLLBACK_PRIORITY = -10;

/**
 * One decision, one transaction: the release is bad, its version is quarantined, the incident is open and its rollback is in the
 * queue, ahead of everything. Returns the rollback's execution; null when the release had its incident already.
 */
export async function openIncident(
  tx: Transaction,
  clock: Clock,
  { release, reason, evidence, actor }: BadRelease,
): Promise<number | null> {
  const now = clock.now();
  const plan = await tx.plans.get(release.planDigest);
  const incident = await tx.write.incident({
    releaseId: release.id,
    service: release.service,
    environment: release.environment,
    repository: plan?.repository ?? '',
    version: release.version,
    commit: release.commit,
    state: 'rolling_back',
    reason,
    evidence,
    timeline: [
      ...(release.currentAt === null
        ? []
        : [
            {
              at: release.currentAt.toISOString(),
              event: `${release.version} began to serve in ${release.environment}`,
            },
          ]),
      { at: now.toISOString(), event: `${actor}: ${reason}` },
    ],
    executionId: null,
  });
  if (incident === null) return null;
  await tx.write.quarantine({
    service: release.service,
    commit: release.commit,
    version: release.version,
    reason,
    incidentId: incident,
  });
  await tx.write.patchRelease(release.id, { state: 'bad', endReason: reason });
  await tx.write.patchWatch(release.id, { endedAt: now, verdict: 'unhealthy', reason });
  const execution = await tx.write.execution(
    {
      kind: 'rollback',
      action: 'rollback',
      service: release.service,
      environments: [release.environment],
      planDigest: release.planDigest,
      releaseId: release.id,
      status: 'waiting',
      reason: 'in the queue',
      correlationId: `incident-${incident}`,
    },
    [],
  );
  await tx.write.patchIncident(incident, { executionId: execution });
  await tx.write.audit({
    actor,
    action: 'release.judged-bad',
    subject: `release:${laneName(release)}`,
    digest: release.planDigest,
    reason,
    data: { release: release.id, version: release.version, commit: release.commit, incident, execution },
  });
  await tx.write.job({
    task: 'run-rollback',
    id: String(execution),
    queue: null,
    runAt: null,
    priority: ROLLBACK_PRIORITY,
  });
  return execution;
}
