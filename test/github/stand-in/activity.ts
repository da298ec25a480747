import { isAncestor } from './history.js';
import type { RefChange } from './push-event.js';
import { noCommit } from './refs.js';
import type { Account, ActivityType, Repository } from './state.js';
import { now, type World } from './world.js';

/** What moved a branch that was there before and still is. */
export type Movement = Extract<ActivityType, 'push' | 'pr_merge' | 'merge_queue_merge'>;

/** Records who moved a branch; tags have no activity. */
export async function recordActivity(
  world: World,
  repository: Repository,
  change: RefChange,
  actor: Account,
  movement: Movement,
): Promise<void> {
  if (!change.ref.startsWith('refs/heads/')) return;
  const { ref, before, after } = change;
  const type = await typeOf(repository, change, movement);
  repository.activities.push({ id: world.nextId(), ref, before, after, type, actor, at: now() });
}

async function typeOf(
  repository: Repository,
  { before, after }: RefChange,
  movement: Movement,
): Promise<ActivityType> {
  if (before === noCommit) return 'branch_creation';
  if (after === noCommit) return 'branch_deletion';
  if (movement !== 'push') return movement;
  return (await isAncestor(repository, before, after)) ? 'push' : 'force_push';
}
