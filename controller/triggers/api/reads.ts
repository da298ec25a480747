import type { FastifyInstance } from 'fastify';
import { CommandRefused } from '../../domain/command.js';
import { foremost } from '../../domain/intent.js';
import type { IntentRecord } from '../../domain/records.js';
import type { Operations } from './operations.js';
import { readStatus } from './status.js';
import {
  viewExecution,
  viewIncident,
  viewIntent,
  viewPlan,
  viewQuarantine,
  viewWaiver,
  type WaiverView,
} from './views.js';

const PAGE = 1000;

export function registerReads(server: FastifyInstance, operations: Operations): void {
  const { store } = operations;
  server.get('/v1/status', async () => readStatus(operations));
  server.get<{ Params: { name: string } }>('/v1/intents/:name', async ({ params }) =>
    intentDetail(operations, params.name),
  );
  server.get<{ Querystring: { service?: string; limit?: string } }>('/v1/executions', async ({ query }) => {
    const records = await store.executions.list({
      service: query.service ?? null,
      statuses: null,
      limit: limitOf(query.limit),
    });
    return Promise.all(
      records.map(async (record) => viewExecution(record, await store.executions.steps(record.id))),
    );
  });
  server.get<{ Params: { id: string } }>('/v1/executions/:id', async ({ params }) => {
    const record = await store.executions.get(
      wholeNumber(params.id, 'The execution in /v1/executions/<id>', 'as commander history lists them'),
    );
    if (record === null) throw new CommandRefused(`There is no execution ${params.id}`);
    return viewExecution(record, await store.executions.steps(record.id));
  });
  server.get<{ Querystring: { limit?: string } }>('/v1/incidents', async ({ query }) =>
    (await store.incidents.list(limitOf(query.limit))).map(viewIncident),
  );
  server.get<{ Querystring: { limit?: string } }>('/v1/quarantine', async ({ query }) =>
    (await store.quarantine.list(limitOf(query.limit))).map(viewQuarantine),
  );
  server.get<{ Querystring: { after?: string; about?: string } }>('/v1/audit', async ({ query }) =>
    query.about === undefined
      ? store.audit.after(
          wholeNumber(query.after ?? '0', 'after', 'the sequence of the last entry you have'),
          PAGE,
        )
      : store.audit.about(query.about, PAGE),
  );
  server.get('/v1/audit/verify', async () => store.audit.verify());
}

async function intentDetail(operations: Operations, name: string): Promise<unknown> {
  const { store } = operations;
  const [intent] = foremost(await store.intents.byName(name));
  if (intent === undefined)
    throw new CommandRefused(`There is no intent "${name}": commander status lists them`);
  const plans = await store.plans.ofIntent(intent.id, 10);
  const current = plans.find((plan) => plan.digest === intent.planDigest) ?? null;
  const executions = current === null ? [] : await store.executions.ofPlan(current.digest);
  return {
    ...viewIntent(intent, current),
    text: intent.document?.spec.text ?? null,
    body: current?.body ?? null,
    plans: plans.map(viewPlan),
    executions: await Promise.all(
      executions.map(async (execution) =>
        viewExecution(execution, await store.executions.steps(execution.id)),
      ),
    ),
    waivers: await waiversOf(operations, intent),
    audit: await store.audit.about(`intent:${name}`, 100),
  };
}

/** What people let pass for the intent as it is. */
async function waiversOf(
  { store }: Operations,
  { id, revision }: IntentRecord,
): Promise<readonly WaiverView[]> {
  const records = revision === null ? [] : await store.waivers.of(id, revision);
  return records.map(viewWaiver);
}

/** Throws BadQuery for anything but digits (a parameter that is given twice is a list). No record has a larger number than the largest safe one. */
function wholeNumber(value: unknown, name: string, meaning: string): number {
  if (typeof value === 'string' && /^\d+$/.test(value))
    return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  throw new BadQuery(`${name} has to be a whole number, ${meaning}; it is ${JSON.stringify(value)}`);
}

class BadQuery extends Error {
  override readonly name = 'BadQuery';
  /** fastify's own name for it. */
  readonly statusCode = 400;
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? 20);
  return Number.isInteger(limit) && limit > 0 && limit <= 1000 ? limit : 20;
}
