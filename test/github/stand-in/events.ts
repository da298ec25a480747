import type { Observer } from './observer.js';
import type { Json } from './reply.js';
import { hookShape } from './shapes/hook.js';
import { repositoryShape } from './shapes/repository.js';
import { simpleUser } from './shapes/user.js';
import type { Account, Hook, Installation, Repository } from './state.js';
import type { Courier } from './webhooks.js';
import { nodeId, type World } from './world.js';

/** Tells the hooks of a repository, and the Apps installed on it, what happened. */
export interface Events {
  /** False when nobody would hear of it: then its payload need not be made. */
  isHeard(repository: Repository, event: string): boolean;
  emit(repository: Repository, event: string, sender: Account, payload: Json): void;
  /** Tells an App that it was installed or removed. */
  emitInstallation(installation: Installation, sender: Account, payload: Json): void;
  /** Tells a new hook that it is there. */
  ping(repository: Repository, hook: Hook): void;
}

interface Listener {
  readonly hook: Hook;
  readonly installation: Installation | undefined;
}

export function createEvents(world: World, courier: Courier, observer: Observer | undefined): Events {
  const isHeard = (repository: Repository, event: string) =>
    observer !== undefined || listenersOf(world, repository, event).length > 0;
  return {
    isHeard,
    emit(repository, event, sender, payload) {
      const listeners = listenersOf(world, repository, event);
      if (!isHeard(repository, event)) return;
      const whole = completed(world, repository, sender, payload);
      observer?.webhook(event, JSON.parse(JSON.stringify(whole)));
      for (const { hook, installation } of listeners) {
        const body = installation === undefined ? whole : { ...whole, installation: brief(installation) };
        courier.send(repository, hook, event, JSON.stringify(body));
      }
    },
    emitInstallation(installation, sender, payload) {
      const whole = { ...payload, sender: simpleUser(world, sender) };
      observer?.webhook('installation', JSON.parse(JSON.stringify(whole)));
      const { hook } = installation.app;
      const [id] = installation.repositoryIds;
      const repository = world.repositories.get(id ?? 0);
      if (hook !== undefined && repository !== undefined) {
        courier.send(repository, hook, 'installation', JSON.stringify(whole));
      }
    },
    ping(repository, hook) {
      const payload = {
        zen: 'Keep it logically awesome.',
        hook_id: hook.id,
        hook: hookShape(world, repository, hook),
      };
      const whole = completed(world, repository, repository.owner, payload);
      observer?.webhook('ping', JSON.parse(JSON.stringify(whole)));
      courier.send(repository, hook, 'ping', JSON.stringify(whole));
    },
  };
}

function completed(world: World, repository: Repository, sender: Account, payload: Json): Json {
  const { owner } = repository;
  return {
    ...payload,
    repository: payload.repository ?? repositoryShape(world, repository),
    ...(owner.type === 'Organization' ? { organization: organizationShape(world, owner) } : {}),
    sender: simpleUser(world, sender),
  };
}

function listenersOf(world: World, repository: Repository, event: string): Listener[] {
  const wants = (hook: Hook) => hook.events.includes('*') || hook.events.includes(event);
  const own = repository.hooks.filter(wants).map((hook) => ({ hook, installation: undefined }));
  const ofApps = [...world.installations.values()].flatMap((installation) => {
    const { hook } = installation.app;
    if (hook === undefined || !installation.repositoryIds.has(repository.id)) return [];
    return wants(hook) ? [{ hook, installation }] : [];
  });
  return [...own, ...ofApps];
}

function brief(installation: Installation): Json {
  return { id: installation.id, node_id: nodeId('INSTALLATION', installation.id) };
}

function organizationShape(world: World, owner: Account): Json {
  const url = `${world.address.api}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId('O', owner.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.address.web}/avatars/u/${owner.id}`,
    description: null,
  };
}
