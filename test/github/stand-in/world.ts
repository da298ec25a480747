import { createHash, randomBytes } from 'node:crypto';
import type { Account, App, Installation, Issue, PullIssue, Repository, Token } from './state.js';

/** Everything that is known, with the addresses that it is served at. */
export interface World {
  readonly folder: string;
  /** Set once the server listens. */
  readonly address: { api: string; web: string };
  readonly accounts: Map<string, Account>;
  readonly tokens: Map<string, Token>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly repositories: Map<number, Repository>;
  /** Names that repositories had before, in lower case, to the id. */
  readonly formerNames: Map<string, number>;
  readonly nextId: () => number;
}

/** An empty world whose repositories will be below `folder`. */
export function createWorld(folder: string): World {
  let id = 1000;
  return {
    folder,
    address: { api: '', web: '' },
    accounts: new Map(),
    tokens: new Map(),
    apps: new Map(),
    installations: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    nextId: () => {
      id += 1;
      return id;
    },
  };
}

/** The present time as GitHub writes it: whole seconds, UTC. */
export function now(): string {
  return timestamp(Date.now());
}

/** A time in milliseconds as GitHub writes it. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** An identifier of GraphQL: opaque to clients, stable for a kind and id. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${createHash('sha256').update(`${kind}:${id}`).digest('base64url').slice(0, 20)}`;
}

/** A new secret with GitHub's prefix for its kind. */
export function newToken(prefix: 'ghp_' | 'ghs_'): string {
  return prefix + randomBytes(18).toString('hex');
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** The repository that now has this `owner/name`. */
export function findRepository(world: World, name: string): Repository | undefined {
  const wanted = name.toLowerCase();
  for (const repository of world.repositories.values()) {
    if (fullName(repository).toLowerCase() === wanted) return repository;
  }
  return undefined;
}

/** The repository of that name, for arranging tests: one that is missing is a mistake there. */
export function repositoryNamed(world: World, name: string): Repository {
  const found = findRepository(world, name);
  if (found === undefined)
    throw new Error(`There is no repository ${name}: create it with createRepository first.`);
  return found;
}

export function accountNamed(world: World, login: string): Account {
  const found = world.accounts.get(login.toLowerCase());
  if (found === undefined) throw new Error(`There is no user ${login}: add it with addUser first.`);
  return found;
}

export function isPull(issue: Issue | undefined): issue is PullIssue {
  return issue?.pull !== undefined;
}

/** All pull requests of the repository, oldest first. */
export function pullsOf(repository: Repository): PullIssue[] {
  return [...repository.issues.values()].filter(isPull);
}

/** The account that a commit's e-mail belongs to: a known one, or GitHub's `id+login@users.noreply…` form. */
export function accountWithEmail(world: World, email: string): Account | null {
  for (const account of world.accounts.values()) {
    if (email !== '' && emailOf(account).toLowerCase() === email.toLowerCase()) return account;
    if (email === noreply(account)) return account;
  }
  return null;
}

function noreply(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

export function emailOf(account: Account): string {
  return account.email ?? noreply(account);
}
