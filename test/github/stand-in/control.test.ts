import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { control } from './control.js';
import { heldToContract } from './held-to-contract.js';
import { type GitHub, startGitHub } from './server.js';

let github: GitHub;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-control-'));
  github = await startGitHub({ folder, extra: control });
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

async function call(
  method: string,
  ...values: readonly unknown[]
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${github.webUrl}/_control/${method}`, {
    method: 'POST',
    body: JSON.stringify(values),
  });
  return { status: answer.status, body: await answer.json() };
}

describe('another process', () => {
  it('arranges the world over HTTP', async () => {
    const user = await call('addUser', 'ada');
    expect(user).toMatchObject({ status: 200, body: { token: expect.stringMatching(/^ghp_/) } });
    await call('createRepository', 'acme/gitops', { files: { 'a.txt': 'a\n' } });
    expect((await fetch(`${github.url}/repos/acme/gitops`)).status).toBe(200);
    await call('faults.set', { rules: [{ match: {}, action: 'unauthorized' }] });
    expect((await fetch(`${github.url}/repos/acme/gitops`)).status).toBe(401);
    await call('faults.clear');
    expect((await call('requests')).body).toMatchObject([
      { status: 200 },
      { status: 401, fault: 'unauthorized' },
    ]);
  });

  it('is told what it got wrong', async () => {
    expect(await call('protect', 'acme/none', 'main', {})).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('acme/none') },
    });
    expect((await call('close')).status).toBe(400);
    expect((await call('constructor')).status).toBe(400);
  });
});

describe('held to a contract', () => {
  it('collects what goes against it, and lets raw text and undescribed events be', () => {
    const complaint = () => ['wrong'];
    const held = heldToContract({ request: () => [], response: complaint, webhook: complaint });
    const exchange = {
      method: 'GET',
      path: '/user',
      query: new URLSearchParams(),
      body: undefined,
      status: 200,
    };
    held.exchange({ ...exchange, responseBody: {} });
    held.exchange({ ...exchange, responseBody: 'raw' });
    held.webhook('push', {});
    held.webhook('issues', { action: 'opened' });
    expect(held.breaches).toEqual([
      { of: 'response', what: 'GET /user 200', problems: ['wrong'] },
      { of: 'webhook', what: 'push', problems: ['wrong'] },
    ]);
  });
});
