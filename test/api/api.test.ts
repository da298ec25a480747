import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import type { Operations } from '../../controller/triggers/api/operations.js';
import { startApi } from '../../controller/triggers/api/server.js';
import { execution, NOON, plan } from '../postgres/samples.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';

const TOKEN = 'secret-token';
const PERSON = { name: 'Ann', email: 'ann@example.org' };
const log = quietLog();
let test: TestDatabase;
let database: Database;
let api: Awaited<ReturnType<typeof startApi>>;
let executionId: number;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log, clock: { now: () => NOON } });
  const { store } = database;
  executionId = await store.transaction((tx) =>
    tx.write.execution(execution(), [{ environment: 'staging', step: { kind: 'build' } }]),
  );
  const unasked = () => Promise.reject(new Error('not asked for here'));
  const record = plan('web', {
    status: 'approved',
    statusReason: 'merged by Ann',
    body: 'Deploy web\n\nLong.',
  });
  const operations: Operations = {
    store,
    approve: async () => record,
    reject: async () => record,
    abort: async (id) => (await store.executions.get(id)) ?? unasked(),
    plan: unasked,
    hold: unasked,
    resume: unasked,
    waive: async (intent, sop, _person, reason) => `${sop} of ${intent}: ${reason}`,
    waiveInPull: unasked,
    retry: unasked,
    unlock: unasked,
    rollback: unasked,
    liftQuarantine: unasked,
    dryRun: unasked,
    look: unasked,
    repositories: () => [],
  };
  const metrics = { render: async () => '', contentType: 'text/plain' };
  const address = { host: '127.0.0.1', port: 0 };
  api = await startApi({
    operations,
    token: TOKEN,
    ...address,
    metrics,
    ready: async () => null,
    webhooks: null,
    log,
  });
});
afterAll(async () => {
  await api.close();
  await database.close();
  await test.drop();
});

async function ask(path: string, body: object | null = null): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === null ? {} : { method: 'POST', body: JSON.stringify({ person: PERSON, ...body }) }),
  });
  return { status: response.status, answer: await response.json() };
}

describe('numbers in the address', () => {
  it.each([
    '/v1/executions/abc',
    '/v1/executions/-1',
    '/v1/executions/1.5',
    '/v1/executions/1e3',
    '/v1/audit?after=x',
    '/v1/audit?after=',
    '/v1/audit?after=-1',
    '/v1/audit?after=1&after=2',
  ])('%s is answered with 400, and with what is wanted', async (path) => {
    const { status, answer } = await ask(path);
    expect(status).toBe(400);
    expect((answer as { error: string }).error).toMatch(/has to be a whole number/);
  });

  it('that are too large are not there, rather than an error', async () => {
    const { status, answer } = await ask('/v1/executions/99999999999999999999');
    expect([status, answer]).toEqual([409, { error: 'There is no execution 99999999999999999999' }]);
    expect(await ask('/v1/audit?after=99999999999999999999')).toEqual({ status: 200, answer: [] });
    expect((await ask('/v1/abort', { execution: 1e300 })).status).toBe(400);
    expect(log.lines.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  it('that are right are taken', async () => {
    expect((await ask(`/v1/executions/${executionId}`)).answer).toMatchObject({ id: executionId });
    expect((await ask('/v1/audit?after=0')).status).toBe(200);
    expect((await ask('/v1/audit')).status).toBe(200);
  });
});

describe('the answer to a command', () => {
  it.each(['approve', 'reject'])('%s is the view of the plan, not its whole record', async (command) => {
    const { answer } = await ask(`/v1/${command}`, { intent: 'web' });
    expect(answer).toEqual({
      url: null,
      hold: null,
      digest: plan('web').digest,
      status: 'approved',
      reason: 'merged by Ann',
      branch: null,
      title: 'Deploy web',
      approvedBy: [],
      expiresAt: '2026-03-02T12:00:00.000Z',
    });
  });

  it('waive is one sentence, and nothing without a reason', async () => {
    const asked = { intent: 'web', sop: 'smoke', reason: 'the runner burned down' };
    expect(await ask('/v1/waive', asked)).toEqual({
      status: 200,
      answer: 'smoke of web: the runner burned down',
    });
    for (const wrong of [{ reason: undefined }, { sop: undefined }, { reason: 'x'.repeat(10_000) }])
      expect((await ask('/v1/waive', { ...asked, ...wrong })).status).toBe(400);
  });

  it('abort is the view of the execution', async () => {
    const [{ answer }, seen] = await Promise.all([
      ask('/v1/abort', { execution: executionId }),
      ask(`/v1/executions/${executionId}`),
    ]);
    expect(answer).toEqual(seen.answer);
  });
});
