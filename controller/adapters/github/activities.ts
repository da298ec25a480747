import { type GitOpsRepository, ObjectMissing } from '../../ports/repositories.js';
import type { GitHubClient } from './client.js';
import { isUnknownThere } from './failures.js';

/** A change of a branch, by whoever is known to have made it: unlike a commit's author, that cannot be made up. */
export interface Activity {
  readonly login: string;
  readonly before: string;
  readonly after: string;
}

const EVERY_PAGE = 100;
const NOTHING = /^0+$/;

/**
 * The last changes of a branch, newest first; null where the server does not tell (older Enterprise Servers).
 * https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
export async function activitiesOf(
  client: GitHubClient,
  branch: string,
): Promise<readonly Activity[] | null> {
  const { owner, repo } = client;
  try {
    const asked = { owner, repo, ref: `refs/heads/${branch}`, per_page: EVERY_PAGE };
    const { data } = await (await client.rest()).repos.listActivities(asked);
    return data.flatMap(({ actor, before, after }) =>
      actor == null || NOTHING.test(after) ? [] : [{ login: actor.login, before, after }],
    );
  } catch (error) {
    if (isUnknownThere(error)) return null;
    throw error;
  }
}

/** Who brought a commit to a branch; null when that was not among the changes. */
export async function broughtThere(
  repository: GitOpsRepository,
  activities: readonly Activity[],
  commit: string,
): Promise<string | null> {
  for (const { login, before, after } of activities)
    if (after === commit || (await isBetween(repository, commit, before, after))) return login;
  return null;
}

async function isBetween(
  repository: GitOpsRepository,
  commit: string,
  before: string,
  after: string,
): Promise<boolean> {
  try {
    if (!(await repository.contains(after, commit))) return false;
    return NOTHING.test(before) || !(await repository.contains(before, commit));
  } catch (error) {
    // Forced away since.
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}
