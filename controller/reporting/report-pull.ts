import type { PullPreview } from '../domain/records.js';
import { attemptAll } from './attempt-all.js';
import { previewComment } from './intent-comment.js';
import { annotations, isBad, lineVerdict, previewVerdict } from './intent-view.js';
import type { ReportingNeeds } from './needs.js';
import { gatherPlanFacts } from './plan-facts.js';
import { headStatuses } from './plan-statuses.js';
import { reportIntent } from './report-intent.js';
import { reportPlan } from './report-plan.js';

const COMMANDS = 5;

/** Where the preview of a pull request is kept until it is shown. */
export function previewKey(number: number): string {
  return `preview:${number}`;
}

/** Brings one pull request up to date, whatever it is: a plan's, one that brings intents, or one that brought some. */
export async function reportPull(needs: ReportingNeeds, subject: string): Promise<void> {
  const [, repository, digits] = /^(.*)#(\d+)$/.exec(subject) ?? [];
  const board = needs.boards.get(repository ?? '');
  if (repository === undefined || digits === undefined || board === undefined) return;
  const number = Number(digits);
  const plan = await needs.store.plans.ofProposal(repository, number);
  if (plan !== null) return reportPlan(needs, plan.digest);
  const note = await needs.store.forge.note(repository, previewKey(number));
  if (note === null) return;
  const preview = JSON.parse(note.content) as PullPreview;
  const pull = await board.pull(number);
  if (pull.merged) {
    for (const { name } of preview.intents) await reportIntent(needs, name);
    return;
  }
  const verdict = previewVerdict(preview.intents);
  const commands = await needs.store.forge.commandsOf(repository, number, COMMANDS);
  const commented = (await needs.store.forge.note(repository, `comment:${number}`)) !== null;
  const silent = preview.intents.length === 0 && commands.length === 0 && !commented;
  const comment = previewComment(preview.intents, commands);
  const shown = preview.intents.map(({ path, outcome, detail }) => ({ path, bad: isBad(outcome), detail }));
  await attemptAll([
    () => board.status({ commit: preview.head, context: 'commander/intent', url: pull.url, ...verdict }),
    async () => {
      if (!silent) await board.comment(number, comment);
    },
    () =>
      board.lines({
        commit: preview.head,
        ...lineVerdict(verdict),
        summary: comment,
        annotations: annotations(shown),
        commented: true,
      }),
  ]);
}

/** A merge queue waits for our checks on a commit of its own: they are those of the pull request. `<repository>#<n>@<commit>` */
export async function reportMergeGroup(needs: ReportingNeeds, subject: string): Promise<void> {
  const [, repository = '', digits = '', commit = ''] = /^(.*)#(\d+)@([0-9a-f]{40})$/.exec(subject) ?? [];
  const board = needs.boards.get(repository);
  if (board === undefined) return;
  const number = Number(digits);
  const url = board.pullUrl(number);
  const plan = await needs.store.plans.ofProposal(repository, number);
  if (plan !== null) {
    const facts = await gatherPlanFacts(needs.store, plan);
    for (const status of headStatuses(facts, commit, url)) await board.status(status);
    return;
  }
  const note = await needs.store.forge.note(repository, previewKey(number));
  const preview = note === null ? null : (JSON.parse(note.content) as PullPreview);
  const pull = await board.pull(number);
  const verdict =
    preview?.head === pull.head
      ? previewVerdict(preview.intents)
      : { state: 'pending' as const, description: 'is being read' };
  await board.status({ commit, context: 'commander/intent', url, ...verdict });
}
