import type { Clock } from '../ports/clock.js';
import type { ForgeInbox, OpenPull } from '../ports/forge-inbox.js';
import type { Log } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';
import { pullSubject } from '../reporting/subjects.js';
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
}

const OUR_BRANCHES = 'commander/';
const PROPOSED_BY_ITSELF_MS = 300_000;

/** What changed on a forge since the last look; returns whether a plan waits there, so that the next look comes sooner. */
export async function lookAtPullRequests(needs: PullRequestNeeds): Promise<boolean> {
  const pulls = await needs.inbox.openPulls();
  const waiting = await lookAtProposals(needs, pulls);
  await lookAtOthers(needs, pulls);
  await takeComments(needs);
  await lookAtMergeGroups(needs);
  return waiting;
}

/** Plans whose pull request was merged, closed, edited, retargeted or opened again. */
async function lookAtProposals(needs: PullRequestNeeds, pulls: readonly OpenPull[]): Promise<boolean> {
  const { store, repository } = needs;
  const open = await store.plans.open(repository.id);
  const known = new Set<number>();
  for (const { digest } of open) {
    const plan = await store.plans.get(digest);
    if (plan?.proposal?.number != null) known.add(plan.proposal.number);
    if (plan === null) continue;
    const { proposal, statusReason, createdAt } = plan;
    // A new plan's own job is about to propose it, however slowly; two at once would be in each other's way.
    if (proposal === null && needs.clock.now().getTime() - createdAt.getTime() < PROPOSED_BY_ITSELF_MS)
      continue;
    const pull = pulls.find(({ number }) => number === proposal?.number);
    const asLeft = pull !== undefined && pull.head === proposal?.head && pull.base === repository.branch;
    if (!asLeft || statusReason !== '')
      await onItself(needs, { plan: digest }, () => needs.settlePlan(digest));
  }
  for (const { number, branch, ownBranch } of pulls) {
    if (!ownBranch || !branch.startsWith(OUR_BRANCHES) || known.has(number)) continue;
    const reopened = { number, intent: branch.slice(OUR_BRANCHES.length) };
    await onItself(needs, { pull: number }, () => needs.reopen(reopened));
  }
  return open.length > 0;
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

/** Pull requests of people: read once for each head, and again when what they are read against has changed. */
async function lookAtOthers(needs: PullRequestNeeds, pulls: readonly OpenPull[]): Promise<void> {
  const { store, repository } = needs;
  const surroundings = await needs.surroundings();
  for (const { number, head, branch, base, ownBranch } of pulls) {
    if (base !== repository.branch) continue;
    if (ownBranch && branch.startsWith(OUR_BRANCHES) && (await isOurs(needs, number, branch))) continue;
    const seen = await store.forge.note(repository.id, `preview:${number}`);
    if (seen?.remoteId === previewedAs(head, surroundings)) continue;
    const id = pullSubject(repository.id, number);
    await store.transaction((tx) =>
      tx.write.job({ task: 'preview-pull-request', id, queue: null, runAt: null, priority: 5 }),
    );
  }
}

/** A plan's or an incident's; anybody may call a branch as ours are called. */
async function isOurs(
  { store, repository }: PullRequestNeeds,
  number: number,
  branch: string,
): Promise<boolean> {
  if ((await store.plans.ofProposal(repository.id, number)) !== null) return true;
  const incident = /^commander\/incident-(\d+)$/.exec(branch)?.[1];
  const note =
    incident === undefined ? null : await store.forge.note(repository.id, `incident-pull:${incident}`);
  return note?.remoteId === String(number);
}

export function previewedAs(head: string, surroundings: string): string {
  return `${head} ${surroundings}`;
}

/** A merge queue waits for our checks on a commit of its own. */
async function lookAtMergeGroups({ inbox, store, repository }: PullRequestNeeds): Promise<void> {
  for (const { commit, pull } of await inbox.mergeGroups()) {
    const key = `merge-group:${commit}`;
    if ((await store.forge.note(repository.id, key)) !== null) continue;
    const id = `group:${repository.id}#${pull}@${commit}`;
    await store.transaction(async (tx) => {
      await tx.write.forgeNote(repository.id, key, { remoteId: String(pull), content: '' });
      await tx.write.job({ task: 'report', id, queue: 'report', runAt: null, priority: 0 });
    });
  }
}
