import { atLeast, roleOf } from '../access.js';
import type { Caller } from '../caller.js';
import type { Json } from '../reply.js';
import type { Account, Repository, Role } from '../state.js';
import { fullName, nodeId, timestamp, type World } from '../world.js';
import { simpleUser } from './user.js';

const collections = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const;

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.address.api}/repos/${fullName(repository)}`;
}

export function repositoryHtmlUrl(world: World, repository: Repository): string {
  return `${world.address.web}/${fullName(repository)}`;
}

/** What GitHub shows of a repository inside other answers (`minimal-repository` and `simple-repository`). */
export function minimalRepository(world: World, repository: Repository): Json {
  const url = repositoryUrl(world, repository);
  const urls = Object.entries(collections).map(([key, path]) => [key, url + path]);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: simpleUser(world, repository.owner),
    html_url: repositoryHtmlUrl(world, repository),
    description: null,
    fork: repository.parentId !== undefined,
    url,
    ...Object.fromEntries(urls),
  };
}

/** GitHub's `repository`, as in pull requests and webhooks. */
export function repositoryShape(world: World, repository: Repository): Json {
  const html = repositoryHtmlUrl(world, repository);
  const openIssues = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  const forks = [...world.repositories.values()].filter((each) => each.parentId === repository.id).length;
  return {
    ...minimalRepository(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `${html.replace(/^http/, 'git')}.git`,
    ssh_url: `git@github.test:${fullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** GitHub's `full-repository`, as its own page shows it to the caller. */
export function fullRepository(world: World, repository: Repository, caller: Caller): Json {
  const parent = repository.parentId === undefined ? undefined : world.repositories.get(repository.parentId);
  const relatives =
    parent === undefined
      ? {}
      : { parent: repositoryShape(world, parent), source: repositoryShape(world, parent) };
  return {
    ...repositoryShape(world, repository),
    ...permissionsFor(repository, caller),
    ...relatives,
    ...organization(world, repository.owner),
    temp_clone_token: null,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
    network_count: 0,
    subscribers_count: 0,
  };
}

/** The form of push events, which count in seconds. */
export function pushedRepository(world: World, repository: Repository): Json {
  return {
    ...repositoryShape(world, repository),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    updated_at: timestamp(Date.parse(repository.pushedAt)),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

function organization(world: World, owner: Account): Json {
  return owner.type === 'Organization' ? { organization: simpleUser(world, owner) } : {};
}

function permissionsFor(repository: Repository, caller: Caller): Json {
  if (caller.kind !== 'user') return {};
  return { permissions: permissionFlags(roleOf(repository, caller.account.login)) };
}

/** The older form of a role, a flag for each level. */
export function permissionFlags(role: Role): Json {
  return {
    admin: role === 'admin',
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
}
