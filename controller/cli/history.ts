import colors from 'picocolors';
import { formatDuration } from '../domain/duration.js';
import type { ExecutionView, StepView } from '../triggers/api/views.js';
import { connect } from './client.js';
import { type CliContext, print } from './context.js';
import { safe, state } from './table.js';

export async function history(
  context: CliContext,
  service: string | undefined,
  options: { readonly limit: number; readonly output?: boolean },
): Promise<number> {
  const client = await connect(context);
  const of = service === undefined ? '' : `&service=${encodeURIComponent(service)}`;
  const executions = await client.get<readonly ExecutionView[]>(`/v1/executions?limit=${options.limit}${of}`);
  const describe = options.output === true ? describeWithOutput : describeExecution;
  print(context, executions, (list) =>
    list.length === 0 ? 'Nothing was executed yet.' : list.map(describe).join('\n\n'),
  );
  return 0;
}

export function describeExecution(execution: ExecutionView): string {
  return [heading(execution), ...execution.steps.map(stepLine)].join('\n');
}

function describeWithOutput(execution: ExecutionView): string {
  const steps = execution.steps.flatMap((step) => [stepLine(step), ...outputLines(step)]);
  return [heading(execution), ...steps].join('\n');
}

function heading(execution: ExecutionView): string {
  const what = execution.kind === 'plan' ? execution.action : execution.kind;
  const reason = execution.reason === '' ? '' : `: ${safe(execution.reason)}`;
  return `${colors.bold(`#${execution.id}`)} ${safe(`${what} ${execution.service} (${execution.environments.join(', ')})`)} ${state(execution.status)} ${colors.dim(execution.createdAt)}${reason}`;
}

function stepLine(step: StepView): string {
  const took =
    step.startedAt === null || step.finishedAt === null
      ? ''
      : ` ${formatDuration((Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000)}`;
  return `  ${safe(step.environment).padEnd(12)} ${safe(step.step).padEnd(12)} ${state(step.status)}${colors.dim(took)} ${safe(step.detail)}`;
}

function outputLines(step: StepView): readonly string[] {
  return step.output === '' ? [] : step.output.split('\n').map((line) => colors.dim(`    | ${safe(line)}`));
}
