import { roleOf } from '../access.js';
import { found, ok, type Reply } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { fullRepository, permissionFlags } from '../shapes/repository.js';
import { simpleUser } from '../shapes/user.js';
import type { Role } from '../state.js';

export const repositoryRoutes = [
  repositoryRoute('GET ', 'read', ['metadata=read'], getRepository),
  repositoryRoute('GET /collaborators/{login}/permission', 'read', ['metadata=read'], getPermission),
];

async function getRepository(call: RepositoryCall): Promise<Reply> {
  return ok(fullRepository(call.world, call.repository, call.caller));
}

/** The older names of roles know neither triage nor maintain. */
const legacy: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

async function getPermission(call: RepositoryCall): Promise<Reply> {
  const login = call.parameters.login ?? '';
  const account = found(call.world.accounts.get(login.toLowerCase()));
  const role = roleOf(call.repository, account.login);
  const user = { ...simpleUser(call.world, account), permissions: permissionFlags(role), role_name: role };
  return ok({ permission: legacy[role], role_name: role, user });
}
