import type { Json } from '../reply.js';
import type { Account, Repository } from '../state.js';
import { nodeId, type World } from '../world.js';

/** GitHub's `simple-user`. */
export function simpleUser(world: World, account: Account): Json {
  const url = `${world.address.api}/users/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Bot' ? 'BOT' : 'U', account.id),
    avatar_url: `${world.address.web}/avatars/u/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.address.web}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** GitHub's `public-user`: what everybody sees of an account. */
export function publicUser(world: World, account: Account): Json {
  return {
    ...simpleUser(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** GitHub's `private-user`: what the account itself sees. */
export function privateUser(world: World, account: Account): Json {
  return {
    ...publicUser(world, account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

/** How somebody belongs to a repository, as shown beside what they wrote. */
export function authorAssociation(repository: Repository, account: Account): string {
  if (account.login.toLowerCase() === repository.owner.login.toLowerCase()) return 'OWNER';
  const role = repository.roles.get(account.login.toLowerCase()) ?? 'none';
  if (role === 'none') return 'NONE';
  return repository.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
}
