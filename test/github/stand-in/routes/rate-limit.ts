import { ok, type Reply } from '../reply.js';
import { type Call, route } from '../router.js';

export const rateLimitRoutes = [route('GET /rate_limit', getRateLimit)];

async function getRateLimit(call: Call): Promise<Reply> {
  const { limit, used, resetAt } = call.limits.windowOf(call.caller);
  const reset = Math.ceil(resetAt / 1000);
  const core = { limit, used, remaining: Math.max(0, limit - used), reset, resource: 'core' };
  const search = { limit: 30, used: 0, remaining: 30, reset, resource: 'search' };
  return ok({ resources: { core, search }, rate: core });
}
