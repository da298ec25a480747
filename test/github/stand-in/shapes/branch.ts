import type { Json } from '../reply.js';
import type { Repository } from '../state.js';
import { fullName, type World } from '../world.js';
import { commitShapeOf } from './commit.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';

/** GitHub's `short-branch`, as in lists. */
export function shortBranch(world: World, repository: Repository, name: string, sha: string): Json {
  const url = `${repositoryUrl(world, repository)}/commits/${sha}`;
  return { name, commit: { sha, url }, protected: repository.protections.has(name) };
}

/** GitHub's `branch-with-protection`. */
export async function branchShape(
  world: World,
  repository: Repository,
  name: string,
  sha: string,
): Promise<Json> {
  const url = `${repositoryUrl(world, repository)}/branches/${name}`;
  return {
    name,
    commit: await commitShapeOf(world, repository, sha),
    _links: { self: url, html: `${repositoryHtmlUrl(world, repository)}/tree/${name}` },
    protected: repository.protections.has(name),
    protection: protectionSummary(repository, name),
    protection_url: `${url}/protection`,
  };
}

function protectionSummary(repository: Repository, name: string): Json {
  const protection = repository.protections.get(name);
  const contexts = protection?.requiredChecks ?? [];
  const level = protection?.enforceAdmins === true ? 'everyone' : 'non_admins';
  return {
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level: contexts.length === 0 ? 'off' : level,
      contexts,
      checks: contexts.map((context) => ({ context, app_id: null })),
    },
  };
}

/** GitHub's `branch-protection`, for administrators. */
export function protectionShape(world: World, repository: Repository, name: string): Json {
  const protection = repository.protections.get(name);
  const url = `${repositoryUrl(world, repository)}/branches/${name}/protection`;
  const contexts = protection?.requiredChecks ?? [];
  const checks = {
    url: `${url}/required_status_checks`,
    strict: false,
    contexts,
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: contexts.map((context) => ({ context, app_id: null })),
  };
  const reviews = {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: protection?.dismissStale ?? false,
    require_code_owner_reviews: false,
    required_approving_review_count: protection?.requiredReviews ?? 0,
  };
  return {
    url,
    ...(contexts.length === 0 ? {} : { required_status_checks: checks }),
    ...(protection?.requiredReviews ? { required_pull_request_reviews: reviews } : {}),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection?.enforceAdmins ?? false },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  };
}

/** The rules that hold on a branch, as GitHub's rulesets show them. */
export function branchRules(repository: Repository, name: string): Json[] {
  const protection = repository.protections.get(name);
  if (protection === undefined) return [];
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repository),
    ruleset_id: repository.id,
  };
  const checks = {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: protection.requiredChecks.map((context) => ({ context })),
    },
  };
  const pull = {
    type: 'pull_request',
    parameters: {
      required_approving_review_count: protection.requiredReviews,
      dismiss_stale_reviews_on_push: protection.dismissStale,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
    },
  };
  const rules = [pull, ...(protection.requiredChecks.length === 0 ? [] : [checks])];
  return rules.map((rule) => ({ ...rule, ...source }));
}
