import type { GitHubClient } from './client.js';

const EVERY_PAGE = 100;

/** Merged pull requests that a commit of the protected branch is part of. */
export async function mergedPullsOf(
  client: GitHubClient,
  commit: string,
): Promise<readonly { readonly number: number; readonly login: string | null }[]> {
  const { owner, repo } = client;
  const asked = { owner, repo, commit_sha: commit, per_page: EVERY_PAGE };
  const { data } = await (await client.rest()).repos.listPullRequestsAssociatedWithCommit(asked);
  return data
    .filter(({ merged_at }) => merged_at !== null)
    .map(({ number, user }) => ({ number, login: user?.login ?? null }));
}
