import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAll } from './answering.js';
import type { GitHub } from './server.js';
import { branchWith, type Client, client, commitOn, heldGitHub } from './support.js';

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let github: GitHub;
let end: () => Promise<void>;
let receiver: Server;
let answerWith = 200;
const received: Received[] = [];
let ada: Client;
let bob: Client;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const body = (await readAll(request)).toString();
    if (answerWith === 200) received.push({ headers: request.headers, body });
    response.writeHead(answerWith).end();
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  ({ github, end } = await heldGitHub());
  ada = client(github, github.addUser('ada').token);
  bob = client(github, github.addUser('bob').token);
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
  github.setPermission('acme/gitops', 'bob', 'write');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  github.addWebhook('acme/gitops', { url, secret: 'quiet' });
  await github.webhooksSettled();
});
afterAll(async () => {
  await end();
  receiver.close();
});
beforeEach(() => {
  received.length = 0;
  github.faults.clear();
});

function names(): string[] {
  return received.map(({ headers, body }) => {
    const { action } = JSON.parse(body) as { action?: string };
    return action === undefined
      ? String(headers['x-github-event'])
      : `${headers['x-github-event']} ${action}`;
  });
}

describe('webhooks', () => {
  it('tell of a pull request from its branch to its merge, each signed', async () => {
    const head = await branchWith(ada, 'acme/gitops', 'change', { 'b.txt': 'b\n' });
    const pull = (await ada(`POST ${repo}/pulls`, { title: 'Change', head: 'change', base: 'main' })).body;
    const next = await commitOn(ada, 'acme/gitops', head, { 'c.txt': 'c\n' });
    await ada(`PATCH ${repo}/git/refs/heads/change`, { sha: next });
    await bob(`POST ${repo}/pulls/${pull.number}/reviews`, { event: 'APPROVE' });
    await bob(`POST ${repo}/issues/${pull.number}/comments`, { body: '/apply' });
    await ada(`POST ${repo}/statuses/${next}`, { state: 'success', context: 'ci' });
    await bob(`PUT ${repo}/pulls/${pull.number}/merge`);
    await github.webhooksSettled();
    expect(names()).toEqual([
      'push',
      'create',
      'pull_request opened',
      'push',
      'pull_request synchronize',
      'pull_request_review submitted',
      'issue_comment created',
      'status',
      'push',
      'pull_request closed',
    ]);
    for (const { headers, body } of received) {
      const signature = createHmac('sha256', 'quiet').update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
      expect(headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
    }
    const closed = JSON.parse(received.at(-1)?.body ?? '');
    expect(closed).toMatchObject({
      sender: { login: 'bob' },
      pull_request: { merged: true, merged_by: { login: 'bob' } },
    });
    const synchronize = JSON.parse(received[4]?.body ?? '');
    expect(synchronize).toMatchObject({
      before: head,
      after: next,
      repository: { full_name: 'acme/gitops' },
    });
  });

  it('that failed are kept with their status and sent again on request', async () => {
    answerWith = 503;
    await ada(`POST ${repo}/issues`, { title: 'Lost' });
    await github.webhooksSettled();
    answerWith = 200;
    const lost = github.deliveries('acme/gitops').at(-1);
    expect(lost).toMatchObject({ event: 'issues', statusCode: 503 });
    github.redeliver('acme/gitops', lost?.id ?? 0);
    await github.webhooksSettled();
    expect(received.map(({ headers }) => headers['x-github-delivery'])).toEqual([lost?.guid]);
    expect(github.deliveries('acme/gitops').at(-1)).toMatchObject({ redelivery: true, statusCode: 200 });
  });

  it('can be dropped, come three times, or in another order', async () => {
    github.faults.set({ webhooks: 'drop' });
    await ada(`POST ${repo}/issues`, { title: 'One' });
    github.faults.set({ webhooks: 'thrice' });
    await ada(`POST ${repo}/issues`, { title: 'Two' });
    await github.webhooksSettled();
    expect(names()).toEqual(['issues opened', 'issues opened', 'issues opened']);
    received.length = 0;
    github.faults.set({ webhooks: 'reorder' });
    await ada(`POST ${repo}/issues`, { title: 'Three', labels: ['x'] });
    await github.webhooksSettled();
    expect(names()).toEqual(['issues labeled', 'issues opened']);
  });
});
