import type { Json } from '../reply.js';
import type { Hook, Repository } from '../state.js';
import type { World } from '../world.js';
import { repositoryUrl } from './repository.js';

/** GitHub's `hook`; secrets are shown as stars. */
export function hookShape(world: World, repository: Repository, hook: Hook): Json {
  const url = `${repositoryUrl(world, repository)}/hooks/${hook.id}`;
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: true,
    events: hook.events,
    config: {
      content_type: 'json',
      insecure_ssl: '0',
      url: hook.url,
      ...(hook.secret === '' ? {} : { secret: '********' }),
    },
    updated_at: hook.createdAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { code: null, status: 'unused', message: null },
  };
}
