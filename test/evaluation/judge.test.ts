import { describe, expect, test } from 'vitest';
import type { Interpretation, Request } from '../../controller/domain/interpretation.js';
import { judge } from '../../controller/evaluation/judge.js';
import { median, tally } from '../../controller/evaluation/tally.js';

const NO_GUARDS = { errorRate: null, latencyP95Ms: null, watchMinutes: null };
const REQUEST: Request = {
  action: 'deploy',
  service: 'checkout',
  version: '1.2.0',
  environments: ['staging', 'production'],
  postSteps: ['smoke_tests'],
  guards: { ...NO_GUARDS, errorRate: 0.02 },
};
const plan = (changes: Partial<Request> = {}): Interpretation => ({
  outcome: 'plan',
  request: { ...REQUEST, ...changes },
  evidence: {},
});
const CLARIFY: Interpretation = { outcome: 'clarify', questions: [], evidence: {} };
const REFUSE: Interpretation = { outcome: 'refuse', reason: 'no', evidence: {} };
const LABEL = { outcome: 'plan', ...REQUEST } as const;

describe('one reading held against its label', () => {
  test('is exact when every field is as labelled, environments in their order', () => {
    expect(judge(LABEL, plan())).toMatchObject({ exact: true, wronglyAccepted: false });
    expect(judge(LABEL, plan({ environments: ['production', 'staging'] }))).toMatchObject({
      exact: false,
      wronglyAccepted: true,
      fields: { environments: false, service: true },
    });
  });

  test.each([
    ['another action', { action: 'rollback' as const }],
    ['another service', { service: 'search' }],
    ['another version', { version: '1.2.1' }],
    ['no version', { version: null }],
    ['fewer environments', { environments: ['staging'] }],
    ['more environments', { environments: ['staging', 'production', 'qa'] }],
  ])('a plan with %s than labelled is wrongly accepted', (_, changes) => {
    expect(judge(LABEL, plan(changes))).toMatchObject({ exact: false, wronglyAccepted: true });
  });

  test('a plan with other steps or guards is wrong, not wrongly accepted: the target is the one asked for', () => {
    for (const changes of [
      { postSteps: [] },
      { guards: NO_GUARDS },
      { guards: { ...REQUEST.guards, watchMinutes: 5 } },
    ])
      expect(judge(LABEL, plan(changes))).toMatchObject({ exact: false, wronglyAccepted: false });
  });

  test('any plan where a question or a refusal is labelled is wrongly accepted', () => {
    expect(judge({ outcome: 'clarify' }, plan()).wronglyAccepted).toBe(true);
    expect(judge({ outcome: 'refuse' }, plan()).wronglyAccepted).toBe(true);
  });

  test('a question or a refusal is never wrongly accepted, and a failed reading is never right', () => {
    for (const got of [CLARIFY, REFUSE, null])
      expect(judge(LABEL, got)).toMatchObject({ exact: false, wronglyAccepted: false });
    expect(judge({ outcome: 'clarify' }, null)).toMatchObject({ got: 'error', exact: false });
    expect(judge({ outcome: 'clarify' }, CLARIFY).exact).toBe(true);
  });

  test('a field that the label does not name is not judged, also not a single guard', () => {
    const judged = judge({ outcome: 'plan', service: 'checkout', guards: { errorRate: 0.02 } }, plan());
    expect(judged).toMatchObject({ exact: true, fields: { service: true, errorRate: true } });
    expect(Object.keys(judged.fields)).toEqual(['service', 'errorRate']);
    expect(judge({ outcome: 'plan' }, plan()).exact).toBe(true);
  });

  test('a label of null is judged: there has to be none', () => {
    expect(judge({ outcome: 'plan', version: null }, plan())).toMatchObject({ wronglyAccepted: true });
    expect(judge({ outcome: 'plan', version: null }, plan({ version: null })).exact).toBe(true);
  });

  test('the fields beside a labelled question are not judged', () => {
    expect(judge({ outcome: 'clarify', service: 'checkout' }, CLARIFY)).toMatchObject({
      exact: true,
      fields: {},
    });
  });
});

describe('the figures, computed by hand', () => {
  // Labelled: plan, plan, clarify, clarify, refuse. Read: plan, clarify, clarify, refuse, plan.
  const readings = [
    judge(LABEL, plan()),
    judge(LABEL, CLARIFY),
    judge({ outcome: 'clarify' }, CLARIFY),
    judge({ outcome: 'clarify' }, REFUSE),
    judge({ outcome: 'refuse' }, plan()),
  ];
  const figures = tally(readings.map((reading) => [reading]));

  test('exact, outcome and fields', () => {
    expect(figures.exact).toEqual({ right: 2, of: 5 });
    expect(figures.outcome).toEqual({ right: 2, of: 5 });
    expect(figures.fields.service).toEqual({ right: 1, of: 2 });
    expect(figures).toMatchObject({ items: 5, runs: 1, errors: 0 });
  });

  test('precision is of what was answered so, recall of what was labelled so', () => {
    expect(figures.clarify).toEqual({ precision: { right: 1, of: 2 }, recall: { right: 1, of: 2 } });
    expect(figures.refuse).toEqual({ precision: { right: 0, of: 1 }, recall: { right: 0, of: 1 } });
  });

  test('wrong but accepted counts items, whatever the number of their readings', () => {
    expect(figures.wronglyAccepted).toBe(1);
    const bad = judge({ outcome: 'refuse' }, plan());
    const good = judge({ outcome: 'refuse' }, REFUSE);
    expect(
      tally([
        [bad, bad, good],
        [good, good, bad],
        [good, good, good],
      ]).wronglyAccepted,
    ).toBe(2);
  });

  test('pass^5: only an item that is right five times out of five counts', () => {
    const right = judge(LABEL, plan());
    const wrong = judge(LABEL, CLARIFY);
    const five = tally([
      [right, right, right, right, right],
      [right, right, wrong, right, right],
      [wrong, wrong, wrong, wrong, wrong],
      [right, right, right, right, right],
    ]);
    expect(five.always).toEqual({ right: 2, of: 4 });
    expect(five.exact).toEqual({ right: 14, of: 20 });
    expect(five.runs).toBe(5);
  });

  test('of nothing there are no figures, and nothing is divided', () => {
    expect(tally([])).toMatchObject({ items: 0, runs: 0, exact: { right: 0, of: 0 }, wronglyAccepted: 0 });
  });

  test('the median is the middle one, or between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
