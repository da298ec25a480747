import { cut } from '../domain/cut.js';
import type { JsonValue } from '../domain/json.js';
import type { ReleaseRecord, WatchRecord } from '../domain/records.js';
import { redact } from '../domain/redact.js';
import { laneName } from '../domain/release.js';
import type { LogCursor, Observation, Runtime } from '../ports/runtime.js';
import {
  type Baseline,
  baselineFrom,
  describeVerdict,
  type Judgement,
  type JudgeSettings,
  judgeTick,
  startWatch,
  type TickObservation,
  type WatchState,
} from './judge.js';
import type { WatchdogNeeds } from './needs.js';
import { openIncident } from './open-incident.js';

/** What is kept of a watch between two ticks, so that a restart goes on where it was. */
interface Kept {
  readonly judge: WatchState;
  readonly log: LogCursor | null;
  /** The last error lines of the log, for whoever looks into an incident; absent in watches of an earlier version. */
  readonly errorLines?: readonly string[];
}

const LOG_LINES_A_TICK = 2000;
const ERROR_LINES_KEPT = 10;
const ERROR_LINE_LENGTH = 200;
const OWN_PROBES_A_TICK = 5;

/** One tick of one watch: look, judge, write down, and do what follows from the verdict. */
export async function tickWatch(needs: WatchdogNeeds, watch: WatchRecord): Promise<void> {
  const release = await needs.store.releases.get(watch.releaseId);
  if (release === null || release.instance === null || release.state !== 'watching')
    return abandon(needs, watch, 'the release is not there any more');
  const runtime = needs.runtimes.get(release.runtime);
  if (runtime === undefined) return;
  const kept = (watch.state as unknown as Kept | null) ?? {
    judge: startWatch(watch.startedAt.getTime()),
    log: null,
  };
  const logs = await readLogs(runtime, release, kept.log);
  const tick = await lookAt(needs, runtime, release, kept.judge, logs.errors);
  const judgement = judgeTick(kept.judge, tick, watch.guards, await settingsFor(needs, release));
  needs.telemetry.verdict(release, judgement.verdict);
  const errorLines = [...(kept.errorLines ?? []), ...logs.errorLines].slice(-ERROR_LINES_KEPT);
  const state = { judge: judgement.state, log: logs.next, errorLines } as unknown as JsonValue;
  await conclude(needs, watch, release, judgement, state, errorLines);
}

async function lookAt(
  needs: WatchdogNeeds,
  runtime: Runtime,
  release: ReleaseRecord,
  before: WatchState,
  logErrorLines: number,
): Promise<TickObservation> {
  const address = release.instance ?? { host: release.host, port: release.port };
  const { metrics, probe: ownProbe } = release.spec;
  if (ownProbe !== null && before.lastSampleAt !== null) {
    await Promise.all(
      Array.from({ length: OWN_PROBES_A_TICK }, () => needs.monitor.probe(address, ownProbe)),
    );
  }
  const [instance, probe, sampled] = await Promise.all([
    release.instance === null
      ? gone()
      : runtime.observe(release.instance).catch((error) => unobserved(before, error)),
    needs.monitor.probe(address, release.spec.health),
    metrics === null ? null : needs.monitor.sample(address, metrics),
  ]);
  return { now: needs.clock.now().getTime(), instance, probe, sampled, logErrorLines };
}

/** A runtime that does not answer says nothing about the release; the probes and the metrics still do. */
function unobserved(before: WatchState, error: unknown): Observation {
  const detail = `cannot be observed: ${error instanceof Error ? error.message : String(error)}`;
  return { state: 'running', restarts: before.restartsAtStart ?? 0, exitCode: null, healthy: null, detail };
}

function gone(): Observation {
  return { state: 'gone', restarts: 0, exitCode: null, healthy: null, detail: 'there is no instance' };
}

interface ReadLogs {
  readonly errors: number;
  /** The last of them, redacted and cut. */
  readonly errorLines: readonly string[];
  readonly next: LogCursor | null;
}

async function readLogs(
  runtime: Runtime,
  release: ReleaseRecord,
  since: LogCursor | null,
): Promise<ReadLogs> {
  const nothing = { errors: 0, errorLines: [], next: since };
  if (release.instance === null) return nothing;
  const pattern = new RegExp(release.spec.logErrorPattern);
  const read = await runtime.logs(release.instance, since, LOG_LINES_A_TICK).catch(() => null);
  if (read === null) return nothing;
  const errors = read.lines.filter((line) => pattern.test(line));
  const excerpt = errors.slice(-ERROR_LINES_KEPT).map((line) => cut(redact(line), ERROR_LINE_LENGTH));
  return { errors: errors.length, errorLines: excerpt, next: read.next };
}

/** What is normal for this service here: as measured on the last-known-good. */
async function settingsFor(needs: WatchdogNeeds, release: ReleaseRecord): Promise<JudgeSettings> {
  const good = await needs.store.releases.good(release, 5);
  const before = good.find((other) => other.id !== release.id && other.baseline !== null);
  return {
    ...needs.judge,
    latencyConfigured: release.spec.metrics?.latency != null,
    baseline: (before?.baseline as unknown as Baseline | undefined) ?? null,
  };
}

async function conclude(
  needs: WatchdogNeeds,
  watch: WatchRecord,
  release: ReleaseRecord,
  judgement: Judgement,
  state: JsonValue,
  errorLines: readonly string[],
): Promise<void> {
  const now = needs.clock.now();
  const reason = describeVerdict(judgement);
  const seen = { state, verdict: judgement.verdict, reason, tickedAt: now };
  if (judgement.verdict === 'unhealthy') {
    const { reasons, detail } = judgement;
    const log = errorLines.length === 0 ? {} : { log: errorLines };
    const evidence = { reasons, ...log, detail } as unknown as JsonValue;
    const rollback = await needs.store.transaction(async (tx) => {
      if ((await tx.watches.get(watch.releaseId))?.endedAt !== null) return null;
      await tx.write.patchWatch(watch.releaseId, seen);
      return openIncident(tx, needs.clock, { release, reason, evidence, actor: 'watchdog' });
    });
    if (rollback === null) return endCondemned(needs, watch, release, reason);
    needs.telemetry.incidentOpened(release);
    needs.log.error(
      { release: release.id, lane: laneName(release), plan: release.planDigest, reason },
      'release is bad: rolling back',
    );
    return;
  }
  if (judgement.verdict === 'healthy')
    return end(needs, watch, seen, release, 'good', baselineFrom(judgement.state) as unknown as JsonValue);
  if (judgement.detail.expired) return end(needs, watch, seen, release, 'held', null);
  await needs.store.transaction((tx) => tx.write.patchWatch(watch.releaseId, seen));
}

async function end(
  needs: WatchdogNeeds,
  watch: WatchRecord,
  seen: Partial<WatchRecord> & { readonly reason: string },
  release: ReleaseRecord,
  state: 'good' | 'held',
  baseline: JsonValue,
): Promise<void> {
  const now = needs.clock.now();
  await needs.store.transaction(async (tx) => {
    if ((await tx.watches.get(watch.releaseId))?.endedAt !== null) return;
    await tx.write.patchWatch(watch.releaseId, { ...seen, endedAt: now });
    await tx.write.patchRelease(release.id, state === 'good' ? { state, goodAt: now, baseline } : { state });
    await tx.write.audit({
      actor: 'watchdog',
      action: `release.${state}`,
      subject: `release:${laneName(release)}`,
      digest: release.planDigest,
      reason: seen.reason,
      data: { release: release.id, version: release.version, commit: release.commit },
    });
    await tx.write.job({
      task: 'run-execution',
      id: String(watch.executionId),
      queue: null,
      runAt: null,
      priority: 0,
    });
  });
  needs.log.info(
    { release: release.id, lane: laneName(release), state, reason: seen.reason },
    state === 'good' ? 'last-known-good' : 'held without a verdict',
  );
}

/** It has its incident already: the watch is over, and that it is bad is said all the same. */
async function endCondemned(
  needs: WatchdogNeeds,
  watch: WatchRecord,
  release: ReleaseRecord,
  reason: string,
): Promise<void> {
  if ((await needs.store.watches.get(watch.releaseId))?.endedAt !== null) return;
  needs.log.error(
    { release: release.id, lane: laneName(release), reason },
    'release is bad, and has its incident already',
  );
  await abandon(needs, watch, reason);
}

async function abandon(needs: WatchdogNeeds, watch: WatchRecord, reason: string): Promise<void> {
  await needs.store.transaction(async (tx) => {
    await tx.write.patchWatch(watch.releaseId, { endedAt: needs.clock.now(), reason });
    await tx.write.job({
      task: 'run-execution',
      id: String(watch.executionId),
      queue: null,
      runAt: null,
      priority: 0,
    });
  });
}
