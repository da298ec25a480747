import type { GitHubClient } from './client.js';
import type { Check } from './decide-approval.js';
import { isUnknownThere } from './failures.js';

const OUR_CHECKS = 'commander/';
const EVERY_PAGE = 100;

export interface RequiredNeeds {
  readonly client: GitHubClient;
  readonly repository: { readonly branch: string };
  readonly policy: () => Promise<{ readonly requiredChecks: readonly string[] }>;
}

/** Of the policy, of branch protection and of rulesets; ours are never asked for, for they wait for the approval themselves. */
export async function requiredNames({
  client,
  repository,
  policy,
}: RequiredNeeds): Promise<readonly string[]> {
  const [{ requiredChecks }, ofBranch] = await Promise.all([
    policy(),
    checksOfBranch(client, repository.branch),
  ]);
  return [...new Set([...requiredChecks, ...ofBranch])].filter((name) => !name.startsWith(OUR_CHECKS));
}

export async function readChecks(
  client: GitHubClient,
  ref: string,
  wanted: readonly string[],
): Promise<readonly Check[]> {
  if (wanted.length === 0) return [];
  const { owner, repo } = client;
  const octokit = await client.octokit();
  const asked = { owner, repo, ref, per_page: EVERY_PAGE };
  const [{ data: combined }, runs] = await Promise.all([
    octokit.rest.repos.getCombinedStatusForRef(asked),
    octokit.paginate(octokit.rest.checks.listForRef, asked),
  ]);
  return wanted.map((name) => {
    const status = combined.statuses.find(({ context }) => context === name)?.state;
    const run = runs.filter((one) => one.name === name).sort((left, right) => right.id - left.id)[0];
    return { name, state: stateOf(status, run) };
  });
}

function stateOf(
  status: string | undefined,
  run: { readonly status: string; readonly conclusion: string | null } | undefined,
): Check['state'] {
  if (run !== undefined) {
    if (run.status !== 'completed') return 'pending';
    return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'success' : 'failure';
  }
  if (status === undefined) return 'pending';
  return status === 'success' || status === 'pending' ? status : 'failure';
}

/** What branch protection and rulesets require. A server without rulesets answers 404. */
async function checksOfBranch(client: GitHubClient, branch: string): Promise<readonly string[]> {
  const { owner, repo } = client;
  const rest = await client.rest();
  const [{ data }, rules] = await Promise.all([
    rest.repos.getBranch({ owner, repo, branch }),
    rest.repos.getBranchRules({ owner, repo, branch, per_page: EVERY_PAGE }).then(
      (answer) => answer.data,
      (error: unknown) => {
        if (isUnknownThere(error)) return [];
        throw error;
      },
    ),
  ]);
  const ruled = rules.flatMap((rule) =>
    rule.type === 'required_status_checks'
      ? (rule.parameters?.required_status_checks ?? []).map(({ context }) => context)
      : [],
  );
  return [...(data.protection?.required_status_checks?.contexts ?? []), ...ruled];
}
