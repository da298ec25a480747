import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../end-to-end/harness.js';

const SENTENCE =
  'Production deployments must have run in staging for at least 24 hours and must never happen on Fridays after 16:00.';
const SOP = 'sops/production.md';

let site: Site;
beforeAll(async () => {
  site = await openSite({ services: [{ name: 'alpha' }, { name: 'bravo' }] });
});
afterAll(() => site.close());

describe('an SOP in plain English, with no model configured', () => {
  it('changes the findings of the very next plan, and quotes its sentence; removed, it is gone from them', async () => {
    await site.people.commit({ [SOP]: `# Production\n\n${SENTENCE}\n` }, 'How we release');
    await site.ask('alpha-1', 'Deploy alpha v1.0.0 to production.');
    const blocked = await site.inState('alpha-1', 'blocked');
    const detail = blocked.detail.join('\n');
    expect(detail).toContain(SENTENCE);
    expect(detail).toMatch(/staging/);
    expect(detail).toContain('/commander waive production');
    await site.people.commit({ [SOP]: null }, 'Not any more');
    const plan = await site.proposed('alpha-1');
    const file = await site.people.git('show', `${plan.branch}:plans/alpha-1.yaml`);
    expect(file).not.toContain('24 hours');
    expect(file).toContain('findings: []');
  });

  it('about another environment leaves a plan alone', async () => {
    await site.people.commit({ [SOP]: `# Production\n\n${SENTENCE}\n` }, 'How we release');
    await site.ask('bravo-1', 'Deploy bravo v1.0.0 to staging.');
    const plan = await site.proposed('bravo-1');
    expect(await site.people.git('show', `${plan.branch}:plans/bravo-1.yaml`)).not.toContain('24 hours');
  });
});
