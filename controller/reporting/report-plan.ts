import { fenced } from '../domain/markdown.js';
import { redact } from '../domain/redact.js';
import type { ForgeBoard, PullView } from '../ports/forge-board.js';
import { hasFile } from '../ports/has-file.js';
import { attemptAll } from './attempt-all.js';
import type { ReportingNeeds } from './needs.js';
import { planComment } from './plan-comment.js';
import { gatherPlanFacts, type PlanFacts, type ReportedIncident } from './plan-facts.js';
import { deployments, headStatuses, mergeStatuses, planLabels } from './plan-statuses.js';

/** Brings what the forge shows of a plan up to date: statuses, the comment, labels, deployments, issues of incidents. */
export async function reportPlan(needs: ReportingNeeds, digest: string): Promise<void> {
  const record = await needs.store.plans.get(digest);
  const board = record === null ? undefined : needs.boards.get(record.repository);
  if (record === null || board === undefined || record.proposal?.number == null) return;
  const { number } = record.proposal;
  const facts = await gatherPlanFacts(needs.store, record);
  const url = board.pullUrl(number);
  const odd = record.statusReason === '' ? null : await board.pull(number);
  const commit = record.approvedCommit ?? (odd === null ? null : await broughtIn(needs, facts, odd));
  // First what people wait for: the commit's statuses.
  const brought = commit === null ? [] : mergeStatuses(facts, commit, url);
  // What does not hold is said on the head as it is, which may be somebody's edit.
  const atHead = headStatuses(facts, odd?.head ?? record.proposal.head, url);
  const statuses = record.approvedCommit === null ? [...brought, ...atHead] : brought;
  await attemptAll([
    ...statuses.map((status) => () => board.status(status)),
    ...deployments(facts).map((view) => () => board.deployment(view)),
    () => board.comment(number, planComment(facts, board)),
    () => board.labels(number, planLabels(facts)),
    ...facts.incidents.map((incident) => () => openIssue(needs, board, incident, url)),
  ]);
}

/** Where the reason stands when a plan's file is on the protected branch and is not run: the commit that brought it. */
async function broughtIn(
  { repositories }: ReportingNeeds,
  { record }: PlanFacts,
  pull: PullView,
): Promise<string | null> {
  if (pull.merged) return pull.mergeCommit;
  const repository = repositories.get(record.repository);
  const head = await repository?.head();
  if (repository === undefined || head == null) return null;
  if (!(await hasFile(repository, head, record.path, record.file))) return null;
  return (await repository.introducedBy(head, record.path))?.oid ?? null;
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
