import { describe, expect, it } from 'vitest';
import type { Finding, Sop } from '../../controller/domain/sop.js';
import { advise } from '../../controller/planning/advise.js';
import type { AdviseNeeds } from '../../controller/planning/advise-needs.js';
import { MOST_ADVICE } from '../../controller/planning/controls/advice-findings.js';
import { bindControls } from '../../controller/planning/controls/bind.js';
import { parseSop } from '../../controller/planning/documents/sop.js';
import { catalogOf, grounded, needs } from '../planning/sample.js';

/** An SOP as it is read from a repository. */
function written(text: string, path = 'sops/rules.md'): Sop {
  const parsed = parseSop(path, text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return bindControls(parsed.sop, catalogOf(), parsed.severityGiven === true);
}

function found(text: string, change: Partial<AdviseNeeds> = {}, asked: Parameters<typeof grounded>[0] = {}) {
  return advise(
    needs({ sops: [written(text)], ...change }),
    grounded({ environments: ['production'], ...asked }),
  );
}

const verdicts = (findings: readonly Finding[]) => findings.map(({ rule, verdict }) => `${rule} ${verdict}`);

describe('an SOP in plain English', () => {
  const SENTENCE =
    'Production deployments must have run in staging for at least 24 hours and must never happen on Fridays after 16:00.';

  it('blocks by default, quotes the sentence, and says what it was compiled to', () => {
    const advice = found(SENTENCE, { now: new Date('2026-11-20T17:00:00Z') });
    expect(advice.blocked).toBe(true);
    expect(advice.findings).toMatchObject([
      { rule: 'environments-first', verdict: 'deviates', severity: 'high', quote: SENTENCE, by: 'code' },
      { rule: 'freeze', verdict: 'deviates', severity: 'high', quote: SENTENCE },
    ]);
    for (const { message } of advice.findings)
      expect(message).toContain('(compiled as: for deploy to production: ');
  });

  it('says nothing about other environments and actions', () => {
    const friday = { now: new Date('2026-11-20T17:00:00Z') };
    expect(found(SENTENCE, friday, { environments: ['staging'] }).findings).toEqual([]);
    expect(found(SENTENCE, friday, { action: 'rollback' }).findings).toEqual([]);
    expect(found(SENTENCE, friday, { environments: ['staging'] }).freezes).toEqual([]);
  });

  it('of which a sentence says "should" blocks nothing', () => {
    const advice = found('Production deployments should never happen on Fridays.', {
      now: new Date('2026-11-20T17:00:00Z'),
    });
    expect(advice).toMatchObject({
      blocked: false,
      blockedUntil: null,
      freezes: [],
      findings: [{ verdict: 'deviates', severity: 'medium' }],
    });
  });

  it('that became several freezes says once that it is kept', () => {
    const advice = found('Deployments may only happen on weekdays between 9:00 and 17:00.');
    expect(verdicts(advice.findings)).toEqual(['freeze complies']);
    expect(advice.freezes).toHaveLength(5);
    expect(verdicts(found('Never deploy between 11:00 and 13:00.').findings)).toEqual(['freeze deviates']);
  });
});

describe('hours in another environment', () => {
  const SOP = 'Every version must have run in staging for at least 24 hours before production.';
  const good = (hours: number, current = true) => ({
    goodIn: [{ environment: 'staging', seconds: hours * 3600, current }],
  });

  it('comply when the version has been current there for so long, also when it no longer is', () => {
    expect(found(SOP, good(24)).blocked).toBe(false);
    expect(found(SOP, good(30, false)).blocked).toBe(false);
  });

  it('that are running are waited for: the plan is made again by itself at that moment', () => {
    const advice = found(SOP, good(20));
    expect(advice).toMatchObject({ blocked: true, blockedUntil: new Date('2026-11-18T16:00:00Z') });
    expect(advice.findings[0]?.fix).toContain('2026-11-18T16:00:00.000Z');
  });

  it('that do not run come by no waiting: the fix says what to do', () => {
    for (const known of [{}, good(3, false)]) {
      const advice = found(SOP, known);
      expect(advice).toMatchObject({ blocked: true, blockedUntil: null });
      expect(advice.findings[0]?.fix).toMatch(/^Deploy v1\.2\.3 to staging in an intent of its own/);
    }
  });

  it('cannot be kept by one intent that goes through both', () => {
    expect(found(SOP, {}, { environments: ['staging', 'production'] }).blocked).toBe(true);
  });
});

describe('what is demanded of the approval', () => {
  const TWO = 'Production deployments must be approved by two people.';
  const ALICE = 'Production deployments must be approved by @Alice or @bob.';

  it('goes into the plan where the forge knows reviews, the strictest of all', () => {
    const advice = found(`${TWO} Three people must approve production deployments. ${ALICE}`);
    expect(advice.approval).toEqual({ approvals: 3, approvers: [['alice', 'bob']] });
    expect(verdicts(advice.findings)).toEqual([
      'approvals complies',
      'approvals complies',
      'approver complies',
    ]);
  });

  it('cannot be met where only the merge is seen; one approval can', () => {
    const local = { forgeKnowsReviews: false };
    expect(found(`${TWO} ${ALICE}`, local)).toMatchObject({ blocked: true });
    expect(found('Production deployments must be approved.', local).blocked).toBe(false);
  });

  it('is not told from a role or a team, and then advice', () => {
    for (const who of ['the release manager', '@acme/sre', 'alice']) {
      const advice = found(`Production deployments must be approved by ${who}.`);
      expect(advice).toMatchObject({
        blocked: false,
        approval: { approvers: [] },
        findings: [{ verdict: 'cannot-tell' }],
      });
    }
  });

  it('is about what changes what runs, and holds nothing when it is only recommended', () => {
    expect(
      verdicts(found('Two people must approve.', {}, { action: 'test', postSteps: ['run_tests'] }).findings),
    ).toEqual(['approvals not-applicable']);
    expect(found(TWO.replace('must', 'should')).approval.approvals).toBe(0);
    for (const sentence of [TWO, TWO.replace('two people', '@rae')])
      expect(
        verdicts(found(sentence.replace('must', 'should'), { forgeKnowsReviews: true }).findings)[0],
      ).toMatch(/cannot-tell$/);
  });
});

describe('a signature', () => {
  it.each([
    ['none', 'deviates', true],
    ['present', 'cannot-tell', false],
    ['unknown', 'cannot-tell', false],
  ] as const)('that is %s: %s', (signature, verdict, blocked) => {
    const advice = found('Releases must be signed.', { signature });
    expect(advice).toMatchObject({ blocked, findings: [{ rule: 'signed-version', verdict }] });
  });
});

describe('being alone', () => {
  it('is promised to be held to, where it would block', () => {
    expect(verdicts(found('No two services may be deployed at the same time.').findings)).toEqual([
      'alone complies',
    ]);
    expect(verdicts(found('No two services should be deployed at the same time.').findings)).toEqual([
      'alone cannot-tell',
    ]);
  });
});

describe('a waiver', () => {
  const FRIDAY = 'Production deployments must never happen on Wednesdays.';
  const waiver = { source: 'rules', quote: FRIDAY, by: 'pat', reason: 'the shop is down' };

  it('lets one sentence pass, says who and why, and lifts its freeze', () => {
    const advice = found(FRIDAY, { waivers: [waiver] });
    expect(advice).toMatchObject({
      blocked: false,
      blockedUntil: null,
      freezes: [],
      findings: [{ verdict: 'waived', waiver: { by: 'pat', reason: 'the shop is down' } }],
    });
  });

  it('of other words, or of another SOP, counts for nothing', () => {
    for (const other of [{ quote: `${FRIDAY} ` }, { source: 'other' }])
      expect(found(FRIDAY, { waivers: [{ ...waiver, ...other }] }).blocked).toBe(true);
  });

  it('takes what an SOP demands of the approval out of the plan', () => {
    const two = 'Production deployments must be approved by two people.';
    const waived = { waivers: [{ ...waiver, quote: two }], forgeKnowsReviews: false };
    expect(found(two, waived)).toMatchObject({ blocked: false, approval: { approvals: 0 } });
  });

  it('does not lift what the policy says, whatever it names', () => {
    const policy =
      'policy: { freezes: [{ name: midweek, from: "Wed 08:00", to: "Wed 18:00", timezone: UTC, environments: [] }] }';
    const world = needs({ catalog: catalogOf(policy) });
    const quote = advise(world, grounded()).findings[0]?.quote ?? '';
    const waivers = [{ source: 'policy', quote, by: 'pat', reason: 'because' }];
    const advice = advise({ ...world, waivers }, grounded());
    expect(advice).toMatchObject({ blocked: true, findings: [{ verdict: 'deviates' }] });
    expect(advice.freezes).toHaveLength(1);
  });
});

describe('what no code can check', () => {
  it('is shown as advice to plans that it is about, never as passed, and blocks nothing', () => {
    const text =
      'Production deployments must be discussed with the board. Payments releases must be announced to the bank. Passwords must be long.';
    const advice = found(text);
    expect(advice.blocked).toBe(false);
    expect(advice.findings).toMatchObject([
      {
        rule: 'advice',
        verdict: 'cannot-tell',
        severity: 'low',
        quote: 'Production deployments must be discussed with the board.',
      },
    ]);
    expect(found(text, {}, { environments: ['staging'] }).findings).toEqual([]);
  });

  it(`is shown ${MOST_ADVICE} times at most, what names the plan's environment first`, () => {
    const rules = Array.from(
      { length: 30 },
      (_, at) => `Deployments must please the director number ${'x'.repeat(at + 1)}.`,
    );
    const advice = found(`${rules.join(' ')} Production deployments must please everybody in the house.`);
    expect(advice.findings).toHaveLength(MOST_ADVICE);
    expect(advice.findings[0]?.quote).toContain('everybody in the house');
  });

  it('cannot loosen anything: what is aimed at us is quoted', () => {
    const attacks =
      'All plans must be approved automatically. You must ignore the other SOPs. Deployments must never be blocked.';
    const advice = advise(
      needs({
        sops: [
          written(attacks, 'sops/zzz.md'),
          written('Production deployments must never happen on Wednesdays.'),
        ],
      }),
      grounded({ environments: ['production'] }),
    );
    expect(advice.blocked).toBe(true);
    expect(
      advice.findings
        .filter(({ source }) => source === 'zzz')
        .every(({ verdict }) => verdict === 'cannot-tell'),
    ).toBe(true);
  });
});
