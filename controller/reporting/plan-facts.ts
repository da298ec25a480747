import type {
  ExecutionRecord,
  ForgeCommandRecord,
  IncidentRecord,
  PlanRecord,
  ReleaseRecord,
  StepRecord,
} from '../domain/records.js';
import type { Reader } from '../ports/store.js';
import { type EnvironmentView, viewEnvironment } from './environment-view.js';

export interface ReportedIncident {
  readonly incident: IncidentRecord;
  /** Number of the pull request with its file; null while there is none. */
  readonly pull: number | null;
  /** What serves instead, and the commit that approved it; null while nothing does, or where it is not known. */
  readonly restored: { readonly release: ReleaseRecord; readonly commit: string } | null;
}

/** Everything that the forge shows about one plan. */
export interface PlanFacts {
  readonly record: PlanRecord;
  readonly execution: ExecutionRecord | null;
  readonly environments: readonly EnvironmentView[];
  readonly releases: readonly ReleaseRecord[];
  readonly incidents: readonly ReportedIncident[];
  /** Last commands of people under its pull request, oldest first. */
  readonly commands: readonly ForgeCommandRecord[];
}

const SHOWN_COMMANDS = 5;

export async function gatherPlanFacts(store: Reader, record: PlanRecord): Promise<PlanFacts> {
  const executions = (await store.executions.ofPlan(record.digest)).filter(({ kind }) => kind === 'plan');
  const execution = executions.reduce<ExecutionRecord | null>(
    (newest, one) => (newest === null || one.id > newest.id ? one : newest),
    null,
  );
  const steps = execution === null ? [] : await store.executions.steps(execution.id);
  const releases = execution === null ? [] : await store.releases.ofExecution(execution.id);
  const incidents: ReportedIncident[] = [];
  for (const release of releases) {
    const incident = await store.incidents.ofRelease(release.id);
    if (incident !== null) incidents.push(await reportedIncident(store, record, incident));
  }
  const number = record.proposal?.number ?? null;
  return {
    record,
    execution,
    environments: viewAll(record, execution, steps, incidents),
    releases,
    incidents,
    commands: number === null ? [] : await store.forge.commandsOf(record.repository, number, SHOWN_COMMANDS),
  };
}

function viewAll(
  { plan }: PlanRecord,
  execution: ExecutionRecord | null,
  steps: readonly StepRecord[],
  incidents: readonly ReportedIncident[],
): readonly EnvironmentView[] {
  return plan.environments.map(({ environment }) =>
    viewEnvironment({
      environment,
      version: plan.version.ref,
      steps: steps.filter((step) => step.environment === environment),
      incident: incidents.find(({ incident }) => incident.environment === environment)?.incident ?? null,
      ended: execution === null || execution.finishedAt === null ? null : execution.reason,
      waits: execution === null || execution.reason === 'in the queue' ? '' : execution.reason,
    }),
  );
}

async function reportedIncident(
  store: Reader,
  { repository }: PlanRecord,
  incident: IncidentRecord,
): Promise<ReportedIncident> {
  const note = await store.forge.note(repository, `incident-pull:${incident.id}`);
  const pull = note === null ? null : Number(note.remoteId);
  return { incident, pull, restored: await restoredBy(store, incident) };
}

async function restoredBy(store: Reader, incident: IncidentRecord): Promise<ReportedIncident['restored']> {
  if (incident.state !== 'resolved') return null;
  const lane = await store.lanes.get(incident);
  const release = lane?.currentRelease == null ? null : await store.releases.get(lane.currentRelease);
  if (release === null || release.id === incident.releaseId) return null;
  const plan = await store.plans.get(release.planDigest);
  return plan?.approvedCommit == null ? null : { release, commit: plan.approvedCommit };
}
