import type { Clock } from '../ports/clock.js';
import type { ForgeInbox, OpenPull } from '../ports/forge-inbox.js';
import type { Log } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { OpenPlan, Store } from '../ports/store.js';
import { pullSubject, reportJob } from '../reporting/subjects.js';
import { takeComments } from './comments.js';

export interface PullRequestNeeds {
  readonly repository: GitOpsRepository;
  readonly inbox: ForgeInbox;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly settlePlan: (digest: string) => Promise<void>;
  readonly reopen: (pull: { readonly number: number; readonly intent: string }) => Promise<void>;
  /** What a preview depends on besides the pull request. */
  readonly surroundings: () => Promise<string>;
  /** Kept from look to look. */
  readonly asked: AskedBefore;
}

/** What was asked for last, how it stood then, and when. */
export type AskedBefore = Map<string, { readonly stood: string; readonly at: number }>;

const OUR_BRANCHES = 'commander/';
const PROPOSED_BY_ITSELF_MS = 300_000;
/** What stands in a plan's way may end without a change of its pull request: a check, a review, a permission. */
const REASON_AGAIN_MS = 15_000;
const PREVIEW_AGAIN_MS = 60_000;

/** What changed on a forge since the last look; returns whether a plan waits there, so that the next look comes sooner. */
export async function lookAtPullRequests(needs: PullRequestNeeds): Promise<boolean> {
  const pulls = await needs.inbox.openPulls();
  const open = await needs.store.plans.open(needs.repository.id);
  await lookAtProposals(needs, pulls, open);
  await lookAtReopened(needs, pulls, open);
  await lookAtOthers(needs, pulls, open);
  await takeComments(needs);
  await lookAtMergeGroups(needs);
  return open.length > 0;
}

/** Plans whose pull request was merged, closed, edited or retargeted, or that something stood in the way of. */
async function lookAtProposals(
  needs: PullRequestNeeds,
  pulls: readonly OpenPull[],
  open: readonly OpenPlan[],
): Promise<void> {
  const byNumber = new Map(pulls.map((pull) => [pull.number, pull]));
  const now = needs.clock.now().getTime();
  for (const { digest, proposal, statusReason, createdAt } of open) {
    // A new plan's own job is about to propose it, however slowly; two at once would be in each other's way.
    if (proposal === null && now - createdAt.getTime() < PROPOSED_BY_ITSELF_MS) continue;
    const pull = proposal?.number == null ? undefined : byNumber.get(proposal.number);
    const asLeft = pull?.head === proposal?.head && pull?.base === needs.repository.branch;
    if (asLeft && statusReason === '') continue;
    const stood = `${pull?.head ?? 'over'} ${pull?.base ?? ''} ${statusReason}`;
    if (statusReason !== '' && !isDue(needs, digest, stood, REASON_AGAIN_MS)) continue;
    await onItself(needs, { plan: digest }, () => needs.settlePlan(digest));
  }
}

/** Whether it stands otherwise than when it was asked for, or that was long ago; then it is asked for now. */
function isDue({ asked, clock }: PullRequestNeeds, key: string, stood: string, againMs: number): boolean {
  const before = asked.get(key);
  const at = clock.now().getTime();
  if (before?.stood === stood && at - before.at < againMs) return false;
  asked.set(key, { stood, at });
  return true;
}

async function lookAtReopened(
  needs: PullRequestNeeds,
  pulls: readonly OpenPull[],
  open: readonly OpenPlan[],
): Promise<void> {
  const known = new Set(open.map(({ proposal }) => proposal?.number));
  for (const { number, branch, ownBranch } of pulls) {
    if (!ownBranch || !branch.startsWith(OUR_BRANCHES) || known.has(number)) continue;
    const reopened = { number, intent: branch.slice(OUR_BRANCHES.length) };
    await onItself(needs, { pull: number }, () => needs.reopen(reopened));
  }
}

/** What cannot be done for one of them is told on it, and tried again at the next look; the others go on. */
async function onItself({ log }: PullRequestNeeds, what: object, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    log.error({ ...what, error: problem }, 'cannot look at it; tried again');
  }
}

/** Pull requests that carry no plan: read once for each head, and again when what they are read against has changed. */
async function lookAtOthers(
  needs: PullRequestNeeds,
  pulls: readonly OpenPull[],
  open: readonly OpenPlan[],
): Promise<void> {
  const { store, repository } = needs;
  const surroundings = await needs.surroundings();
  const plans = new Set(open.map(({ proposal }) => proposal?.number));
  for (const { number, head, branch, base, ownBranch } of pulls) {
    if (base !== repository.branch || plans.has(number)) continue;
    // Anybody may call a branch as ours are called.
    const maybeOurs = ownBranch && branch.startsWith(OUR_BRANCHES);
    if (maybeOurs && (await store.plans.ofProposal(repository.id, number)) !== null) continue;
    const id = pullSubject(repository.id, number);
    const seen = await store.forge.note(repository.id, `preview:${number}`);
    const stood = previewedAs(head, surroundings);
    if (seen?.remoteId === stood || !isDue(needs, id, stood, PREVIEW_AGAIN_MS)) continue;
    await store.transaction((tx) =>
      tx.write.job({ task: 'preview-pull-request', id, queue: null, runAt: null, priority: 5 }),
    );
  }
}

export function previewedAs(head: string, surroundings: string): string {
  return `${head} ${surroundings}`;
}

/** A merge queue waits for our checks on a commit of its own. What was shown there already is not written again. */
async function lookAtMergeGroups({ inbox, store, repository }: PullRequestNeeds): Promise<void> {
  const groups = await inbox.mergeGroups();
  if (groups.length === 0) return;
  await store.transaction(async (tx) => {
    for (const { commit, pull } of groups)
      await tx.write.job(reportJob(`group:${repository.id}#${pull}@${commit}`));
  });
}
