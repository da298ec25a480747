import { describe, expect, test } from 'vitest';
import { NO_GUARDS } from '../../controller/domain/catalog.js';
import { advise } from '../../controller/planning/advise.js';
import { COMMIT, catalogOf, grounded, needs, quarantined, sop } from './sample.js';

const deviations = (advice: ReturnType<typeof advise>) =>
  advice.findings.filter((finding) => finding.verdict === 'deviates');

describe('guards', () => {
  test('come from the intent, then the service, then the environment, then the configuration', () => {
    const both = { environments: ['staging', 'production'] };
    const plain = advise(needs(), grounded(both));
    expect(plain.guards.get('staging')).toMatchObject({ errorRate: 0.05, watchSeconds: 300 });
    expect(plain.guards.get('production')).toMatchObject({ errorRate: 0.02, watchSeconds: 600 });
    const asked = advise(
      needs(),
      grounded({ ...both, guards: { errorRate: 0.01, latencyP95Ms: 400, watchMinutes: 15 } }),
    );
    expect(asked.guards.get('production')).toMatchObject({
      errorRate: 0.01,
      latencyP95Ms: 400,
      watchSeconds: 900,
    });
  });

  test('an SOP tightens a default, and says so with the passage', () => {
    const tighter = sop({
      kind: 'guards',
      guards: { ...NO_GUARDS, errorRate: 0.01 },
      quote: 'At most 1 % may fail.',
    });
    const advice = advise(needs({ sops: [tighter] }), grounded());
    expect(advice.guards.get('staging')?.errorRate).toBe(0.01);
    expect(advice.findings).toMatchObject([
      { source: 'rules', verdict: 'tightened', quote: 'At most 1 % may fail.' },
    ]);
    expect(advice.blocked).toBe(false);
  });

  test('an SOP never loosens a guard', () => {
    const looser = sop({
      kind: 'guards',
      guards: { ...NO_GUARDS, errorRate: 0.5, watchSeconds: 1 },
      quote: 'q',
    });
    expect(advise(needs({ sops: [looser] }), grounded()).guards.get('staging')).toMatchObject({
      errorRate: 0.05,
      watchSeconds: 300,
    });
  });

  test('an intent that asks for more loosely than an SOP allows deviates, and blocks at its severity', () => {
    const tighter = sop({ kind: 'guards', guards: { ...NO_GUARDS, errorRate: 0.01 }, quote: 'q' });
    const loose = grounded({ guards: { errorRate: 0.2, latencyP95Ms: null, watchMinutes: null } });
    expect(advise(needs({ sops: [tighter] }), loose).blocked).toBe(true);
    expect(advise(needs({ sops: [{ ...tighter, severity: 'medium' }] }), loose).blocked).toBe(false);
    const strict = needs({
      sops: [{ ...tighter, severity: 'medium' }],
      catalog: catalogOf('policy: { blockAt: medium }'),
    });
    expect(advise(strict, loose).blocked).toBe(true);
  });
});

describe('SOPs', () => {
  const smoke = sop({ kind: 'require-steps', steps: ['smoke_tests'], quote: 'Smoke tests must pass.' });

  test('a required step that is missing deviates, with the words to add; with the step it complies', () => {
    expect(deviations(advise(needs({ sops: [smoke] }), grounded()))).toMatchObject([
      { rule: 'require-steps', fix: 'Add "run the smoke tests" to the intent' },
    ]);
    expect(deviations(advise(needs({ sops: [smoke] }), grounded({ postSteps: ['smoke_tests'] })))).toEqual(
      [],
    );
  });

  test('apply only to their services, environments and actions', () => {
    const scopes = [
      { services: ['payments'], environments: [], actions: [] },
      { services: [], environments: ['production'], actions: [] },
      { services: [], environments: [], actions: ['rollback' as const] },
    ];
    for (const scope of scopes)
      expect(advise(needs({ sops: [{ ...smoke, scope }] }), grounded()).findings).toEqual([]);
  });

  test('an environment comes first: in the same intent before it, or good there already', () => {
    const first = sop(
      { kind: 'environments-first', environments: ['staging'], hours: null, quote: 'Staging first.' },
      { scope: { services: [], environments: ['production'], actions: [] } },
    );
    expect(advise(needs({ sops: [first] }), grounded({ environments: ['production'] })).blocked).toBe(true);
    expect(
      advise(needs({ sops: [first] }), grounded({ environments: ['production', 'staging'] })).blocked,
    ).toBe(true);
    expect(
      advise(needs({ sops: [first] }), grounded({ environments: ['staging', 'production'] })).blocked,
    ).toBe(false);
    expect(
      advise(
        needs({ sops: [first], goodIn: [{ environment: 'staging', seconds: 60, current: true }] }),
        grounded({ environments: ['production'] }),
      ).blocked,
    ).toBe(false);
  });

  test('a pinned version is a release tag or a commit, not a branch, latest or nothing', () => {
    const pinned = sop({ kind: 'pinned-version', quote: 'Only release tags.' });
    for (const version of [null, 'main', 'latest'])
      expect(advise(needs({ sops: [pinned] }), grounded({ version })).blocked).toBe(true);
    for (const version of ['v1.2.3', '1.2', COMMIT.slice(0, 8)])
      expect(advise(needs({ sops: [pinned] }), grounded({ version })).blocked).toBe(false);
  });
});

describe('policy', () => {
  const frozen =
    'policy: { freezes: [{ name: midweek, from: "Wed 08:00", to: "Wed 18:00", timezone: UTC, environments: [production] }] }';

  test('a freeze blocks a deploy until it ends, in its environments', () => {
    const world = needs({ catalog: catalogOf(frozen) });
    const advice = advise(world, grounded({ environments: ['production'] }));
    expect(advice).toMatchObject({ blocked: true, blockedUntil: new Date('2026-11-18T18:00:00Z') });
    expect(advise(world, grounded({ environments: ['staging'] })).blocked).toBe(false);
  });

  test("an SOP's freeze holds an approved plan up only where the SOP would block", () => {
    const freeze = { name: 'nights', from: 'Wed 08:00', to: 'Wed 18:00', timezone: 'UTC', environments: [] };
    const nights = sop({ kind: 'freeze', freeze, quote: 'Not at night.' });
    expect(advise(needs({ sops: [nights] }), grounded()).freezes).toHaveLength(1);
    expect(advise(needs({ sops: [{ ...nights, severity: 'medium' }] }), grounded()).freezes).toEqual([]);
    expect(advise(needs({ sops: [{ ...nights, severity: 'medium' }] }), grounded())).toMatchObject({
      blocked: false,
      findings: [{ verdict: 'deviates' }],
    });
  });

  test('a freeze does not keep anybody from going back', () => {
    expect(
      advise(
        needs({ catalog: catalogOf(frozen) }),
        grounded({ action: 'rollback', environments: ['production'] }),
      ).blocked,
    ).toBe(false);
  });

  test('a quarantined version is blocked, and the fix names its number; its tests are not', () => {
    const world = needs({ quarantine: [quarantined(COMMIT)] });
    expect(deviations(advise(world, grounded()))).toMatchObject([
      { rule: 'quarantine', fix: expect.stringContaining('commander quarantine lift 7') },
    ]);
    expect(advise(world, grounded({ action: 'test', postSteps: ['run_tests'] })).blocked).toBe(false);
    expect(advise(needs({ quarantine: [quarantined('b'.repeat(40))] }), grounded()).blocked).toBe(false);
  });

  test('a step without a script, and a script outside the allow-list, block', () => {
    expect(deviations(advise(needs(), grounded({ postSteps: ['notify'] })))).toMatchObject([
      { rule: 'configured-steps' },
    ]);
    expect(deviations(advise(needs({ scripts: [] }), grounded({ postSteps: ['run_tests'] })))).toMatchObject([
      { rule: 'script-allow-list' },
    ]);
  });

  test('an environment whose runtime this controller does not have is blocked', () => {
    expect(deviations(advise(needs({ runtimes: ['docker'] }), grounded()))).toMatchObject([
      { rule: 'runtime', environment: 'staging' },
    ]);
  });
});
