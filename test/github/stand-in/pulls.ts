import {
  lastMergeability,
  mergeabilityOf,
  trialIsStale,
  tryMerge,
  unknownMergeability,
} from './mergeability.js';
import type { Json } from './reply.js';
import type { Call } from './router.js';
import { fullPull } from './shapes/pull.js';
import type { Account, PullIssue, Repository } from './state.js';
import { now } from './world.js';

type Context = Pick<Call, 'world' | 'events'>;

/** Emits a pull_request event with the pull request as it is now. */
export async function announcePull(
  context: Context,
  repository: Repository,
  pull: PullIssue,
  action: string,
  by: Account,
  more: Json = {},
): Promise<void> {
  if (!context.events.isHeard(repository, 'pull_request')) return;
  const shape = await fullPull(context.world, repository, pull, lastMergeability(repository, pull));
  const payload = { action, number: pull.number, ...more, pull_request: shape };
  context.events.emit(repository, 'pull_request', by, payload);
}

/** The pull request as its own page shows it, with mergeability computed. */
export async function shownPull(
  context: Context & Pick<Call, 'faults'>,
  repository: Repository,
  pull: PullIssue,
): Promise<Json> {
  if (
    context.faults.mergeable() === 'later' &&
    pull.state === 'open' &&
    (await trialIsStale(repository, pull))
  ) {
    await tryMerge(repository, pull);
    return fullPull(context.world, repository, pull, unknownMergeability);
  }
  return fullPull(context.world, repository, pull, await mergeabilityOf(repository, pull));
}

/** Closes it (merged when `merged` was set before) and tells so. */
export async function closePull(
  context: Context,
  repository: Repository,
  pull: PullIssue,
  by: Account,
): Promise<void> {
  pull.state = 'closed';
  pull.closedAt = pull.pull.merged?.at ?? now();
  pull.closedBy = by;
  pull.updatedAt = pull.closedAt;
  await announcePull(context, repository, pull, 'closed', by);
}

export async function reopenPull(
  context: Context,
  repository: Repository,
  pull: PullIssue,
  by: Account,
): Promise<void> {
  pull.state = 'open';
  pull.closedAt = null;
  pull.closedBy = null;
  pull.updatedAt = now();
  await announcePull(context, repository, pull, 'reopened', by);
}
