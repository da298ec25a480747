import type { Caller } from './caller.js';
import { notFound, refuse } from './reply.js';
import { type Repository, type Role, roles } from './state.js';

/** What a call needs: a role of a user, or one of the permissions of an App (any of the alternatives). */
export interface Needs {
  /** 'app': the App itself, signed in with its key. */
  readonly role: Role | 'app';
  readonly permissions: readonly string[];
}

/** The role that a login has in a repository; everybody reads a public one. */
export function roleOf(repository: Repository, login: string): Role {
  const key = login.toLowerCase();
  if (repository.owner.login.toLowerCase() === key) return 'admin';
  const given = repository.roles.get(key) ?? 'none';
  return repository.private || atLeast(given, 'read') ? given : 'read';
}

export function atLeast(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

/** True when the caller may do what needs that role (users) or that permission (Apps). */
export function may(caller: Caller, repository: Repository, needs: Needs): boolean {
  if (needs.role === 'app') return caller.kind === 'app';
  if (caller.kind === 'app') return false;
  if (caller.kind === 'anonymous') return !repository.private && needs.role === 'read';
  if (caller.kind === 'user') return atLeast(roleOf(repository, caller.account.login), needs.role);
  if (!caller.repositoryIds.has(repository.id)) return !repository.private && needs.role === 'read';
  return needs.permissions.some((permission) => hasPermission(caller.permissions, permission));
}

function hasPermission(had: Readonly<Record<string, string>>, wanted: string): boolean {
  const [name = '', level = 'read'] = wanted.split('=');
  if (name === 'metadata') return true;
  return had[name] === 'write' || had[name] === level;
}

/** Ends the request with GitHub's answer when the caller may not. */
export function requireAccess(caller: Caller, repository: Repository, needs: Needs, method: string): void {
  // Routes of the App itself tell for themselves who may not.
  if (needs.role === 'app') return;
  if (!canSee(caller, repository)) throw notFound();
  if (may(caller, repository, needs)) {
    if (method !== 'GET' && repository.archived) {
      throw refuse(403, 'Repository was archived so is read-only.');
    }
    return;
  }
  if (caller.kind === 'installation') {
    throw refuse(403, 'Resource not accessible by integration', {
      'x-accepted-github-permissions': needs.permissions.join('; '),
    });
  }
  if (caller.kind === 'anonymous') throw refuse(401, 'Requires authentication');
  if (caller.kind === 'app') throw refuse(401, 'A JSON web token could not be used here');
  throw refuse(403, 'Must have write access to the repository.');
}

/** True when the repository shows itself to the caller at all. */
export function canSee(caller: Caller, repository: Repository): boolean {
  if (!repository.private) return true;
  if (caller.kind === 'app') return false;
  if (caller.kind === 'anonymous') return false;
  if (caller.kind === 'user') return atLeast(roleOf(repository, caller.account.login), 'read');
  return caller.repositoryIds.has(repository.id);
}
