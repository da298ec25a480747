import type { PlanRecord } from '../domain/records.js';
import { redact } from '../domain/redact.js';
import { laneName } from '../domain/release.js';
import type { Finding, FindingVerdict } from '../domain/sop.js';
import type { CommitStatus, DeploymentView } from '../ports/forge-board.js';
import type { EnvironmentView } from './environment-view.js';
import type { PlanFacts } from './plan-facts.js';

type Verdict = Pick<CommitStatus, 'state' | 'description'>;

const NOT_RUN = ['superseded', 'expired', 'rejected', 'withdrawn', 'stale'];

/**
 * On the head of the plan's pull request. A plan that may be merged is green, though nobody has approved it yet: where a
 * repository requires these checks, they must not stand in the way of the approval that they wait for.
 */
export function headStatuses({ record }: PlanFacts, head: string, url: string): readonly CommitStatus[] {
  return [
    { commit: head, context: 'commander/plan', url, ...planVerdict(record) },
    { commit: head, context: 'commander/sop', url, ...sopVerdict(record) },
    { commit: head, context: 'commander/intent', url, state: 'success', description: 'no intent is changed' },
  ];
}

export function planVerdict(record: PlanRecord): Verdict {
  const { state, description } = rawVerdict(record);
  return { state, description: redact(description) };
}

function rawVerdict(record: PlanRecord): Verdict {
  const { status, statusReason, digest, hold, approvedBy } = record;
  if (NOT_RUN.includes(status)) return { state: 'failure', description: `${status}: ${statusReason}` };
  if (status !== 'pending_approval')
    return { state: 'success', description: `approved by ${approvedBy.join(', ')}` };
  if (statusReason !== '') return { state: 'failure', description: statusReason };
  if (hold !== null) return { state: 'pending', description: `on hold, ${hold}` };
  return { state: 'success', description: `merging approves exactly ${digest.slice(0, 19)}…` };
}

/** What blocks is never proposed: all of these are for the people who approve. What nobody could check is no pass. */
function sopVerdict({ plan: { findings } }: PlanRecord): Verdict {
  const of = (...verdicts: readonly FindingVerdict[]) =>
    findings.filter(({ verdict }) => verdicts.includes(verdict));
  const [deviation] = of('deviates');
  const words = [
    ...of('waived').map(({ source, waiver }) => `${source} waived by ${waiver?.by ?? 'somebody'}`),
    ...(deviation === undefined
      ? []
      : [`${of('deviates').length} to consider. ${deviation.source}: ${deviation.message}`]),
  ];
  const passed = names(of('complies', 'tightened'));
  if (words.length === 0 && passed !== '') words.push(`complies with ${passed}`);
  const unchecked = names(of('cannot-tell'));
  if (words.length === 0 && unchecked !== '') words.push(`not checked: ${unchecked}`);
  const description =
    words.length === 0 ? 'no procedure has anything to say' : [...new Set(words)].join('; ');
  return { state: 'success', description: redact(description) };
}

function names(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ source }) => source))].join(', ');
}

/** On the commit that brought the plan to the protected branch. */
export function mergeStatuses(facts: PlanFacts, commit: string, url: string): readonly CommitStatus[] {
  const { record, environments } = facts;
  const plan = { commit, context: 'commander/plan', url, ...planVerdict(record) };
  if (record.approvedCommit === null) return [plan];
  return [
    plan,
    ...environments.map(({ environment, state, detail }) => ({
      commit,
      context: `commander/${environment}`,
      url,
      state: STATUS_OF[state],
      description: redact(detail),
    })),
  ];
}

const STATUS_OF: Readonly<Record<EnvironmentView['state'], CommitStatus['state']>> = {
  queued: 'pending',
  in_progress: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
};

/** GitHub's environments page: what was brought where, and after a rollback what serves there again. */
export function deployments(facts: PlanFacts): readonly DeploymentView[] {
  const { record, execution, environments, releases, incidents } = facts;
  const { action, version, service } = record.plan;
  if (execution === null || record.approvedCommit === null || (action !== 'deploy' && action !== 'rollback'))
    return [];
  const commit = record.approvedCommit;
  const begun = environments.filter(({ state }) => state !== 'queued');
  const brought = begun.map(({ environment, state, detail }) => {
    const release = releases.find((one) => one.environment === environment);
    return {
      key: `execution-${execution.id}-${environment}`,
      lane: laneName({ service: service.name, environment }),
      commit,
      environment,
      state,
      // How far it is is in the statuses; here each change of words would be another entry in the environment's history.
      description: redact(`${service.name} ${version.ref}${state === 'in_progress' ? '' : `: ${detail}`}`),
      url: state === 'success' && release !== undefined ? `http://${release.host}:${release.port}` : null,
    };
  });
  const restored = incidents.flatMap(({ incident, restored: back }) =>
    back === null
      ? []
      : [
          {
            key: `incident-${incident.id}`,
            lane: laneName(incident),
            commit: back.commit,
            environment: incident.environment,
            state: 'success' as const,
            description: redact(`${service.name} ${back.release.version} serves again: ${incident.reason}`),
            url: `http://${back.release.host}:${back.release.port}`,
          },
        ],
  );
  return [...brought, ...restored];
}

/** Labels are a view for lists and searches; nothing reads them back. */
export function planLabels({ record, incidents }: PlanFacts): readonly string[] {
  const rolledBack = incidents.length > 0;
  const held = record.hold !== null && ['pending_approval', 'approved', 'running'].includes(record.status);
  const state = held ? 'on hold' : rolledBack ? 'rolled back' : record.status.replaceAll('_', ' ');
  return ['commander', `commander: ${state}`];
}
