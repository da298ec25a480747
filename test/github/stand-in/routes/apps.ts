import type { Caller } from '../caller.js';
import { jsonObject, listField, textList } from '../fields.js';
import { page, paged } from '../pages.js';
import { created, found, ok, type Reply, refuse } from '../reply.js';
import { type Call, type RepositoryCall, repositoryRoute, route } from '../router.js';
import { installationShape, installationToken, integration } from '../shapes/app.js';
import { repositoryShape } from '../shapes/repository.js';
import type { App, Installation, Permissions, Token } from '../state.js';
import { newToken } from '../world.js';

const hour = 3_600_000;

export const appRoutes = [
  route('GET /app', getApp),
  route('GET /app/installations', listInstallations),
  route('GET /app/installations/{installation}', getInstallation),
  route('POST /app/installations/{installation}/access_tokens', createToken),
  route('GET /installation/repositories', listRepositories),
];

/** What an App asks about a repository with its own key, before it has a token. */
export const appRepositoryRoutes = [
  repositoryRoute('GET /installation', 'app', [], getRepositoryInstallation),
];

async function getApp(call: Call): Promise<Reply> {
  return ok(integration(call.world, appOf(call.caller)));
}

async function listInstallations(call: Call): Promise<Reply> {
  const app = appOf(call.caller);
  const own = [...call.world.installations.values()].filter((each) => each.app.id === app.id);
  return paged(call, own, (installation) => installationShape(call.world, installation));
}

async function getInstallation(call: Call): Promise<Reply> {
  return ok(installationShape(call.world, installationOf(call)));
}

async function getRepositoryInstallation(call: RepositoryCall): Promise<Reply> {
  const app = appOf(call.caller);
  const own = [...call.world.installations.values()].find(
    (each) => each.app.id === app.id && each.repositoryIds.has(call.repository.id),
  );
  return ok(installationShape(call.world, found(own)));
}

async function createToken(call: Call): Promise<Reply> {
  const installation = installationOf(call);
  const token: Token = {
    value: newToken('ghs_'),
    account: installation.app.bot,
    installation,
    permissions: permissionsAsked(call, installation.app),
    repositoryIds: repositoriesAsked(call, installation),
    expiresAt: Date.now() + hour,
  };
  call.world.tokens.set(token.value, token);
  return created(installationToken(call.world, token));
}

function permissionsAsked(call: Call, app: App): Permissions {
  if (call.body.permissions === undefined) return app.permissions;
  const asked = Object.entries(jsonObject(call.body.permissions));
  const tooMuch = asked.some(([name, level]) => {
    const granted = app.permissions[name] ?? (name === 'metadata' ? 'read' : undefined);
    return granted === undefined || (level === 'write' && granted === 'read');
  });
  if (tooMuch) throw refuse(422, 'The permissions requested are not granted to this installation.');
  return { ...(Object.fromEntries(asked) as Permissions), metadata: 'read' };
}

function repositoriesAsked(call: Call, installation: Installation): ReadonlySet<number> {
  const names = textList(call.body, 'repositories');
  const ids = listField(call.body, 'repository_ids');
  if (names === undefined && ids === undefined) return installation.repositoryIds;
  const installed = [...installation.repositoryIds].flatMap((id) => call.world.repositories.get(id) ?? []);
  const byName = (names ?? []).map((name) =>
    installed.find((each) => each.name.toLowerCase() === name.toLowerCase()),
  );
  const byId = (ids ?? []).map((id) => installed.find((each) => each.id === id));
  const asked = [...byName, ...byId].map((repository) => repository?.id);
  if (asked.includes(undefined)) {
    throw refuse(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return new Set(asked.filter((id) => id !== undefined));
}

async function listRepositories(call: Call): Promise<Reply> {
  const { world, caller } = call;
  if (caller.kind !== 'installation')
    throw refuse(403, 'You must authenticate with an installation access token.');
  const all = [...caller.repositoryIds].flatMap((id) => world.repositories.get(id) ?? []);
  const { items, headers } = page(call, all);
  const repositories = items.map((repository) => repositoryShape(world, repository));
  return {
    status: 200,
    body: { total_count: all.length, repository_selection: 'selected', repositories },
    headers,
  };
}

function installationOf(call: Call): Installation {
  const app = appOf(call.caller);
  const installation = found(call.world.installations.get(Number(call.parameters.installation)));
  if (installation.app.id !== app.id) throw refuse(404, 'Not Found');
  return installation;
}

function appOf(caller: Caller): App {
  if (caller.kind !== 'app') throw refuse(401, 'A JSON web token could not be decoded');
  return caller.app;
}
