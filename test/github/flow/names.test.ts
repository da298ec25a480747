import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPulls, done, expectNoDuplicates, merged, told } from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, REPOSITORY, until } from './site.js';

let at: GitHubSite;
let plans: Plans;
beforeAll(async () => {
  const services = ['alpha', 'bravo', 'charlie'].map((name) => ({ name }));
  at = await openGitHubSite({ services });
  plans = plansOf(at);
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

describe('an intent with an unusual name', () => {
  it('like the branch of an incident is told so, and the incident has its branch to itself', async () => {
    const commit = await at.ask('incident-1', 'Deploy bravo v1.0.0 to staging.');
    await told(at, commit, 'commander/intent', 'failure', 'the branch of an incident');
    const good = await plans.proposed('alpha');
    await done(at.review(good.number));
    await merged(at, good.number);
    await plans.ranOnce('alpha');
    await at.ask('alpha-2', 'Deploy alpha v1.2.0 to staging.');
    const bad = await at.pullOf('alpha-2');
    await done(at.review(bad.number));
    await merged(at, bad.number);
    expect(await at.site.ended('alpha-2')).toMatchObject({ status: 'rolled_back' });
    const incident = await until('the pull request of the incident', async () =>
      (await allPulls(at)).find(({ head, state }) => head.ref === 'commander/incident-1' && state === 'open'),
    );
    await told(at, incident.head.sha, 'commander/intent', 'success', 'no intent is changed');
    const { body } = await at.as('olga')(`GET /repos/${REPOSITORY}/pulls/${incident.number}/files`);
    expect((body as { filename: string }[]).map(({ filename }) => filename)).toEqual([
      expect.stringMatching(/^incidents\/.*alpha\.md$/),
    ]);
    await plans.neverRan('bravo');
  });

  it.each(['charlie.lock', 'a..b', 'x.'])(
    'that git takes for no branch (%s) is told so, and stops nothing',
    async (name) => {
      await at.ask(name, 'Deploy charlie v1.0.0 to staging.');
      const seen = await at.site.until(
        name,
        'to have a pull request, or a reason why not',
        ({ state, plan }) => state === 'broken' || plan?.branch != null || (plan?.reason ?? '') !== '',
      );
      if (seen.state === 'broken') expect(seen.detail.join(' ')).not.toBe('');
      await at.ask(`after-${name.length}`, 'Deploy charlie v1.1.0 to staging.');
      await at.pullOf(`after-${name.length}`);
    },
  );
});
