import type { Json } from '../reply.js';
import type { App, Installation, Token } from '../state.js';
import { nodeId, timestamp, type World } from '../world.js';
import { repositoryShape } from './repository.js';
import { simpleUser } from './user.js';

/** GitHub's `integration`: an App. */
export function integration(world: World, app: App): Json {
  return {
    id: app.id,
    client_id: `Iv1.${app.id}`,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: simpleUser(world, app.owner),
    name: app.slug,
    description: '',
    external_url: `${world.address.web}/apps/${app.slug}`,
    html_url: `${world.address.web}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationShape(world: World, installation: Installation): Json {
  const { app, account } = installation;
  return {
    id: installation.id,
    client_id: `Iv1.${app.id}`,
    account: simpleUser(world, account),
    repository_selection: 'selected',
    access_tokens_url: `${world.address.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.address.api}/installation/repositories`,
    html_url: `${world.address.web}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

export function installationToken(world: World, token: Token): Json {
  const repositories = [...(token.repositoryIds ?? [])].flatMap((id) => world.repositories.get(id) ?? []);
  return {
    token: token.value,
    expires_at: timestamp(token.expiresAt ?? 0),
    permissions: token.permissions,
    repository_selection: 'selected',
    repositories: repositories.map((repository) => repositoryShape(world, repository)),
  };
}
