import { timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { CommandRefused } from '../../domain/command.js';
import { sha256 } from '../../domain/json.js';
import type { Log } from '../../ports/log.js';
import { MergeRefused } from '../../ports/repositories.js';
import { registerCommands } from './commands.js';
import type { Operations } from './operations.js';
import { registerReads } from './reads.js';
import { registerWebhooks, type WebhookOptions } from './webhooks.js';

export interface ApiOptions {
  readonly operations: Operations;
  readonly token: string;
  readonly host: string;
  readonly port: number;
  readonly metrics: { render(): Promise<string>; readonly contentType: string };
  readonly ready: () => Promise<string | null>;
  /** null: nobody may tell us anything; there is no such endpoint. */
  readonly webhooks: Omit<WebhookOptions, 'store' | 'log'> | null;
  readonly log: Log;
}

const BODY_LIMIT = 256 * 1024;
const EMPTY = '';

/** Health and metrics for everyone who can reach the address; everything else wants the token. */
export async function startApi(
  options: ApiOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 120_000,
    // A field that is not known, or not of its type, is an error: fastify's own settings would drop or convert it.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
  });
  // Before the routes: those of a plugin keep the handler that was there when it was registered.
  server.setErrorHandler((error, request, reply) => answerError(options.log, error, request, reply));
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    const problem = await options.ready();
    return problem === null ? { ready: true } : reply.code(503).send({ ready: false, problem });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.render()),
  );
  await server.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => authorise(request, reply, options.token));
    guarded.addHook('onRequest', refuseNul);
    registerReads(guarded, options.operations);
    registerCommands(guarded, options.operations);
  });
  if (options.webhooks !== null) {
    const { operations, log, webhooks } = options;
    await registerWebhooks(server, { ...webhooks, store: operations.store, log });
  }
  const url = await listen(server, options);
  return { url, close: () => server.close() };
}

async function listen(server: FastifyInstance, { host, port }: ApiOptions): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} on ${host} is taken. Set COMMANDER_PORT to another one (0: any free one), or stop what listens there`,
      { cause: error },
    );
  }
}

/** NUL is in no name of ours, and the database refuses it with an error of its own. */
async function refuseNul(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.url.includes('%00'))
    await reply.code(400).send({ error: 'The address has a NUL character in it' });
}

async function authorise(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
  const given = request.headers.authorization?.replace(/^Bearer /i, EMPTY) ?? EMPTY;
  const same = timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)));
  if (!same)
    await reply
      .code(401)
      .send({ error: 'This needs the token of the data directory, as the commands send it' });
}

function answerError(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandRefused || error instanceof MergeRefused)
    return reply.code(409).send({ error: message });
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status >= 500)
    log.error({ method: request.method, route: request.routeOptions.url, error: message }, 'request failed');
  return reply.code(status).send({ error: message });
}
