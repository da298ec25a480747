import { may } from './access.js';
import type { Caller } from './caller.js';
import { refuse } from './reply.js';
import type { Repository } from './state.js';

/** True when the caller passes the branch's protection: an administrator, where they are not held to it too. */
export function bypasses(caller: Caller, repository: Repository, branch: string): boolean {
  const protection = repository.protections.get(branch);
  if (protection === undefined) return true;
  if (protection.enforceAdmins) return false;
  return may(caller, repository, { role: 'admin', permissions: ['administration=write'] });
}

/** Refuses a direct change of a protected branch by somebody who does not pass its protection. */
export function requirePushable(caller: Caller, repository: Repository, ref: string): void {
  if (ref.startsWith('refs/pull/')) throw refuse(422, 'Reference cannot be updated');
  if (!ref.startsWith('refs/heads/')) return;
  if (bypasses(caller, repository, ref.slice('refs/heads/'.length))) return;
  throw refuse(422, `Protected branch update failed for ${ref}.`);
}
