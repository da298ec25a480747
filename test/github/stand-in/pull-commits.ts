import { commitsBetween, mergeBase } from './history.js';
import type { Pull, Repository } from './state.js';

/** Where the changes of a pull request start: the newest commit that both branches have. */
export async function startOf(repository: Repository, pull: Pull): Promise<string> {
  return (await mergeBase(repository, pull.baseSha, pull.headSha)) ?? pull.baseSha;
}

/** The commits of a pull request, oldest first. */
export async function pullCommits(repository: Repository, pull: Pull): Promise<readonly string[]> {
  return commitsBetween(repository, pull.baseSha, pull.headSha);
}
