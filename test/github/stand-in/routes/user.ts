import { found, ok, type Reply, refuse } from '../reply.js';
import { type Call, route } from '../router.js';
import { privateUser, publicUser } from '../shapes/user.js';

export const userRoutes = [route('GET /user', getSelf), route('GET /users/{login}', getUser)];

async function getSelf(call: Call): Promise<Reply> {
  const { caller } = call;
  if (caller.kind === 'anonymous') throw refuse(401, 'Requires authentication');
  if (caller.kind !== 'user') throw refuse(403, 'Resource not accessible by integration');
  return ok(privateUser(call.world, caller.account));
}

async function getUser(call: Call): Promise<Reply> {
  const account = found(call.world.accounts.get((call.parameters.login ?? '').toLowerCase()));
  return ok(publicUser(call.world, account));
}
