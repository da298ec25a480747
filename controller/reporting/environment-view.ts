import type { IncidentRecord, StepRecord } from '../domain/records.js';
import { isBehind, isNotice, stepName } from '../domain/step.js';

/** How a plan's release stands in one environment, as a status and a deployment show it. */
export interface EnvironmentView {
  readonly environment: string;
  readonly state: 'queued' | 'in_progress' | 'success' | 'failure' | 'error';
  /** One line of plain text. */
  readonly detail: string;
}

export interface EnvironmentFacts {
  readonly environment: string;
  readonly version: string;
  readonly steps: readonly StepRecord[];
  /** The rollback of this plan's release here; null when there was none. */
  readonly incident: Pick<IncidentRecord, 'state' | 'reason'> | null;
  /** Why the execution ended; null while it goes on. */
  readonly ended: string | null;
  /** Why it waits, or what it has trouble with; empty while it simply runs. */
  readonly waits: string;
}

export function viewEnvironment(facts: EnvironmentFacts): EnvironmentView {
  return { environment: facts.environment, ...stateOf(facts) };
}

const INCIDENT_WORDS = {
  rolling_back: 'rolling back',
  resolved: 'rolled back',
  stuck: 'rollback stuck, a person is needed',
} as const;

function stateOf({
  steps,
  incident,
  ended,
  version,
  waits,
}: EnvironmentFacts): Omit<EnvironmentView, 'environment'> {
  if (incident !== null)
    return { state: 'failure', detail: `${INCIDENT_WORDS[incident.state]}: ${incident.reason}` };
  const failed = steps.find((step) => step.status === 'failed' && !isNotice(step));
  if (failed !== undefined) return { state: 'failure', detail: `${stepName(failed)}: ${failed.detail}` };
  if (steps.length > 0 && steps.every(isBehind))
    return { state: 'success', detail: `${version}: ${lastWords(steps)}` };
  if (ended !== null) return { state: 'error', detail: `not done: ${ended}` };
  const current = steps.find((step) => step.status === 'running' || step.status === 'waiting');
  if (current !== undefined)
    return {
      state: 'in_progress',
      detail: `${stepName(current)}${current.detail === '' ? '' : `: ${current.detail}`}`,
    };
  return steps.some(isBehind)
    ? { state: 'in_progress', detail: 'goes on' }
    : { state: 'queued', detail: waits === '' ? 'waits for its turn' : waits };
}

/** What the watch found is what people want to know; where nothing was watched, the last step. */
function lastWords(steps: readonly StepRecord[]): string {
  const watched = steps.find((step) => step.step.kind === 'watch');
  return (watched ?? steps.at(-1))?.detail ?? 'done';
}
