import { createPublicKey } from 'node:crypto';
import type { Api } from './http.js';
import { addAccount } from './repositories.js';
import { installationShape } from './shapes/app.js';
import { minimalRepository } from './shapes/repository.js';
import type { Account, App, Installation, Permissions, Repository } from './state.js';
import { now } from './world.js';

export interface NewApp {
  readonly slug: string;
  readonly appId: number;
  /** PEM; the stand-in keeps the public half. */
  readonly privateKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** Where the App gets its webhooks. */
  readonly webhook?: { readonly url: string; readonly secret: string };
}

export function addApp(api: Api, options: NewApp): App {
  const { world } = api;
  const { slug, appId, permissions, events, webhook } = options;
  const publicKey = createPublicKey(options.privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const createdAt = now();
  const hook =
    webhook === undefined ? undefined : { id: world.nextId(), ...webhook, events, createdAt, appId };
  const app: App = {
    id: appId,
    slug,
    publicKey,
    permissions: { metadata: 'read', ...permissions },
    events,
    owner: world.accounts.get(`${slug}-owner`) ?? addAccount(world, `${slug}-owner`, 'User', null, null),
    bot: addAccount(world, `${slug}[bot]`, 'Bot', slug, null),
    hook,
    createdAt,
  };
  world.apps.set(appId, app);
  return app;
}

/** Installs the App on a repository; repositories of one owner share an installation. */
export function installApp(api: Api, appId: number, repository: Repository): number {
  const { world } = api;
  const app = world.apps.get(appId);
  if (app === undefined) throw new Error(`There is no App ${appId}: add it with addApp first.`);
  const known = [...world.installations.values()].find(
    (each) => each.app === app && each.account === repository.owner,
  );
  if (known !== undefined) {
    known.repositoryIds.add(repository.id);
    return known.id;
  }
  const installation: Installation = {
    id: world.nextId(),
    app,
    account: repository.owner,
    repositoryIds: new Set([repository.id]),
    createdAt: now(),
  };
  world.installations.set(installation.id, installation);
  announce(api, installation, 'created', repository.owner);
  return installation.id;
}

/** Takes the App off its repositories: its tokens are refused from now on. */
export function uninstallApp(api: Api, installationId: number): void {
  const { world } = api;
  const installation = world.installations.get(installationId);
  if (installation === undefined) throw new Error(`There is no installation ${installationId}.`);
  announce(api, installation, 'deleted', installation.account);
  world.installations.delete(installationId);
  for (const [value, token] of world.tokens)
    if (token.installation === installation) world.tokens.delete(value);
}

/** Makes every installation token that was given out so far expire. */
export function expireTokens(api: Api): void {
  for (const token of api.world.tokens.values()) if (token.installation !== undefined) token.expiresAt = 0;
}

function announce(api: Api, installation: Installation, action: string, sender: Account): void {
  const { world } = api;
  const repositories = [...installation.repositoryIds].flatMap((id) => world.repositories.get(id) ?? []);
  const brief = (repository: Repository) => {
    const { id, node_id, name, full_name } = minimalRepository(world, repository);
    return { id, node_id, name, full_name, private: repository.private };
  };
  const payload = {
    action,
    installation: installationShape(world, installation),
    repositories: repositories.map(brief),
    requester: null,
  };
  api.events.emitInstallation(installation, sender, payload);
}
