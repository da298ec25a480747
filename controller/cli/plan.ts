import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { IntentDocument } from '../domain/intent.js';
import { formatProblem } from '../domain/problem.js';
import { parseIntent } from '../planning/documents/intent.js';
import { renderPlan } from '../planning/documents/plan.js';
import { planBody } from '../planning/plan-body.js';
import type { PlanningResult } from '../planning/planner.js';
import { describeQuestion } from '../planning/reconcile.js';
import { connect } from './client.js';
import { type CliContext, CliError, print } from './context.js';
import { safe, safeLines } from './table.js';

const EXIT: Readonly<Record<PlanningResult['kind'], number>> = {
  plan: 0,
  blocked: 6,
  question: 4,
  refused: 5,
  waiting: 1,
};

/** A dry run: the whole plan as it would be proposed now, against what runs now. Nothing is written. */
export async function plan(context: CliContext, fileOrText: string): Promise<number> {
  const document = await readDocument(context, fileOrText);
  const result = await planWith(context, document);
  print(context, result, describe);
  return EXIT[result.kind];
}

async function planWith(context: CliContext, document: IntentDocument): Promise<PlanningResult> {
  const client = await connect(context).catch(() => null);
  if (client !== null) return client.post<PlanningResult>('/v1/plan', document);
  context.err('No controller runs here: planned as if nothing were released yet.');
  const { planOffline } = await import('../app/dry-run.js');
  return planOffline(context.config(), context.env, document);
}

async function readDocument(context: CliContext, fileOrText: string): Promise<IntentDocument> {
  const bytes = await readFile(resolve(context.cwd, fileOrText)).catch(() => null);
  if (bytes === null) {
    if (/\.ya?ml$/i.test(fileOrText)) throw new CliError(`There is no file ${fileOrText}`, 2);
    return { name: 'dry-run', spec: { text: fileOrText, suspend: false } };
  }
  const parsed = parseIntent({ path: basename(fileOrText), kind: 'file', bytes });
  if (!parsed.ok) throw new CliError(parsed.problems.map(formatProblem).join('\n'));
  return parsed.document;
}

export function describe(result: PlanningResult): string {
  switch (result.kind) {
    case 'plan':
      return safeLines(`${planBody(result.plan)}\n${renderPlan(result.plan)}`);
    case 'blocked':
      return `Blocked:\n${result.reasons.map((reason) => `- ${safe(reason)}`).join('\n')}\n\n${safeLines(planBody(result.plan))}`;
    case 'question':
      return `A question:\n${result.questions.map((question) => `- ${safe(describeQuestion(question))}`).join('\n')}`;
    case 'refused':
      return `Refused: ${safe(result.reason)}`;
    case 'waiting':
      return `Cannot be planned now: ${safe(result.reason)}`;
  }
}
