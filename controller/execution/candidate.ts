import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedEnvironment } from '../domain/plan.js';
import type { ExecutionRecord, ReleaseRecord } from '../domain/records.js';
import type { Instance } from '../domain/release.js';
import { type ExecutionNeeds, runtimeOf, type StepContext } from './needs.js';

/** Short, unique over databases (the plan's digest is in it), safe as a container name. */
export function candidateId(execution: ExecutionRecord, environment: string): string {
  return `${execution.service}-${environment}-${execution.id}-${execution.planDigest.slice(7, 13)}`;
}

/** The release that a planned environment is about: the candidate of this execution, or what runs there when only that is tested. */
export function releaseIdFor(execution: ExecutionRecord, planned: PlannedEnvironment): string {
  const running = execution.action === 'test' ? planned.target?.release : undefined;
  return running ?? candidateId(execution, planned.environment);
}

/**
 * The candidate's record, written before anything is started, so that nothing that runs is unknown. A rollback's candidate is what
 * the recorded release was, under an id of its own: it is watched, and may go bad, like any other.
 */
export async function recordCandidate(context: StepContext): Promise<ReleaseRecord> {
  const { needs, execution, plan, planned, lane } = context;
  const id = releaseIdFor(execution, planned);
  const known = await needs.store.releases.get(id);
  if (known !== null) return known;
  const target = planned.target === null ? null : await needs.store.releases.get(planned.target.release);
  const record: ReleaseRecord = {
    id,
    service: lane.service,
    environment: lane.environment,
    runtime: planned.runtime,
    version: target?.version ?? plan.version.ref,
    commit: target?.commit ?? plan.version.commit,
    tag: target?.tag ?? plan.version.tag,
    artifact: null,
    instance: null,
    state: 'candidate',
    spec: target?.spec ?? plan.service,
    host: planned.host,
    port: planned.port,
    guards: planned.guards,
    planDigest: plan.digest,
    executionId: execution.id,
    baseline: null,
    createdAt: needs.clock.now(),
    currentAt: null,
    goodAt: null,
    endedAt: null,
    endReason: '',
  };
  await needs.store.transaction(async (tx) => {
    await tx.write.release(record);
  });
  return record;
}

/** The artifact of a release, built from its commit when it is not there (any more). A no-op when it is. */
export async function ensureArtifact(
  needs: ExecutionNeeds,
  release: Pick<ReleaseRecord, 'spec' | 'commit' | 'tag' | 'runtime'>,
  signal: AbortSignal,
) {
  const runtime = runtimeOf(needs, release.runtime);
  const tree = await ensureTree(needs, release, signal);
  return runtime.build({ service: release.spec, commit: release.commit, tag: release.tag, tree }, signal);
}

export async function ensureTree(
  needs: ExecutionNeeds,
  release: Pick<ReleaseRecord, 'spec' | 'commit'>,
  signal: AbortSignal,
): Promise<string> {
  const { repository } = release.spec;
  if (repository === null) throw new Error(`${release.spec.name} has no repository`);
  if (!(await needs.serviceRepositories.has(repository, release.commit)))
    await needs.serviceRepositories.refresh(repository, signal);
  return needs.serviceRepositories.exportTree(repository, release.commit, signal);
}

/** Brings a release's instance up: as it runs, resumed when it was kept, started from its artifact otherwise. */
export async function bringUp(
  needs: ExecutionNeeds,
  release: ReleaseRecord,
  signal: AbortSignal,
): Promise<{ readonly instance: Instance; readonly how: string }> {
  const runtime = runtimeOf(needs, release.runtime);
  if (release.instance !== null) {
    const seen = await runtime.observe(release.instance);
    if (seen.state === 'running') return { instance: release.instance, how: 'was running' };
    if (seen.state === 'paused') {
      await runtime.resume(release.instance);
      return { instance: release.instance, how: 'resumed from being kept' };
    }
    await runtime.remove(release.instance);
  }
  const artifact = await ensureArtifact(needs, release, signal);
  const lane = { service: release.service, environment: release.environment };
  const instance = await runtime.start(
    {
      id: release.id,
      lane,
      service: release.spec,
      version: release.version,
      commit: release.commit,
      artifact,
    },
    signal,
  );
  await needs.store.transaction(async (tx) => {
    await tx.write.patchRelease(release.id, {
      instance,
      artifact: artifact.reference,
      endedAt: null,
      endReason: '',
    });
  });
  return { instance, how: 'started' };
}

const PROBE_PAUSE_MS = 200;
const SHORT_PAUSE_MS = 20;
const GOOD_PROBES = 2;

export type Health =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly detail: string };

/** Waits until a release answers its health path twice in a row; ends early when its process is gone. */
export async function waitHealthy(
  needs: ExecutionNeeds,
  release: ReleaseRecord,
  instance: Instance,
  signal: AbortSignal,
): Promise<Health> {
  const runtime = runtimeOf(needs, release.runtime);
  const until = needs.clock.now().getTime() + release.spec.healthTimeoutSeconds * 1000;
  let good = 0;
  let last = 'no answer yet';
  while (needs.clock.now().getTime() < until) {
    signal.throwIfAborted();
    const seen = await runtime.observe(instance);
    if (seen.state === 'exited' || seen.state === 'gone') return { ok: false, detail: seen.detail };
    if (seen.restarts >= 3) return { ok: false, detail: `crashes again and again: ${seen.detail}` };
    const probe = await needs.monitor.probe(instance, release.spec.health);
    good = probe.ok ? good + 1 : 0;
    if (good >= GOOD_PROBES) return { ok: true, detail: `${release.spec.health} answers ${probe.status}` };
    last = probe.problem ?? `${release.spec.health} answers ${probe.status}`;
    await sleep(probe.ok ? SHORT_PAUSE_MS : PROBE_PAUSE_MS, undefined, { signal });
  }
  return { ok: false, detail: `not healthy within ${release.spec.healthTimeoutSeconds} s: ${last}` };
}
