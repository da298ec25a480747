import { requireAccess } from './access.js';
import type { Caller } from './caller.js';
import type { Events } from './events.js';
import type { Faults } from './faults.js';
import { jsonObject } from './fields.js';
import type { Lock } from './lock.js';
import type { RateLimits } from './rate-limit.js';
import { notFound, Refusal, type Reply } from './reply.js';
import { type Call, findRoute } from './router.js';
import { routes, routesOfRepositories } from './routes/index.js';
import type { Repository } from './state.js';
import { findRepository, fullName, type World } from './world.js';

export interface ApiRequest {
  readonly method: string;
  /** Below the API root, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly accept: string;
  readonly caller: Caller;
}

export interface Dispatcher {
  readonly world: World;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly events: Events;
  readonly lock: Lock;
}

type Place =
  | { readonly repository: Repository; readonly rest: string }
  | { readonly moved: Repository; readonly rest: string };

/** Answers a request; what the routes refuse is an answer too. */
export async function dispatch(dispatcher: Dispatcher, request: ApiRequest): Promise<Reply> {
  const work = () => answer(dispatcher, request);
  try {
    return await (request.method === 'GET' ? work() : dispatcher.lock(work));
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

async function answer(dispatcher: Dispatcher, request: ApiRequest): Promise<Reply> {
  const { world } = dispatcher;
  const place = placeOf(world, request.path);
  if (place === undefined) return answerPlain(dispatcher, request);
  if ('moved' in place) return redirect(world, request, place.moved, place.rest);
  const { repository, rest } = place;
  const match = findRoute(routesOfRepositories, request.method, rest);
  if (match === undefined) throw notFound();
  requireAccess(request.caller, repository, match.route.needs, request.method);
  return match.route.handle({ ...callOf(dispatcher, request, match.parameters), repository });
}

async function answerPlain(dispatcher: Dispatcher, request: ApiRequest): Promise<Reply> {
  const match = findRoute(routes, request.method, request.path);
  if (match === undefined) throw notFound();
  return match.route.handle(callOf(dispatcher, request, match.parameters));
}

function callOf(dispatcher: Dispatcher, request: ApiRequest, parameters: Call['parameters']): Call {
  const { world, events, limits, faults } = dispatcher;
  const body = Array.isArray(request.body) ? {} : jsonObject(request.body);
  return { ...request, world, events, limits, faults, body, rawBody: request.body, parameters };
}

/** The repository of a path and what follows it; undefined when the path is not about a repository. */
function placeOf(world: World, path: string): Place | undefined {
  const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  if (byId !== null) {
    const repository = world.repositories.get(Number(byId[1]));
    if (repository === undefined) throw notFound();
    return { repository, rest: byId[2] ?? '' };
  }
  const byName = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path);
  if (byName === null) return undefined;
  const name = decodeURIComponent(byName[1] ?? '');
  const rest = byName[2] ?? '';
  const repository = findRepository(world, name);
  if (repository !== undefined) return { repository, rest };
  const moved = world.repositories.get(world.formerNames.get(name.toLowerCase()) ?? 0);
  if (moved === undefined) throw notFound();
  return { moved, rest };
}

/** The same request under the repository's present name, for those that look at requests. */
export function presentPath(world: World, path: string): string {
  const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repository = world.repositories.get(Number(byId?.[1]));
  return repository === undefined ? path : `/repos/${fullName(repository)}${byId?.[2] ?? ''}`;
}

function redirect(world: World, request: ApiRequest, repository: Repository, rest: string): Reply {
  const query = request.query.size === 0 ? '' : `?${request.query}`;
  const url = `${world.address.api}/repositories/${repository.id}${rest}${query}`;
  const reading = request.method === 'GET';
  const message = reading ? 'Moved Permanently' : 'Temporary Redirect';
  const body = { message, url, documentation_url: 'https://docs.github.com/rest' };
  return { status: reading ? 301 : 307, body, headers: { location: url } };
}
