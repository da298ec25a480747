import type { ReportingNeeds } from './needs.js';
import { reportIntent } from './report-intent.js';
import { reportPlan } from './report-plan.js';
import { reportMergeGroup, reportPull } from './report-pull.js';

/** Brings what the forges show of a subject of the audit trail up to date. Repeating it changes nothing. */
export async function report(needs: ReportingNeeds, subject: string): Promise<void> {
  const colon = subject.indexOf(':');
  const rest = subject.slice(colon + 1);
  switch (subject.slice(0, colon)) {
    case 'plan':
      return reportPlan(needs, rest);
    case 'intent':
      return reportIntent(needs, rest);
    case 'pull':
      return reportPull(needs, rest);
    case 'group':
      return reportMergeGroup(needs, rest);
    case 'file':
      return reportStrayPlan(needs, subject);
    default:
      return;
  }
}

const LAST = 1000;

/** A plan file that is no approval: the reason stands on the commit that brought it. */
async function reportStrayPlan(needs: ReportingNeeds, subject: string): Promise<void> {
  const entries = await needs.store.audit.about(subject, LAST);
  const last = entries.filter(({ action }) => action === 'plan-file.refused').at(-1);
  const { repository: id, commit: seenAt } = last?.data ?? {};
  const board = needs.boards.get(String(id));
  const repository = needs.repositories.get(String(id));
  if (last === undefined || board === undefined || repository === undefined) return;
  const path = subject.slice('file:'.length);
  const brought = await repository.introducedBy(String(seenAt), path);
  if (brought === null) return;
  await board.status({
    commit: brought.oid,
    context: 'commander/plan',
    state: 'failure',
    description: last.reason,
    url: board.fileUrl(brought.oid, path, null),
  });
}
