import { type CompileSopsNeeds, compileSops } from '../planning/advisor/compile-sops.js';
import { type HoldSopsNeeds, holdSops } from '../planning/knowledge/hold-sops.js';
import { planOpenAgain } from '../planning/plan-again.js';
import type { WorldReader } from '../planning/world.js';
import type { Clock } from '../ports/clock.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';

export interface LearnNeeds extends HoldSopsNeeds, CompileSopsNeeds {
  readonly store: Store;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly worlds: WorldReader;
  readonly clock: Clock;
}

/** What is missing (a model, an embedder or a server is away) is looked for again after that long. */
const AGAIN_MS = 60_000;

/**
 * The SOPs of a repository changed: what is searched follows them, and a model may compile what the rules could not. Nothing waits for it.
 * Repeating it changes nothing.
 */
export async function learnSops(needs: LearnNeeds, id: string, signal: AbortSignal): Promise<void> {
  const repository = needs.repositories.get(id);
  const head = await repository?.head();
  if (repository === undefined || !head) return;
  const read = await needs.worlds.read(repository, head);
  if (!read.ok) return;
  const { without } = await holdSops(needs, id, read.world, signal);
  const { changed, again } = await compileSops(needs, id, read.world, signal);
  if (changed) await planOpenAgain(needs.store, id);
  if (!again && without.length === 0) return;
  const runAt = new Date(needs.clock.now().getTime() + AGAIN_MS);
  await needs.store.transaction((tx) =>
    tx.write.job({ task: 'learn-sops', id, queue: null, runAt, priority: 10 }),
  );
}
