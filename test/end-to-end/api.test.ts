import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditVerification } from '../../controller/domain/audit.js';
import { databaseUrl, openSite, PERSON, type Site } from './harness.js';

let site: Site;

beforeAll(async () => {
  site = await openSite({ services: [{ name: 'checkout' }] });
});

afterAll(() => site.close());

describe('the API', () => {
  it('answers health, readiness and metrics to everyone, and nothing else without the token', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect((await site.fetch(path)).status, path).toBe(200);
    for (const path of ['/v1/status', '/v1/intents/x', '/v1/audit', '/v1/quarantine']) {
      expect((await site.fetch(path)).status, path).toBe(401);
      expect((await site.fetch(path, { headers: { authorization: 'Bearer wrong' } })).status, path).toBe(401);
      expect(
        (await site.fetch(path, { headers: { authorization: `Bearer ${await site.token()}x` } })).status,
      ).toBe(401);
    }
    const approve = await post('/v1/approve', { intent: 'x', person: PERSON }, 'none');
    expect(approve.status).toBe(401);
  });

  it('keeps its token where only its owner can read it, and out of the log', async () => {
    expect((await stat(join(site.dataDir, 'token'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(site.dataDir, 'controller.json'))).mode & 0o777).toBe(0o600);
    expect((await site.token()).length).toBeGreaterThanOrEqual(32);
    expect(await site.log()).not.toContain(await site.token());
  });

  it('refuses bodies that are too large, no JSON, of the wrong type, or with fields that it does not know', async () => {
    const ask = { intent: 'x', person: PERSON };
    expect((await post('/v1/approve', { ...ask, padding: 'x'.repeat(300 * 1024) })).status).toBe(413);
    expect((await post('/v1/approve', 'not json')).status).toBe(400);
    expect((await post('/v1/approve', { ...ask, force: true })).status).toBe(400);
    expect((await post('/v1/approve', { intent: ['x'], person: PERSON })).status).toBe(400);
    expect((await post('/v1/approve', { intent: 'x', person: { name: 'Pat' } })).status).toBe(400);
    expect((await post('/v1/abort', { execution: '1; drop table executions', person: PERSON })).status).toBe(
      400,
    );
    expect((await post('/v1/abort', { execution: -1, person: PERSON })).status).toBe(400);
    expect((await post('/v1/approve', { person: PERSON })).status).toBe(400);
  });

  it('knows no other methods and paths', async () => {
    const headers = { authorization: `Bearer ${await site.token()}` };
    expect((await site.fetch('/v1/approve', { headers })).status).toBe(404);
    expect((await site.fetch('/v1/status', { method: 'DELETE', headers })).status).toBe(404);
    expect((await site.fetch('/v1/../../etc/passwd', { headers })).status).toBe(404);
  });

  it('refuses what is not there, in words', async () => {
    await expect(site.command('approve', { intent: 'nobody' })).rejects.toThrow(
      'There is no intent "nobody"',
    );
    await expect(site.command('abort', { execution: 999, reason: 'x' })).rejects.toThrow('no execution 999');
    await expect(site.command('unlock', { service: 'checkout', environment: 'mars' })).rejects.toThrow(
      'mars/checkout',
    );
    await expect(site.command('rollback', { service: 'checkout', environment: 'staging' })).rejects.toThrow(
      'Nothing of checkout',
    );
    await expect(site.client.get('/v1/executions/abc')).rejects.toThrow('abc');
    await expect(site.client.get('/v1/executions/99999999999999999999')).rejects.toThrow('no execution');
    await expect(site.client.get('/v1/audit?after=x')).rejects.toThrow('after');
    await expect(
      site.client.get(`/v1/intents/${encodeURIComponent("x'; drop table intents; --")}`),
    ).rejects.toThrow('no intent');
    await expect(site.client.get('/v1/intents/x%00')).rejects.toThrow('NUL');
    await expect(site.command('retry', { target: 'x\u0000' })).rejects.toThrow('pattern');
  });
});

describe('the audit trail', () => {
  it('verifies after a release, refuses changes, and finds the row that a superuser changed anyway', async () => {
    await site.release('checkout-1', 'Deploy checkout v1.0.0 to staging');
    const before = await site.client.get<AuditVerification>('/v1/audit/verify');
    expect(before).toMatchObject({ ok: true });
    const client = new pg.Client({ connectionString: await databaseUrl(site) });
    await client.connect();
    try {
      for (const statement of [
        "update audit_events set reason = 'x'",
        'delete from audit_events',
        'truncate audit_events',
      ])
        await expect(client.query(statement), statement).rejects.toThrow();
      // Not even a superuser changes a row by accident, or by the usual trick: the trigger has to be taken away.
      await client.query("set session_replication_role = 'replica'");
      await expect(client.query("update audit_events set reason = 'x'")).rejects.toThrow('append-only');
      await client.query('alter table audit_events disable trigger all');
      const { rows } = await client.query<{ sequence: number }>(
        "update audit_events set actor = 'git:Somebody Else' where action = 'plan.approved' returning sequence",
      );
      expect(rows).toHaveLength(1);
      const after = await site.client.get<AuditVerification>('/v1/audit/verify');
      expect(after).toMatchObject({ ok: false, firstBad: Number(rows[0]?.sequence) });
    } finally {
      await client.end();
    }
  });
});

async function post(path: string, body: unknown, auth: 'token' | 'none' = 'token'): Promise<Response> {
  const token: Record<string, string> =
    auth === 'token' ? { authorization: `Bearer ${await site.token()}` } : {};
  return site.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...token },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
