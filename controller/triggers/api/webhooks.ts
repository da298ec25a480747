import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../ports/log.js';
import type { Store } from '../../ports/store.js';

export interface WebhookOptions {
  /** Is it signed with our secret? In constant time, over the body as it came. */
  readonly verify: (body: string, signature: string) => Promise<boolean>;
  /** Our repository of a payload: by its number on the forge, which a renaming does not change; null when it is not ours. */
  readonly repositoryOf: (id: number, fullName: string) => string | null;
  /** Is it what we did ourselves? */
  readonly isOwn: (login: string) => boolean;
  readonly store: Store;
  readonly log: Log;
}

/** GitHub sends up to 25 MB; what is larger than this is found by polling. */
const BODY_LIMIT = 5 * 1024 * 1024;
const EVENTS: readonly string[] = [
  'push',
  'create',
  'delete',
  'pull_request',
  'pull_request_review',
  'issue_comment',
  'check_suite',
  'check_run',
  'status',
  'merge_group',
];

/**
 * POST /webhooks/github: signature, then everything else. A delivery says "look again at this repository", no more; its id and
 * the job commit together, so a delivery that comes twice changes nothing.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function registerWebhooks(server: FastifyInstance, options: WebhookOptions): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    scope.post('/webhooks/github', { bodyLimit: BODY_LIMIT }, async (request, reply) =>
      take(options, request, reply),
    );
  });
}

async function take(
  options: WebhookOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const signature = header(request, 'x-hub-signature-256');
  if (body === '' || signature === '' || !(await options.verify(body, signature)))
    return reply.code(401).send({ error: 'The signature is missing or wrong: check GITHUB_WEBHOOK_SECRET' });
  const event = header(request, 'x-github-event');
  const delivery = header(request, 'x-github-delivery');
  if (!/^[A-Za-z0-9-]{1,100}$/.test(delivery))
    return reply.code(400).send({ error: 'X-GitHub-Delivery is missing' });
  const source = sourceOf(body);
  if (source === 'not-json') return reply.code(400).send({ error: 'The body is not a JSON object' });
  if (event === 'ping') return reply.code(200).send({ result: 'pong' });
  if (!EVENTS.includes(event)) return reply.code(202).send({ result: 'ignored: an event of no interest' });
  const repository = source === null ? null : options.repositoryOf(source.id, source.fullName);
  if (repository === null) return reply.code(202).send({ result: 'ignored: another repository' });
  if (options.isOwn(source?.sender ?? ''))
    return reply.code(202).send({ result: "ignored: the controller's own" });
  const fresh = await options.store.transaction(async (tx) => {
    if (!(await tx.write.delivery(delivery, event))) return false;
    await tx.write.job({ task: 'look-at-repository', id: repository, queue: null, runAt: null, priority: 0 });
    return true;
  });
  options.log.debug({ event, delivery, fresh }, 'webhook');
  return reply.code(202).send({ result: fresh ? 'taken' : 'ignored: delivered before' });
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

interface Source {
  readonly id: number;
  readonly fullName: string;
  readonly sender: string;
}

interface Payload {
  readonly repository?: { readonly id?: unknown; readonly full_name?: unknown } | null;
  readonly sender?: { readonly login?: unknown } | null;
}

/** Where an event comes from; null when it is of no repository. */
function sourceOf(body: string): Source | null | 'not-json' {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return 'not-json';
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'not-json';
  const { repository, sender } = payload as Payload;
  if (typeof repository?.id !== 'number' || typeof repository.full_name !== 'string') return null;
  const login = typeof sender?.login === 'string' ? sender.login : '';
  return { id: repository.id, fullName: repository.full_name, sender: login };
}
