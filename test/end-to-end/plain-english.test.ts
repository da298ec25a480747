import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from './harness.js';
import { ENVIRONMENTS } from './support/catalog.js';

let site: Site;
const CANARY = { name: 'canary', runtime: 'process', guards: { errorRate: '2%', watch: '10m' } };
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Today, and tomorrow for when it is late. */
const [TODAY, TOMORROW] = [0, 1].map(
  (days) => WEEKDAYS[new Date(Date.now() + days * 86_400_000).getUTCDay()],
);
const SENTENCE = `Production deployments must have run in staging for at least 24 hours and must never happen on ${TODAY}s or ${TOMORROW}s.`;

beforeAll(async () => {
  site = await openSite({
    services: ['alpha', 'bravo', 'delta', 'echo'].map((name) => ({ name })),
    environments: [...ENVIRONMENTS, CANARY],
    sops: { 'alone.md': '# Canary\n\nNo two services may be deployed to canary at the same time.\n' },
  });
});

afterAll(() => site.close());

describe('an SOP in plain English, with no model', () => {
  it('changes the findings of the very next plan, quoted; removing its file removes them', async () => {
    await site.ask('alpha-before', 'Deploy alpha v1.0.0 to production');
    await site.proposed('alpha-before');
    await site.people.commit({ 'sops/careful.md': `# Being careful\n\n${SENTENCE}\n` }, 'An SOP');

    await site.ask('alpha-after', 'Deploy alpha v1.1.0 to production');
    const blocked = await site.inState('alpha-after', 'blocked');
    expect(blocked.detail.join('\n')).toContain(`"${SENTENCE}"`);
    expect(blocked.detail.join('\n')).toMatch(
      /careful: v1\.1\.0 has to have run in staging for 24 h before production/,
    );
    expect(blocked.detail.join('\n')).toMatch(
      /careful: production is frozen by .*compiled as: for deploy to production: no deployments/,
    );
    await site.ask('alpha-staging', 'Deploy alpha v1.1.0 to staging');
    await site.proposed('alpha-staging');

    // What was proposed before is no more, either.
    expect((await site.inState('alpha-before', 'blocked')).detail.join('\n')).toContain(SENTENCE);
    expect((await site.executions('alpha')).length).toBe(0);

    await site.people.commit({ 'sops/careful.md': null }, 'Away with it');
    await site.proposed('alpha-after');
    expect((await site.intent('alpha-after'))?.body).not.toContain(SENTENCE);
  });

  it('that demands two approvals blocks where nobody reviews, and says what to do', async () => {
    const rule = 'Production deployments of bravo must be approved by two people.';
    await site.people.commit({ 'sops/payments/two.txt': `${rule}\n` }, 'An SOP in a folder of its own');
    await site.ask('bravo', 'Deploy bravo v1.0.0 to production');
    expect((await site.inState('bravo', 'blocked')).detail.join('\n')).toMatch(
      /payments\.two: 2 approvals are required, and this forge knows no reviews.*have it waived/s,
    );
    await site.people.commit({ 'sops/payments/two.txt': null }, 'Away with it');
    await site.proposed('bravo');
  });

  it('that wants services to be alone makes the second one wait for the first', async () => {
    await site.ask('delta', 'Deploy delta v1.0.0 to canary');
    await site.people.merge((await site.proposed('delta')).branch);
    const first = await site.until('delta', 'to be watched', ({ executions }) =>
      executions.some(({ reason }) => reason.startsWith('watching')),
    );
    await site.ask('echo', 'Deploy echo v1.0.0 to canary');
    await site.people.merge((await site.proposed('echo')).branch);
    const waiting = await site.until('echo', 'to wait for delta', ({ executions }) =>
      executions.some(({ reason }) => reason.startsWith('alone in canary')),
    );
    expect(waiting.executions[0]?.reason).toBe(
      `alone in canary, as an SOP demands: waits for execution ${first.executions[0]?.id} in canary/delta`,
    );
    expect(waiting.executions[0]?.steps.every(({ status }) => status === 'pending')).toBe(true);
    await site.command('abort', { execution: first.executions[0]?.id, reason: 'enough' });
    await site.until('echo', 'to be watched', ({ executions }) =>
      executions.some(({ reason }) => reason.startsWith('watching')),
    );
  });
});
