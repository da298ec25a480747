import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';
import { ENVIRONMENTS } from './support/catalog.js';

let site: Site;
const CANARY = { name: 'canary', runtime: 'process', guards: { errorRate: '2%', watch: '1s' } };
const [FROM, TO] = [dayFromNow(-1), dayFromNow(2)];
const FROZEN_BY_SOP = `---
id: inventory
severity: high
applies: { services: [delta], environments: [production] }
rules:
  - freeze: { name: stocktaking, from: "${FROM}", to: "${TO}", timezone: UTC }
---
# Stocktaking

Nothing is deployed while we count.
`;
const SMOKE_FIRST = `---
id: smoke-first
severity: high
applies: { services: [echo] }
rules:
  - requireSteps: [smoke_tests]
---
# Smoke tests

The smoke tests must pass before users reach a new version.
`;

beforeAll(async () => {
  const names = ['alpha', 'bravo', 'delta', 'echo', 'foxtrot', 'golf'];
  site = await openSite({
    services: names.map((name) => ({ name })),
    environments: [...ENVIRONMENTS, CANARY],
    policy: { freezes: [{ name: 'audit', from: FROM, to: TO, timezone: 'UTC', environments: ['canary'] }] },
    sops: { 'stocktaking.md': FROZEN_BY_SOP },
  });
});

afterAll(() => site.close());

describe.concurrent('quarantine', () => {
  it('a version that was rolled back cannot be deployed again until a person lifts it', async () => {
    expect((await site.release('alpha-good', 'Deploy alpha v1.0.0 to staging')).status).toBe('succeeded');
    expect((await site.release('alpha-bad', 'Deploy alpha v1.2.0 to staging')).status).toBe('rolled_back');
    await site.answers('alpha', 'staging', 'v1.0.0');
    const { id } = await site.incident('alpha', 'resolved');
    await waitFor(
      'the incident on its branch',
      async () => (await site.people.git('branch', '--list', `commander/incident-${id}`)) !== '',
    );
    await site.ask('alpha-again', 'Deploy alpha v1.2.0 to production');
    const blocked = await site.inState('alpha-again', 'blocked');
    expect(blocked.detail.join(' ')).toMatch(/alpha v1\.2\.0 .* is quarantined: .*quarantine lift/s);
    expect(blocked.plan).toBe(null);

    const list =
      await site.client.get<readonly { readonly id: number; readonly service: string }[]>('/v1/quarantine');
    const record = list.find(({ service }) => service === 'alpha');
    await site.command('quarantine/lift', { id: record?.id, reason: 'it was the database' });
    await site.proposed('alpha-again');
    await expect(site.command('quarantine/lift', { id: record?.id })).rejects.toThrow('no quarantine');
  });
});

describe.concurrent('freezes', () => {
  it('a freeze of an SOP blocks a deploy to its environments only, and quotes the SOP', async () => {
    await site.ask('delta', 'Deploy delta v1.0.0 to production');
    const { detail } = await site.inState('delta', 'blocked');
    expect(detail.join(' ')).toMatch(
      /inventory: production is frozen by "stocktaking" until .*Nothing is deployed while we count/s,
    );
    await site.ask('delta-staging', 'Deploy delta v1.0.0 to staging');
    await site.proposed('delta-staging');
  });
});

describe.concurrent('SOPs', () => {
  it('one that is added between the proposal and its merge keeps the plan from running', async () => {
    await site.ask('echo', 'Deploy echo v1.0.0 to staging');
    const { branch, digest } = await site.proposed('echo');
    await site.people.alone(async (git) => {
      await git('checkout', '--quiet', '--detach');
      await site.people.commitNow({ 'sops/smoke-first.md': SMOKE_FIRST }, 'Smoke tests from now on');
      await git('merge', '--quiet', '--no-ff', '--no-edit', branch);
      await git('checkout', '--quiet', '-B', 'main');
    });
    const intent = await site.inState('echo', 'blocked');
    expect(intent.detail.join(' ')).toMatch(
      /smoke-first: smoke_tests is required and not in the plan.*must pass before users reach/s,
    );
    expect(intent.plans.find((plan) => plan.digest === digest)?.status).toBe('stale');
    expect(await site.executions('echo')).toEqual([]);
    await site.ask('echo', 'Deploy echo v1.0.0 to staging and run the smoke tests');
    await site.proposed('echo');
  });

  it('one that is broken is told with its file, line and fix, stands in every plan as not checked, and the rest goes on', async () => {
    await site.people.commit(
      { 'sops/broken.md': '---\nid: broken\nseverity: extreme\n---\n# Broken\n' },
      'An SOP',
    );
    const problem = await waitFor('the SOP to be told', async () =>
      (await site.status()).repositories[0]?.fileProblems.find((text) => text.includes('broken.md')),
    );
    expect(problem).toMatch(/^sops\/broken\.md:3: severity: "extreme"/);
    await site.ask('foxtrot', 'Deploy foxtrot v1.0.0 to staging');
    await site.proposed('foxtrot');
    expect((await site.intent('foxtrot'))?.body).toMatch(
      /sops\/broken.*was not checked|not checked.*sops\/broken/s,
    );
    await site.people.commit({ 'sops/broken.md': null }, 'Away with it');
  });
});

describe.concurrent('secrets', () => {
  it('an intent with a token in it is refused without repeating it, anywhere', async () => {
    const token = `ghp_${'Zq8Wx3Vb7Nm2'.repeat(3)}`;
    await site.ask('golf', `Deploy golf v1.0.0 to staging with the token ${token}`);
    const intent = await site.inState('golf', 'broken', 'refused');
    expect(intent.detail.join(' ')).toMatch(/credential/);
    await site.people.commit(
      { [`intents/golf-two.yaml`]: `kind: Intent\npassword: ${token}\n` },
      'Another one',
    );
    await site.inState('golf-two', 'broken');
    await site.ask('golf-three', 'Deploy golf v1.0.0 to staging', { version: token });
    await site.inState('golf-three', 'broken', 'refused', 'question');
    const said = await everythingSaid();
    for (const [where, text] of said) expect(text.includes(token), where).toBe(false);
    expect(said.length).toBeGreaterThan(6);
  });
});

describe('the end of a freeze', () => {
  it('a freeze of the policy blocks a deploy, says until when, and the end of it lets the deploy go on by itself', async () => {
    await site.ask('bravo', 'Deploy bravo v1.0.0 to canary');
    const { detail } = await site.inState('bravo', 'blocked');
    expect(detail.join(' ')).toMatch(/canary is frozen by "audit" until \d{4}-\d\d-\d\dT00:00:00\.000Z/);
    await site.editCatalog((catalog) => ({ ...catalog, policy: {} }));
    const plan = await site.proposed('bravo');
    expect(plan.status).toBe('pending_approval');
  });
});

/** Midnight of a day before or after today, as a freeze writes it. */
function dayFromNow(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day.getUTCDay()]} 00:00`;
}

/** All that the controller tells anyone: answers, log, metrics, audit, branches, and what it keeps in its folder. */
async function everythingSaid(): Promise<readonly (readonly [string, string])[]> {
  const paths = [
    '/v1/status',
    '/v1/intents/golf',
    '/v1/intents/golf-two',
    '/v1/intents/golf-three',
    '/v1/audit',
    '/v1/executions',
  ];
  const answers = await Promise.all(
    paths.map(async (path) => [path, JSON.stringify(await site.client.get<unknown>(path))] as const),
  );
  const branches = (await site.people.git('branch', '--list', 'commander/golf*', '--format=%(refname:short)'))
    .split('\n')
    .filter(Boolean);
  const files = await Promise.all(
    branches.map(async (branch) => [branch, await site.people.git('log', '-p', `main..${branch}`)] as const),
  );
  const folder = (await readdir(site.dataDir)).filter((name) => name !== 'token').join();
  return [
    ...answers,
    ...files,
    ['log', await site.log()],
    ['metrics', await site.metrics()],
    [join(site.dataDir), folder],
  ];
}
