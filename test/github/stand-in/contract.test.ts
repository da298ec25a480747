import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContract } from '../contract/contract.js';
import { type RowTarget, rows } from '../contract/rows.js';
import type { HeldToContract } from './held-to-contract.js';
import type { GitHub } from './server.js';
import { appKey, heldGitHub, signedJwt } from './support.js';

const contract = createContract();
let held: HeldToContract;
let github: GitHub;
let end: () => Promise<void>;
let target: RowTarget;

beforeAll(async () => {
  ({ github, held, end } = await heldGitHub(contract));
  const { token } = github.addUser('ada', { name: 'Ada', email: 'ada@example.com' });
  await github.createRepository('acme/gitops', { files: { 'README.md': 'hello\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
  github.addWebhook('acme/gitops', { url: 'http://127.0.0.1:9/', secret: 's' });
  const pem = appKey();
  const permissions = {
    contents: 'write',
    pull_requests: 'write',
    issues: 'write',
    checks: 'write',
    statuses: 'write',
    deployments: 'write',
  } as const;
  github.addApp({ slug: 'commander', appId: 7, privateKey: pem, permissions, events: ['push'] });
  const installation = github.installApp(7, 'acme/gitops');
  target = {
    url: github.url,
    token,
    owner: 'acme',
    repo: 'gitops',
    app: { jwt: signedJwt(7, pem), installation },
  };
});
afterAll(() => end());

describe('the stand-in answers as GitHub does', () => {
  for (const { title, run } of rows) it(title, () => run(target, contract));

  it('and nothing that it said or sent while the rows ran is against the description', () => {
    expect(held.breaches).toEqual([]);
  });
});
