import type { Repository } from './state.js';
import type { World } from './world.js';

/** The repository that an owner has of the same family: a fork, or what it was forked from. */
export function findFork(world: World, repository: Repository, owner: string): Repository | undefined {
  const root = repository.parentId ?? repository.id;
  for (const candidate of world.repositories.values()) {
    const family = candidate.id === root || candidate.parentId === root;
    if (family && candidate.owner.login.toLowerCase() === owner.toLowerCase()) return candidate;
  }
  return undefined;
}
