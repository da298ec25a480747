import type { Needs } from './access.js';
import type { Caller } from './caller.js';
import type { Events } from './events.js';
import type { Faults } from './faults.js';
import type { RateLimits } from './rate-limit.js';
import type { Json, Reply } from './reply.js';
import type { Repository } from './state.js';
import type { World } from './world.js';

/** What a route is given. */
export interface Call {
  readonly world: World;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly events: Events;
  readonly caller: Caller;
  readonly method: string;
  /** Below the API root, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly rawBody: unknown;
  readonly accept: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A call below /repos/{owner}/{repo}, with the repository found and access granted. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

interface Pattern {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface Route extends Pattern {
  readonly handle: (call: Call) => Promise<Reply>;
}

export interface RepositoryRoute extends Pattern {
  readonly needs: Needs;
  readonly handle: (call: RepositoryCall) => Promise<Reply>;
}

/** A route of the template, where `{name}` is one segment and `{*name}` is the rest, slashes and all. */
export function route(template: string, handle: Route['handle']): Route {
  return { ...compile(template), handle };
}

/** A route below a repository: the template starts after /repos/{owner}/{repo}. */
export function repositoryRoute(
  template: string,
  role: Needs['role'],
  permissions: readonly string[],
  handle: RepositoryRoute['handle'],
): RepositoryRoute {
  return { ...compile(template), needs: { role, permissions }, handle };
}

function compile(template: string): Pattern {
  const [method = '', path = ''] = template.split(' ');
  const names: string[] = [];
  const source = path.replace(/\{(\*?)(\w+)\}/g, (_, rest: string, name: string) => {
    names.push(name);
    return rest === '' ? '([^/]+)' : '(.+)';
  });
  return { method, pattern: new RegExp(`^${source}/?$`), names };
}

/** The first route that fits, with the parameters taken from the path. */
export function findRoute<T extends Pattern>(routes: readonly T[], method: string, path: string) {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match === null) continue;
    const pairs = candidate.names.map((name, index) => [name, decode(match[index + 1] ?? '')] as const);
    return { route: candidate, parameters: Object.fromEntries(pairs) as Record<string, string> };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
