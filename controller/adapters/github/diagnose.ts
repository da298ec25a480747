import type { GitHubClient } from './client.js';
import { GitHubFailure, hasStatus } from './failures.js';

/** What the controller needs, and nothing more. https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
export const NEEDED_PERMISSIONS = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  statuses: 'write',
  checks: 'write',
  deployments: 'write',
} as const;

export interface Diagnosis {
  readonly ok: boolean;
  readonly detail: string;
}

/** Can everything be done in the repository that will have to be done? Changes nothing there. */
export async function diagnoseGitHub(client: GitHubClient, branch: string | null): Promise<Diagnosis> {
  const facts = await client.facts();
  const { login } = await client.actor();
  if (facts.archived)
    return { ok: false, detail: `${facts.fullName} is archived and read-only: unarchive it` };
  const missing = client.app === null ? await refusedWrites(client) : await missingOfApp(client);
  if (missing.length > 0)
    return {
      ok: false,
      detail: `${facts.fullName} as ${login}: missing ${missing.join(', ')}. Grant that in the settings of the ${client.app === null ? 'token' : 'App, and accept it in its installation'}`,
    };
  const renamed =
    facts.fullName.toLowerCase() === `${client.owner}/${client.repo}`.toLowerCase()
      ? ''
      : ` It is called ${facts.fullName} now: change GITHUB_REPOSITORY.`;
  return {
    ok: true,
    detail: `${facts.fullName} as ${login}, branch ${branch ?? facts.defaultBranch}.${renamed}`,
  };
}

/** An installation says what it may do. */
async function missingOfApp({ app, owner, repo }: GitHubClient): Promise<readonly string[]> {
  if (app === null) return [];
  const { data } = await app.rest.apps.getRepoInstallation({ owner, repo });
  if (data.suspended_at != null) return ['everything: the installation is suspended'];
  const granted = data.permissions as Readonly<Record<string, string | undefined>>;
  return Object.entries(NEEDED_PERMISSIONS)
    .filter(([name, level]) => granted[name] !== 'write' && granted[name] !== level)
    .map(([name, level]) => `${name}: ${level}`);
}

const NO_COMMIT = '0'.repeat(40);
const NO_ISSUE = 2_000_000_000;
const NO_BRANCH = 'commander/there-is-no-such-branch';

/**
 * A token does not say what it may do. So it is asked to do what cannot be done, on a commit and a branch that do not exist: who
 * may is told that they are not there (404, 409 or 422), who may not is told that (403).
 */
async function refusedWrites(client: GitHubClient): Promise<readonly string[]> {
  const at = { owner: client.owner, repo: client.repo };
  const rest = await client.rest();
  const probes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['contents: write', () => rest.git.createRef({ ...at, ref: `refs/heads/${NO_BRANCH}`, sha: NO_COMMIT })],
    [
      'pull_requests: write',
      () => rest.pulls.create({ ...at, head: NO_BRANCH, base: NO_BRANCH, title: 'commander doctor' }),
    ],
    [
      'statuses: write',
      () =>
        rest.repos.createCommitStatus({
          ...at,
          sha: NO_COMMIT,
          state: 'success',
          context: 'commander/doctor',
        }),
    ],
    ['deployments: write', () => rest.repos.createDeployment({ ...at, ref: NO_BRANCH, auto_merge: false })],
    [
      'issues: write',
      () => rest.issues.createComment({ ...at, issue_number: NO_ISSUE, body: 'commander doctor' }),
    ],
  ];
  const answers = await Promise.all(
    probes.map(async ([permission, probe]) => ((await isRefused(probe)) ? [permission] : [])),
  );
  return answers.flat();
}

async function isRefused(probe: () => Promise<unknown>): Promise<boolean> {
  try {
    await probe();
    return false;
  } catch (error) {
    if (hasStatus(error, 403)) return true;
    if (error instanceof GitHubFailure && hasStatus(error, 404, 409, 422)) return false;
    throw error;
  }
}
