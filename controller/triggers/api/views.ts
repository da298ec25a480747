import type {
  ExecutionRecord,
  IncidentRecord,
  IntentRecord,
  LaneRecord,
  PlanRecord,
  QuarantineRecord,
  ReleaseRecord,
  StepRecord,
  WaiverRecord,
  WatchRecord,
} from '../../domain/records.js';
import type { Reader } from '../../ports/store.js';

/** What the API answers and `--json` prints: plain data, dates as ISO 8601. */
export interface IntentView {
  readonly name: string;
  readonly repository: string;
  readonly path: string;
  readonly state: string;
  readonly detail: readonly string[];
  readonly plan: PlanView | null;
  readonly updatedAt: string;
}

export interface PlanView {
  readonly digest: string;
  readonly status: string;
  readonly reason: string;
  readonly branch: string | null;
  /** Of its pull request, on forges that have them. */
  readonly url: string | null;
  /** Who holds it up, and why; null when nobody does. */
  readonly hold: string | null;
  readonly title: string;
  readonly approvedBy: readonly string[];
  readonly expiresAt: string;
}

export interface WaiverView {
  readonly sop: string;
  readonly quote: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

export interface LaneView {
  readonly service: string;
  readonly environment: string;
  readonly holder: number | null;
  readonly release: ReleaseView | null;
  readonly watch: { readonly verdict: string; readonly reason: string; readonly since: string } | null;
  readonly lastKnownGood: ReleaseView | null;
}

export interface ReleaseView {
  readonly id: string;
  readonly version: string;
  readonly commit: string;
  readonly state: string;
  readonly address: string;
  readonly since: string | null;
}

export interface ExecutionView {
  readonly id: number;
  readonly kind: string;
  readonly action: string;
  readonly service: string;
  readonly environments: readonly string[];
  readonly plan: string;
  readonly status: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly environment: string;
  readonly step: string;
  readonly status: string;
  readonly attempts: number;
  readonly detail: string;
  readonly output: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export function viewIntent(intent: IntentRecord, plan: PlanRecord | null): IntentView {
  const { name, repository, path, state, detail } = intent;
  return {
    name,
    repository,
    path,
    state,
    detail,
    plan: plan === null ? null : viewPlan(plan),
    updatedAt: intent.updatedAt.toISOString(),
  };
}

export function viewPlan(plan: PlanRecord): PlanView {
  return {
    digest: plan.digest,
    status: plan.status,
    reason: plan.statusReason,
    branch: plan.proposal?.branch ?? null,
    url: plan.proposal?.url ?? null,
    hold: plan.hold,
    title: plan.body.split('\n', 1)[0] ?? '',
    approvedBy: plan.approvedBy,
    expiresAt: plan.expiresAt.toISOString(),
  };
}

export function viewRelease(release: ReleaseRecord): ReleaseView {
  return {
    id: release.id,
    version: release.version,
    commit: release.commit,
    state: release.state,
    address: `http://${release.host}:${release.port}`,
    since: iso(release.currentAt),
  };
}

export function viewExecution(execution: ExecutionRecord, steps: readonly StepRecord[]): ExecutionView {
  const { id, kind, action, service, environments, status, reason } = execution;
  return {
    id,
    kind,
    action,
    service,
    environments,
    plan: execution.planDigest,
    status,
    reason,
    createdAt: execution.createdAt.toISOString(),
    startedAt: iso(execution.startedAt),
    finishedAt: iso(execution.finishedAt),
    steps: steps.map(viewStep),
  };
}

function viewStep(step: StepRecord): StepView {
  const { environment, status, attempts, detail, output } = step;
  const name = step.step.kind === 'script' ? step.step.name : step.step.kind;
  return {
    environment,
    step: name,
    status,
    attempts,
    detail,
    output,
    startedAt: iso(step.startedAt),
    finishedAt: iso(step.finishedAt),
  };
}

export function viewIncident(incident: IncidentRecord): Record<string, unknown> {
  const { executionId, writtenCommit, ...rest } = incident;
  return {
    ...rest,
    execution: executionId,
    file: writtenCommit === null ? null : `branch ${incident.branch}`,
    openedAt: incident.openedAt.toISOString(),
    closedAt: iso(incident.closedAt),
  };
}

export function viewWaiver({ source, quote, person, reason, createdAt }: WaiverRecord): WaiverView {
  return { sop: source, quote, by: person, reason, at: createdAt.toISOString() };
}

export function viewQuarantine(record: QuarantineRecord): Record<string, unknown> {
  return { ...record, createdAt: record.createdAt.toISOString(), liftedAt: iso(record.liftedAt) };
}

export async function viewLane(store: Reader, lane: LaneRecord): Promise<LaneView> {
  const release = lane.currentRelease === null ? null : await store.releases.get(lane.currentRelease);
  const [good] = await store.releases.good(lane, 1);
  const watch = release?.state === 'watching' ? await store.watches.get(release.id) : null;
  return {
    service: lane.service,
    environment: lane.environment,
    holder: lane.holder,
    release: release === null ? null : viewRelease(release),
    watch: watch === null ? null : viewWatch(watch),
    lastKnownGood: good === undefined ? null : viewRelease(good),
  };
}

function viewWatch(watch: WatchRecord): NonNullable<LaneView['watch']> {
  return { verdict: watch.verdict, reason: watch.reason, since: watch.startedAt.toISOString() };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
