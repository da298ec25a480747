import { fenced } from '../domain/markdown.js';
import { redact } from '../domain/redact.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { ReportingNeeds } from './needs.js';
import { planComment } from './plan-comment.js';
import { gatherPlanFacts, type PlanFacts, type ReportedIncident } from './plan-facts.js';
import { deployments, headStatuses, mergeStatuses, planLabels } from './plan-statuses.js';

/** Brings what the forge shows of a plan up to date: statuses, the comment, labels, deployments, issues of incidents. */
export async function reportPlan(needs: ReportingNeeds, digest: string): Promise<void> {
  const record = await needs.store.plans.get(digest);
  const board = record === null ? undefined : needs.boards.get(record.repository);
  if (record === null || board === undefined || record.proposal?.number == null) return;
  const { number, head } = record.proposal;
  const facts = await gatherPlanFacts(needs.store, record);
  const url = board.pullUrl(number);
  const commit = record.approvedCommit ?? (await mergedIn(board, facts, number));
  // First what people wait for: the commit's statuses.
  const statuses = commit === null ? headStatuses(facts, head, url) : mergeStatuses(facts, commit, url);
  for (const status of statuses) await board.status(status);
  for (const view of deployments(facts)) await board.deployment(view);
  await board.comment(number, planComment(facts, board));
  await board.labels(number, planLabels(facts));
  for (const incident of facts.incidents) await openIssue(needs, board, incident, url);
}

/** Where the reason stands when a plan was merged and not run. */
async function mergedIn(board: ForgeBoard, { record }: PlanFacts, number: number): Promise<string | null> {
  if (record.statusReason === '') return null;
  const pull = await board.pull(number);
  return pull.merged ? pull.mergeCommit : null;
}

async function openIssue(
  { incidentLabel }: ReportingNeeds,
  board: ForgeBoard,
  { incident }: ReportedIncident,
  planUrl: string,
): Promise<void> {
  if (incidentLabel === null) return;
  const title = `Incident ${incident.id}: ${incident.service} ${incident.version} in ${incident.environment}`;
  const body = [
    `Rolled back by itself; the plan: ${planUrl}`,
    '',
    ...fenced('', redact(incident.reason)),
    '',
    'The timeline is kept up to date in the comment under the plan.',
  ].join('\n');
  await board.issue(`incident-${incident.id}`, title, body, incidentLabel);
}
