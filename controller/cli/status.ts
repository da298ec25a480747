import colors from 'picocolors';
import type { StatusView } from '../triggers/api/status.js';
import type { ExecutionView, IntentView, PlanView, WaiverView } from '../triggers/api/views.js';
import { connect } from './client.js';
import { type CliContext, print } from './context.js';
import { describeExecution } from './history.js';
import { safe, safeLines, state, table } from './table.js';

export async function status(context: CliContext, intent: string | undefined): Promise<number> {
  const client = await connect(context);
  if (intent !== undefined) {
    print(
      context,
      await client.get<IntentDetail>(`/v1/intents/${encodeURIComponent(intent)}`),
      describeIntent,
    );
    return 0;
  }
  const view = await client.get<StatusView>('/v1/status');
  print(context, view, describeStatus);
  return 0;
}

export interface IntentDetail extends IntentView {
  readonly text: string | null;
  readonly body: string | null;
  readonly executions: readonly ExecutionView[];
  readonly waivers: readonly WaiverView[];
  readonly audit: readonly {
    readonly at: string;
    readonly actor: string;
    readonly action: string;
    readonly reason: string;
  }[];
}

export function describeStatus(view: StatusView): string {
  const sections = [
    view.repositories
      .map((repository) => {
        const problem = repository.problem === null ? '' : colors.red(` ${safe(repository.problem)}`);
        const files = repository.fileProblems
          .map((text) => `\n  ${colors.yellow('problem')} ${safe(text)}`)
          .join('');
        const stray = repository.notExecuted
          .map((file) => `\n  ${colors.red('not executed')} ${safe(file.path)}: ${safe(file.reason)}`)
          .join('');
        return `${safe(`${repository.id} (${repository.branch} ${repository.head?.slice(0, 12) ?? 'not read yet'})`)}${problem}${files}${stray}`;
      })
      .join('\n'),
    view.lanes.length === 0 ? 'Nothing is released yet.' : lanes(view),
    view.intents.length === 0 ? 'No intents: commit one to intents/.' : intents(view.intents),
    ...view.executions.map(describeExecution),
  ];
  if (view.incidents.stuck > 0)
    sections.push(colors.red(`${view.incidents.stuck} rollback(s) STUCK: commander incidents`));
  return sections.join('\n\n');
}

function lanes(view: StatusView): string {
  const rows = view.lanes.map((lane) => [
    safe(lane.environment),
    safe(lane.service),
    safe(lane.release?.version ?? '-'),
    lane.release === null ? '-' : state(lane.release.state),
    safe(lane.release?.address ?? '-'),
    safe(lane.lastKnownGood?.version ?? '-'),
    lane.watch === null ? (lane.holder === null ? '' : `execution ${lane.holder}`) : safe(lane.watch.reason),
  ]);
  return table(['ENVIRONMENT', 'SERVICE', 'VERSION', 'STATE', 'ADDRESS', 'LAST GOOD', ''], rows);
}

function intents(list: readonly IntentView[]): string {
  const rows = list.map((intent) => [
    safe(intent.name),
    state(intent.plan === null || intent.state !== 'planned' ? intent.state : intent.plan.status),
    safe(
      intent.plan !== null && intent.state === 'planned'
        ? `${intent.plan.title}${notes(intent.plan)}`
        : intent.detail.join(' '),
    ),
  ]);
  return table(['INTENT', 'STATE', ''], rows);
}

function notes({ reason, hold }: PlanView): string {
  return [reason, hold === null ? '' : `on hold, ${hold}`]
    .filter((note) => note !== '')
    .map((note) => ` (${note})`)
    .join('');
}

function howToApprove(intent: string, { url, branch }: PlanView): string {
  return url === null
    ? `commander approve ${intent}, or git merge ${branch ?? ''}`
    : `review and merge ${url}`;
}

export function describeIntent(intent: IntentDetail): string {
  const lines = [
    `${colors.bold(safe(intent.name))} ${state(intent.plan?.status ?? intent.state)} (${safe(intent.path)})`,
    ...intent.detail.map((detail) => `  ${safe(detail)}`),
  ];
  for (const { sop, by, reason, quote } of intent.waivers)
    lines.push(safe(`  waived: ${sop}, by ${by}: ${reason} ("${quote}")`));
  if (intent.plan !== null && intent.plan.reason !== '') lines.push(`  ${safe(intent.plan.reason)}`);
  if (intent.plan?.hold != null)
    lines.push(safe(`  on hold, ${intent.plan.hold}: commander resume ${intent.name} lets it go on`));
  if (intent.plan?.status === 'pending_approval')
    lines.push(safe(`  approve: ${howToApprove(intent.name, intent.plan)}`));
  if (intent.body !== null) lines.push('', safeLines(intent.body));
  for (const execution of intent.executions) lines.push(describeExecution(execution));
  if (intent.audit.length > 0)
    lines.push(
      '',
      colors.dim('Decisions'),
      ...intent.audit.map((entry) => safe(`  ${entry.at} ${entry.actor} ${entry.action}: ${entry.reason}`)),
    );
  return lines.join('\n');
}
