import { commitsBetween, mergeBase } from './objects.js';
import type { Pull, Repository } from './state.js';

/** Where the changes of a pull request start: the newest commit that both branches have. */
export async function startOf(repository: Repository, pull: Pull): Promise<string> {
  return (await mergeBase(repository.gitDir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
}

/** The commits of a pull request, oldest first. */
export async function pullCommits(repository: Repository, pull: Pull): Promise<string[]> {
  return commitsBetween(repository.gitDir, pull.baseSha, pull.headSha);
}
