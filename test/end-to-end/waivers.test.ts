import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waive } from '../../controller/cli/commands.js';
import { describeIntent, type IntentDetail } from '../../controller/cli/status.js';
import { openSite, PERSON, type Site } from './harness.js';

let site: Site;
const WHY = 'the runner of the tests burned down';
const SMOKE_FIRST = `---
id: smoke-first
severity: high
applies: { services: [alpha, bravo, delta] }
rules:
  - requireSteps: [smoke_tests]
---
# Smoke tests

The smoke tests must pass before users reach a new version.
`;
const FROZEN = `---
id: inventory
severity: high
applies: { services: [charlie], environments: [production] }
rules:
  - freeze: { name: stocktaking, from: "${dayFromNow(-1)}", to: "${dayFromNow(2)}", timezone: UTC }
---
# Stocktaking

Nothing is deployed while we count.
`;

beforeAll(async () => {
  site = await openSite({
    services: ['alpha', 'bravo', 'charlie', 'delta'].map((name) => ({ name })),
    sops: { 'smoke.md': SMOKE_FIRST, 'stocktaking.md': FROZEN },
  });
});
afterAll(() => site.close());

/** `commander waive`, as a person types it; what it prints. */
async function commanderWaive(intent: string, sop: string, reason: string): Promise<string> {
  const printed: string[] = [];
  const context = { ...site.context(), out: (text: string) => printed.push(text) };
  expect(await waive(context, intent, sop, { reason })).toBe(0);
  return printed.join('\n');
}

describe.concurrent('a plan that an SOP blocks', () => {
  it('is proposed once a person waives it, shows that, and runs when it is merged', async () => {
    await site.ask('alpha', 'Deploy alpha v1.0.0 to staging');
    const blocked = await site.inState('alpha', 'blocked');
    expect(blocked.detail.join(' ')).toContain('commander waive alpha smoke-first --reason <why>');
    expect(await commanderWaive('alpha', 'smoke-first', WHY)).toMatch(/is waived for alpha.*no approval/);
    const { branch } = await site.proposed('alpha');
    const detail = await site.client.get<IntentDetail>('/v1/intents/alpha');
    expect(detail.waivers).toMatchObject([{ sop: 'smoke-first', by: PERSON.name, reason: WHY }]);
    expect(detail.body).toContain(`Waived by ${PERSON.name}: ${WHY}`);
    expect(describeIntent(detail)).toContain(`waived: smoke-first, by ${PERSON.name}: ${WHY}`);
    expect(await site.executions('alpha')).toEqual([]);
    await site.people.merge(branch);
    expect((await site.ended('alpha')).status).toBe('succeeded');
    await site.answers('alpha', 'staging', 'v1.0.0');
  });

  it('is not proposed while nobody does, whatever is refused meanwhile', async () => {
    await site.ask('bravo', 'Deploy bravo v1.0.0 to staging');
    await site.inState('bravo', 'blocked');
    await expect(
      site.command('waive', { intent: 'bravo', sop: 'smoke-first', reason: 'urgent' }),
    ).rejects.toThrow(/Say why/);
    await expect(site.command('waive', { intent: 'bravo', sop: 'policy', reason: WHY })).rejects.toThrow(
      /Only what an SOP demands/,
    );
    await expect(site.command('waive', { intent: 'bravo', sop: 'smoke-first' })).rejects.toThrow(/reason/);
    await expect(
      site.command('waive', { intent: 'nobody', sop: 'smoke-first', reason: WHY }),
    ).rejects.toThrow(/no intent "nobody"/);
    await site.client.post('/v1/look', {});
    expect((await site.intent('bravo'))?.plan).toBe(null);
    expect((await site.people.git('branch', '--list', 'commander/bravo')).trim()).toBe('');
    expect(await site.executions('bravo')).toEqual([]);
  });

  it('because of its freeze runs in the middle of that, once it is waived and merged', async () => {
    await site.ask('charlie', 'Deploy charlie v1.0.0 to production');
    await site.inState('charlie', 'blocked');
    await commanderWaive('charlie', 'inventory', 'the count was over at noon');
    await site.people.merge((await site.proposed('charlie')).branch);
    expect((await site.ended('charlie')).status).toBe('succeeded');
    await site.answers('charlie', 'production', 'v1.0.0');
  });

  it('was waived with other words in mind: a reworded SOP blocks the merged plan again', async () => {
    await site.ask('delta', 'Deploy delta v1.0.0 to staging');
    await site.inState('delta', 'blocked');
    await commanderWaive('delta', 'smoke-first', WHY);
    const { branch } = await site.proposed('delta');
    await site.people.alone(async (git) => {
      await git('checkout', '--quiet', '--detach');
      const stricter = SMOKE_FIRST.replace('id: smoke-first', 'id: smoke-always')
        .replace('[alpha, bravo, delta]', '[delta]')
        .replace('must pass', 'must always pass');
      await site.people.commitNow({ 'sops/smoke-always.md': stricter }, 'Always');
      await git('merge', '--quiet', '--no-ff', '--no-edit', branch);
      await git('checkout', '--quiet', '-B', 'main');
    });
    const intent = await site.inState('delta', 'blocked');
    expect(intent.detail.join(' ')).toMatch(/smoke-always.*must always pass/s);
    expect(await site.executions('delta')).toEqual([]);
  });
});

/** Midnight of a day before or after today, as a freeze writes it. */
function dayFromNow(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day.getUTCDay()]} 00:00`;
}
