import type { PlannedEnvironment, PlannedStep } from '../domain/plan.js';
import type { LaneRecord, ReleaseRecord } from '../domain/records.js';
import type { Instance } from '../domain/release.js';
import { BuildFailed, type Runtime } from '../ports/runtime.js';
import { ScriptNotAllowed } from '../ports/scripts.js';
import type { Transaction } from '../ports/store.js';
import {
  bringUp,
  ensureArtifact,
  ensureTree,
  recordCandidate,
  releaseIdFor,
  waitHealthy,
} from './candidate.js';
import { holdLane } from './lanes.js';
import { failed, runtimeOf, type StepContext, type StepResult, Superseded, succeeded } from './needs.js';

type StepHandler = (context: StepContext) => Promise<StepResult>;

/** What each kind of step does. All of them can be repeated: they look before they act. */
export const STEP_HANDLERS: Readonly<Record<PlannedStep['kind'], StepHandler>> = {
  checkout: checkOut,
  build,
  start,
  health,
  script: runScript,
  switch: switchOver,
  watch,
  stop: stopCandidate,
};

async function checkOut({ needs, plan, signal }: StepContext): Promise<StepResult> {
  const tree = await ensureTree(needs, { spec: plan.service, commit: plan.version.commit }, signal);
  return succeeded(`${plan.version.ref} at ${plan.version.commit.slice(0, 12)} in ${tree}`);
}

async function build({ needs, plan, planned, signal }: StepContext): Promise<StepResult> {
  try {
    const release = {
      spec: plan.service,
      commit: plan.version.commit,
      tag: plan.version.tag,
      runtime: planned.runtime,
    };
    const artifact = await ensureArtifact(needs, release, signal);
    return succeeded(artifact.reference, artifact.output);
  } catch (error) {
    if (error instanceof BuildFailed) return failed(error.message, error.output);
    throw error;
  }
}

async function start(context: StepContext): Promise<StepResult> {
  const release = await recordCandidate(context);
  try {
    const { instance, how } = await bringUp(context.needs, release, context.signal);
    return succeeded(`${release.id} ${how} on ${instance.host}:${instance.port}`);
  } catch (error) {
    if (error instanceof BuildFailed) return failed(error.message, error.output);
    throw error;
  }
}

async function health(context: StepContext): Promise<StepResult> {
  const release = await liveRelease(context);
  const result = await waitHealthy(context.needs, release, release.instance, context.signal);
  if (result.ok) return succeeded(result.detail);
  const { lines } = await runtimeOf(context.needs, release.runtime).logs(release.instance, null, 200);
  return failed(result.detail, lines.slice(-50).join('\n'));
}

async function runScript(context: StepContext): Promise<StepResult> {
  const { needs, plan, planned, step, signal, execution } = context;
  if (step.step.kind !== 'script') return failed('not a script step');
  const target = await needs.store.releases.get(releaseIdFor(execution, planned));
  const cwd = await ensureTree(needs, { spec: plan.service, commit: plan.version.commit }, signal);
  const instance = target?.instance ?? null;
  try {
    const result = await needs.scripts.run(
      {
        step: step.step.script,
        cwd,
        env: {
          ...needs.scriptEnvironment,
          COMMANDER_STEP: step.step.name,
          COMMANDER_SERVICE: plan.service.name,
          COMMANDER_ENVIRONMENT: planned.environment,
          COMMANDER_VERSION: plan.version.ref,
          COMMANDER_COMMIT: plan.version.commit,
          COMMANDER_INTENT: plan.intent.name,
          COMMANDER_HEALTH: plan.service.health,
          ...(instance === null ? {} : { COMMANDER_URL: `http://${instance.host}:${instance.port}` }),
        },
      },
      signal,
    );
    if (result.outcome === 'passed')
      return succeeded(`${step.step.name} passed in ${result.seconds.toFixed(1)} s`, result.output);
    if (result.outcome === 'empty')
      return failed(`${step.step.name} found nothing to run: zero work is not success`, result.output);
    const how =
      result.outcome === 'timed-out'
        ? `took longer than ${step.step.script.timeoutSeconds} s`
        : `failed with exit code ${result.exitCode}`;
    return failed(`${step.step.name} ${how}`, result.output);
  } catch (error) {
    if (error instanceof ScriptNotAllowed) return failed(error.message);
    throw error;
  }
}

/** The old release is not touched before this, and serves until the candidate, which is healthy, has the address. */
async function switchOver(context: StepContext): Promise<StepResult> {
  const { needs, execution, plan, planned, lane } = context;
  const release = await liveRelease(context);
  if (await switchedBefore(context, release)) return succeeded(servesOn(release, planned));
  const fence = await needs.store.transaction((tx) => holdLane(tx, execution, lane));
  const moved = await movedOn(context, release, fence);
  if (moved !== null) return failed(moved);
  const probe = await needs.monitor.probe(release.instance, release.spec.health);
  if (!probe.ok)
    return failed(`the candidate stopped answering before the switch: ${probe.problem ?? probe.status}`);
  await runtimeOf(needs, release.runtime).route({
    lane,
    host: planned.host,
    port: planned.port,
    instance: release.instance,
    fence: fence.fence,
  });
  const now = needs.clock.now();
  await needs.store.transaction(async (tx) => {
    const current = await tx.executions.get(execution.id);
    if (current?.epoch !== execution.epoch) throw new Superseded('a newer attempt took over');
    const before = (await tx.lanes.get(lane))?.currentRelease ?? null;
    if (before !== null && before !== release.id) await retire(tx, before, release.id, now);
    await tx.write.currentRelease(lane, release.id);
    await tx.write.patchRelease(release.id, {
      state: 'watching',
      currentAt: now,
      endedAt: null,
      endReason: '',
      guards: planned.guards,
    });
    const fresh = {
      executionId: execution.id,
      startedAt: now,
      guards: planned.guards,
      state: null,
      verdict: 'unknown',
      reason: 'the watch begins',
      tickedAt: null,
      endedAt: null,
    } as const;
    await tx.write.watch({ releaseId: release.id, ...fresh });
    await tx.write.patchWatch(release.id, fresh);
    await tx.write.audit({
      actor: 'controller',
      action: 'release.switched',
      subject: `release:${lane.environment}/${lane.service}`,
      digest: plan.digest,
      reason: servesOn(release, planned),
      data: { release: release.id, before, execution: execution.id, fence: fence.fence },
    });
  });
  return succeeded(servesOn(release, planned));
}

/** The last look before users are sent over: is what this replaces still what serves, and is the version still allowed? */
async function movedOn(
  { needs, planned, lane }: StepContext,
  release: ReleaseRecord,
  { currentRelease }: LaneRecord,
): Promise<string | null> {
  const expected = planned.replaces?.release ?? null;
  if (currentRelease !== expected && currentRelease !== release.id)
    return `what runs in ${lane.environment} changed meanwhile: ${currentRelease ?? 'nothing'} instead of ${expected ?? 'nothing'}`;
  const quarantined = await needs.store.quarantine.active(lane.service);
  const hit = quarantined.find((record) => record.commit === release.commit);
  return hit === undefined ? null : `${release.version} was quarantined meanwhile: ${hit.reason}`;
}

function servesOn({ version }: ReleaseRecord, { host, port }: PlannedEnvironment): string {
  return `${version} serves on ${host}:${port}`;
}

/** An attempt of this execution switched and was cut before its step was marked: the watch goes on, it does not begin again. */
async function switchedBefore(
  { needs, execution, lane }: StepContext,
  release: ReleaseRecord,
): Promise<boolean> {
  const [watch, record, route] = await Promise.all([
    needs.store.watches.get(release.id),
    needs.store.lanes.get(lane),
    runtimeOf(needs, release.runtime).routed(lane),
  ]);
  return (
    watch?.executionId === execution.id &&
    record?.currentRelease === release.id &&
    route.instanceId === release.id
  );
}

/** A good release stays good, so that one can go back to it; any other is over. */
async function retire(tx: Transaction, releaseId: string, successor: string, now: Date): Promise<void> {
  const release = await tx.releases.get(releaseId);
  if (release === null || release.state === 'bad') return;
  const ended = { endedAt: now, endReason: `replaced by ${successor}` };
  await tx.write.patchRelease(releaseId, release.state === 'good' ? ended : { ...ended, state: 'retired' });
}

/** The watchdog judges; this only looks at what it came to. */
async function watch(context: StepContext): Promise<StepResult> {
  const { needs, execution, planned } = context;
  const release = await needs.store.releases.get(releaseIdFor(execution, planned));
  const record = await needs.store.watches.get(releaseIdFor(execution, planned));
  if (release === null || record === null) return failed('there is no watch to wait for');
  if (record.endedAt === null)
    return { kind: 'waiting', detail: `watching ${release.version} in ${planned.environment}` };
  if (release.state === 'good') return succeeded(`passed its watch: ${record.reason}`);
  if (release.state === 'held')
    return failed(
      `held without a verdict: ${record.reason}. It serves, but is not last-known-good: commander retry or commander rollback`,
    );
  return failed(`did not pass its watch: ${record.reason}`);
}

async function stopCandidate(context: StepContext): Promise<StepResult> {
  const { needs, execution, planned } = context;
  await discardCandidate(context, releaseIdFor(execution, planned), 'tested');
  needs.log.debug({ execution: execution.id }, 'candidate stopped');
  return succeeded('candidate stopped');
}

/** Removes a candidate. Users whom a cut attempt sent to it already go back to what is recorded as serving. */
export async function discardCandidate(
  context: Pick<StepContext, 'needs'>,
  releaseId: string,
  reason: string,
): Promise<void> {
  const { store, clock } = context.needs;
  const release = await store.releases.get(releaseId);
  if (release === null || release.state !== 'candidate') return;
  const runtime = runtimeOf(context.needs, release.runtime);
  const instance = release.instance ?? (await unrecordedInstance(runtime, releaseId));
  if (instance !== null) {
    await sendBack(context.needs, release, runtime);
    await runtime.remove(instance);
  }
  await store.transaction((tx) =>
    tx.write.patchRelease(releaseId, {
      state: 'gone',
      instance: null,
      endedAt: clock.now(),
      endReason: reason,
    }),
  );
}

/** A crash between the switch and its record leaves the address leading to a release that is not current. */
async function sendBack(
  { store }: Pick<StepContext['needs'], 'store'>,
  candidate: ReleaseRecord,
  runtime: Runtime,
): Promise<void> {
  const route = await runtime.routed(candidate);
  if (route.instanceId !== candidate.id) return;
  const lane = await store.lanes.get(candidate);
  const current = lane?.currentRelease == null ? null : await store.releases.get(lane.currentRelease);
  if (current === null || current.instance === null) return runtime.unroute(candidate);
  const { host, port, instance } = current;
  await runtime.route({
    lane: candidate,
    host,
    port,
    instance,
    fence: Math.max(lane?.fence ?? 0, route.fence),
  });
}

/** Started by an attempt that was cut before it could write that down. */
async function unrecordedInstance(runtime: Runtime, releaseId: string): Promise<Instance | null> {
  const listed = (await runtime.list()).find(({ instance }) => instance.id === releaseId);
  return listed?.instance ?? null;
}

async function liveRelease({
  needs,
  execution,
  planned,
}: StepContext): Promise<ReleaseRecord & { readonly instance: NonNullable<ReleaseRecord['instance']> }> {
  const release = await needs.store.releases.get(releaseIdFor(execution, planned));
  if (release === null || release.instance === null)
    throw new Error(`No running release for ${planned.environment}: the start step has to run first`);
  return { ...release, instance: release.instance };
}
