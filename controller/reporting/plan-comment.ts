import { cut } from '../domain/cut.js';
import { plain } from '../domain/markdown.js';
import type { ForgeCommandRecord } from '../domain/records.js';
import { redact } from '../domain/redact.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { EnvironmentView } from './environment-view.js';
import type { PlanFacts, ReportedIncident } from './plan-facts.js';

type Addresses = Pick<ForgeBoard, 'pullUrl' | 'fileUrl'>;

/** The one comment under a plan's pull request: how it stands, what is next, and how to take part. Markdown. */
export function planComment(facts: PlanFacts, addresses: Addresses): string {
  return [
    `### ${headline(facts)}`,
    '',
    ...next(facts),
    ...environmentTable(facts.environments),
    ...facts.incidents.flatMap((reported) => incidentLines(reported, addresses)),
    ...commandLines(facts.commands),
    ...COMMAND_HELP,
  ].join('\n');
}

function headline({ record, incidents }: PlanFacts): string {
  const what = `${record.plan.service.name} ${plain(record.plan.version.ref)}`;
  if (incidents.some(({ incident }) => incident.state === 'stuck'))
    return `${what}: rollback stuck, a person is needed`;
  if (incidents.length > 0) return `${what}: rolled back`;
  if (record.hold !== null && record.status === 'pending_approval') return `${what}: on hold`;
  return `${what}: ${STATUS_WORDS[record.status]}`;
}

const STATUS_WORDS = {
  pending_approval: 'waits for approval',
  approved: 'approved, about to run',
  running: 'running',
  failed: 'failed',
  rolled_back: 'rolled back',
  succeeded: 'released',
  superseded: 'replaced by a newer plan',
  expired: 'expired',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  stale: 'not run, planned again',
} as const;

function next({ record, execution }: PlanFacts): readonly string[] {
  const { status, statusReason, hold, approvedBy, expiresAt, plan } = record;
  const lines: string[] = [];
  if (hold !== null) lines.push(`On hold: ${said(hold)}. \`/commander resume\` lets it go on.`);
  if (status === 'pending_approval' && statusReason !== '') lines.push(`Not run: ${said(statusReason)}.`);
  if (status === 'pending_approval' && statusReason === '')
    lines.push(
      `Review it and merge it: that approves exactly this plan, \`${record.digest}\`. It expires ${expiresAt.toISOString()}.`,
    );
  if (approvedBy.length > 0) lines.push(`Approved by ${approvedBy.map(said).join(', ')}.`);
  if (execution !== null && execution.finishedAt !== null && execution.reason !== '')
    lines.push(
      `Execution ${execution.id} ${execution.status.replaceAll('_', ' ')}: ${said(execution.reason)}.`,
    );
  if (execution === null && status !== 'pending_approval' && statusReason !== '')
    lines.push(`${said(statusReason)}.`);
  if (['expired', 'rejected', 'failed'].includes(status))
    lines.push(`\`/commander retry\` tries \`${plan.intent.name}\` again.`);
  return lines.flatMap((line) => [line, '']);
}

const STATE_MARKS: Readonly<Record<EnvironmentView['state'], string>> = {
  queued: '⏳ queued',
  in_progress: '🔄 in progress',
  success: '✅ released',
  failure: '❌ failed',
  error: '⚪ not done',
};

function environmentTable(environments: readonly EnvironmentView[]): readonly string[] {
  return [
    '| environment | state | |',
    '|---|---|---|',
    ...environments.map(
      ({ environment, state, detail }) => `| ${environment} | ${STATE_MARKS[state]} | ${said(detail)} |`,
    ),
    '',
  ];
}

function incidentLines(
  { incident, pull, restored }: ReportedIncident,
  { pullUrl }: Addresses,
): readonly string[] {
  const where = pull === null ? '' : ` The incident's file: [#${pull}](${pullUrl(pull)}).`;
  const back = restored === null ? '' : ` ${plain(restored.release.version)} serves again.`;
  return [
    `**Incident ${incident.id}, ${incident.environment}** (${incident.state.replaceAll('_', ' ')}): ${said(incident.reason)}.${back}${where}`,
    '',
    ...incident.timeline.slice(-10).map(({ at, event }) => `- ${plain(at)} ${said(event)}`),
    '',
  ];
}

export function commandLines(commands: readonly ForgeCommandRecord[]): readonly string[] {
  if (commands.length === 0) return [];
  const rows = commands.map(
    ({ person, command, state, answer }) =>
      `- ${said(person)}: \`/commander ${code(command)}\` ${state === 'taken' || state === 'started' ? 'is being carried out' : `→ ${said(answer)}`}`,
  );
  return ['**Commands**', '', ...rows, ''];
}

const COMMAND_HELP = [
  '<details><summary>Commands, for people with write access</summary>',
  '',
  '| | |',
  '|---|---|',
  '| `/commander plan` | plan the intent again |',
  '| `/commander waive <sop> <why>` | let pass what an SOP blocks, for the intent as it is; it is no approval |',
  '| `/commander hold [why]`, `resume` | neither start nor go on to the next environment; go on |',
  '| `/commander cancel [why]` | reject the plan; stop it where it runs |',
  '| `/commander retry` | try a failed plan, or a stuck rollback, again |',
  '| `/commander rollback [environment] [why]` | back to the last-known-good, quarantine this version |',
  '| `/commander unlock [environment]` | take the environment away from whatever holds it |',
  '| `/commander help` | this list |',
  '',
  '</details>',
  '',
];

/** Words of people and programs: shown, never interpreted, without secrets, and not endless. */
function said(text: string): string {
  const shown = redact(text).replace(/[.\s]+$/, '');
  return plain(shown.length > 1000 ? `${cut(shown, 1000)}…` : shown);
}

function code(text: string): string {
  return cut(redact(text).replace(/[`\p{Cc}\p{Cf}]/gu, ''), 200);
}
