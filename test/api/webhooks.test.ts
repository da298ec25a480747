import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LOOK, NOTHING, openWebhookSite, PUSH, sign, type WebhookSite } from '../github/unit/webhook-site.js';

let site: WebhookSite;
beforeAll(async () => {
  site = await openWebhookSite();
});
afterAll(() => site.close());
beforeEach(() => site.empty());

describe('a delivery with the right signature', () => {
  it('is taken: the job is there, and the delivery is noted', async () => {
    const id = randomUUID();
    expect(await site.deliver(PUSH, { 'x-github-delivery': id })).toEqual({
      status: 202,
      answer: { result: 'taken' },
    });
    expect(await site.left()).toEqual({ jobs: [LOOK], deliveries: [{ id, event: 'push' }] });
  });

  it.each([
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
  ])('of the event %s means: look again', async (event) => {
    expect((await site.deliver(PUSH, { 'x-github-event': event })).answer.result).toBe('taken');
    expect((await site.left()).jobs).toEqual([LOOK]);
  });

  it('that is replayed adds nothing, also after its job is gone', async () => {
    const id = randomUUID();
    await site.deliver(PUSH, { 'x-github-delivery': id });
    await site.removeJobs();
    for (let time = 0; time < 3; time += 1) {
      const { status, answer } = await site.deliver(PUSH, { 'x-github-delivery': id });
      expect([status, answer.result]).toEqual([202, 'ignored: delivered before']);
    }
    expect(await site.left()).toEqual({ jobs: [], deliveries: [{ id, event: 'push' }] });
  });

  it('that comes many times at once is taken once', async () => {
    const id = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => site.deliver(PUSH, { 'x-github-delivery': id })),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(all.filter(({ answer }) => answer.result === 'taken')).toHaveLength(1);
  });

  it('is noted only together with its job: both or neither', async () => {
    const id = randomUUID();
    site.breakJobs(true);
    expect((await site.deliver(PUSH, { 'x-github-delivery': id })).status).toBe(500);
    expect(await site.left()).toEqual(NOTHING);
    site.breakJobs(false);
    expect((await site.deliver(PUSH, { 'x-github-delivery': id })).answer.result).toBe('taken');
    expect((await site.left()).jobs).toEqual([LOOK]);
  });

  it('is known by the repository’s number, whatever it is called now', async () => {
    const renamed = JSON.stringify({ repository: { id: 42, full_name: 'acme/renamed' } });
    expect((await site.deliver(renamed)).answer.result).toBe('taken');
  });

  it.each(['application/json; charset=utf-8', 'application/x-www-form-urlencoded', 'text/plain', null])(
    'is read by its signature and its content, not by its content type: %s',
    async (type) => {
      expect((await site.deliver(PUSH, { 'content-type': type })).answer.result).toBe('taken');
    },
  );

  it('has letters of every kind in it', async () => {
    const body = PUSH.replace('refs/heads/main', 'refs/heads/ünïcode-🚀-\\u202e\\u0000\\ud800');
    expect((await site.deliver(body)).answer.result).toBe('taken');
  });
});

describe('a delivery that is not ours to take', () => {
  it('a ping is answered, and nothing happens', async () => {
    const ping = JSON.stringify({
      zen: 'Design for failure.',
      repository: { id: 42, full_name: 'acme/gitops' },
    });
    expect(await site.deliver(ping, { 'x-github-event': 'ping' })).toEqual({
      status: 200,
      answer: { result: 'pong' },
    });
    expect([await site.left(), site.asked()]).toEqual([NOTHING, 0]);
  });

  it.each(['star', 'workflow_run', 'PUSH', 'push ', '__proto__', 'constructor', 'x'.repeat(5000)])(
    'an event of no interest is ignored: %s',
    async (event) => {
      const { status, answer } = await site.deliver(PUSH, { 'x-github-event': event });
      // A header's spaces at its end are no part of it.
      expect([status, answer.result]).toEqual([
        202,
        event === 'push ' ? 'taken' : 'ignored: an event of no interest',
      ]);
    },
  );

  it.each<[string, unknown]>([
    ['another repository', { repository: { id: 7, full_name: 'evil/gitops' } }],
    ['no repository (an organisation’s event)', { organization: {} }],
    ['null for a repository', { repository: null }],
    ['a repository without a name', { repository: { id: 42 } }],
    ['a number in quotes', { repository: { id: '42', full_name: 'acme/gitops' } }],
    ['a list for a name', { repository: { id: 42, full_name: ['acme/gitops'] } }],
    ['NUL in the name', { repository: { id: 7, full_name: 'acme/gitops\u0000' } }],
    ['a repository inherited from a prototype', { ['__proto__']: { repository: { id: 42 } } }],
  ])('%s is ignored', async (_title, payload) => {
    const { status, answer } = await site.deliver(JSON.stringify(payload));
    expect([status, answer.result]).toEqual([202, 'ignored: another repository']);
    expect(await site.left()).toEqual(NOTHING);
  });

  it.each([
    ['commander-app[bot]', "ignored: the controller's own"],
    ['commander-app', 'taken'],
    ['', 'taken'],
    [null, 'taken'],
    [['commander-app[bot]'], 'taken'],
  ])('what the controller did itself is no news, what anybody else did is: %j', async (login, result) => {
    const sender = login === null ? null : { login };
    const payload = JSON.stringify({ ...JSON.parse(PUSH), sender });
    expect((await site.deliver(payload)).answer.result).toBe(result);
    expect((await site.left()).jobs).toHaveLength(result === 'taken' ? 1 : 0);
  });
});

describe('the endpoint', () => {
  it('is not there without a secret', async () => {
    const silent = await site.withoutSecret();
    const url = `${silent.url}/webhooks/github`;
    const response = await fetch(url, {
      method: 'POST',
      body: PUSH,
      headers: { 'x-hub-signature-256': sign(PUSH) },
    });
    expect(response.status).toBe(404);
    await silent.close();
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('knows no %s', async (method) => {
    expect((await fetch(site.url, { method })).status).toBe(404);
  });

  it('leaves the rest of the API closed, and its bodies small', async () => {
    expect(
      (await fetch(`${new URL(site.url).origin}/v1/plans`, { method: 'POST', body: PUSH })).status,
    ).not.toBe(200);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ intent: 'x'.repeat(300 * 1024) });
    expect([401, 413]).toContain(
      (await fetch(`${new URL(site.url).origin}/v1/approve`, { method: 'POST', headers, body })).status,
    );
  });
});
