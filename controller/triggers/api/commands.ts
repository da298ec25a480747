import type { FastifyInstance, FastifyReply } from 'fastify';
import { ACTIONS, type IntentSpec } from '../../domain/intent.js';
import type { Operations } from './operations.js';
import { viewExecution, viewPlan } from './views.js';

/** Without NUL, which no text in the database can hold. */
const text = { type: 'string', minLength: 1, maxLength: 2000, pattern: '^[^\\u0000]+$' } as const;
const person = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'email'],
  properties: { name: text, email: text },
} as const;

interface Asked {
  readonly person: { readonly name: string; readonly email: string };
  readonly reason: string;
}

/** A command's body: who asks, why, and about what; validated before anything looks at it. `besides`: what else has to be there. */
function body(
  fields: Readonly<Record<string, object>>,
  besides: readonly string[] = [],
): { schema: { body: object } } {
  const reason = besides.includes('reason') ? text : { ...text, default: 'no reason given' };
  const properties = { person, reason, ...fields };
  return {
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['person', ...besides, ...Object.keys(fields)],
        properties,
      },
    },
  };
}

const lane = { service: text, environment: text };
const id = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

export function registerCommands(server: FastifyInstance, operations: Operations): void {
  server.post<{ Body: Asked & { intent: string } }>(
    '/v1/approve',
    body({ intent: text }),
    async ({ body: asked }) => viewPlan(await operations.approve(asked.intent, asked.person)),
  );
  server.post<{ Body: Asked & { intent: string } }>(
    '/v1/reject',
    body({ intent: text }),
    async ({ body: asked }) => viewPlan(await operations.reject(asked.intent, asked.person, asked.reason)),
  );
  server.post<{ Body: Asked & { intent: string } }>(
    '/v1/hold',
    body({ intent: text }),
    async ({ body: asked }, reply) =>
      asJson(reply, await operations.hold(asked.intent, asked.person, asked.reason)),
  );
  server.post<{ Body: Asked & { intent: string } }>(
    '/v1/resume',
    body({ intent: text }),
    async ({ body: asked }, reply) => asJson(reply, await operations.resume(asked.intent, asked.person)),
  );
  server.post<{ Body: Asked & { intent: string; sop: string } }>(
    '/v1/waive',
    body({ intent: text, sop: text }, ['reason']),
    async ({ body: { intent, sop, person: by, reason } }, reply) =>
      asJson(reply, await operations.waive(intent, sop, by, reason)),
  );
  server.post<{ Body: Asked & { target: string } }>(
    '/v1/retry',
    body({ target: text }),
    async ({ body: asked }, reply) => asJson(reply, await operations.retry(asked.target, asked.person)),
  );
  server.post<{ Body: Asked & { execution: number } }>(
    '/v1/abort',
    body({ execution: id }),
    async ({ body: asked }) => {
      const record = await operations.abort(asked.execution, asked.person, asked.reason);
      return viewExecution(record, await operations.store.executions.steps(record.id));
    },
  );
  server.post<{ Body: Asked & { service: string; environment: string } }>(
    '/v1/unlock',
    body(lane),
    async ({ body: { service, environment, person: by, reason } }, reply) =>
      asJson(reply, await operations.unlock({ service, environment }, by, reason)),
  );
  server.post<{ Body: Asked & { service: string; environment: string } }>(
    '/v1/rollback',
    body(lane),
    async ({ body: asked }) =>
      operations.rollback(
        { service: asked.service, environment: asked.environment },
        asked.person,
        asked.reason,
      ),
  );
  server.post<{ Body: Asked & { id: number } }>(
    '/v1/quarantine/lift',
    body({ id }),
    async ({ body: asked }, reply) =>
      asJson(reply, await operations.liftQuarantine(asked.id, asked.person, asked.reason)),
  );
  server.post<{ Body: { name: string; spec: IntentSpec } }>('/v1/plan', DRY_RUN, async ({ body: asked }) =>
    operations.dryRun({ name: asked.name, spec: { ...asked.spec, suspend: false } }),
  );
  server.post('/v1/look', async () => {
    await operations.look();
    return { looked: true };
  });
}

/** A bare text or nothing at all, as JSON: fastify would send the one as plain text and never answer with the other. */
function asJson(reply: FastifyReply, answer: unknown): FastifyReply {
  return reply.type('application/json').send(JSON.stringify(answer ?? null));
}

const DRY_RUN = {
  schema: {
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'spec'],
      properties: {
        name: text,
        spec: {
          type: 'object',
          additionalProperties: false,
          required: ['text'],
          properties: {
            text: { type: 'string', minLength: 1, maxLength: 16_384 },
            suspend: { type: 'boolean' },
            action: { enum: [...ACTIONS] },
            service: text,
            version: text,
            environments: { type: 'array', items: text, maxItems: 50 },
          },
        },
      },
    },
  },
};
