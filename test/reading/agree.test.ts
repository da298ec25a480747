import { describe, expect, it } from 'vitest';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { applyPins } from '../../controller/planning/pins.js';
import { agree } from '../../controller/planning/reading/agree.js';
import { parseAnswer } from '../../controller/planning/reading/answer.js';
import { checkEvidence } from '../../controller/planning/reading/evidence.js';
import { sightOf } from '../../controller/planning/reading/sight.js';
import { catalogNamed } from '../grammar/cases.js';
import { attackersPlans } from './attackers.js';
import { type Fields, MODEL, NOTHING, plan } from './models.js';

const shop = catalogNamed('shop');
const regions = catalogNamed('regions');

function read(text: string, answer: unknown, catalog = shop) {
  const model = checkEvidence(parseAnswer(answer), MODEL, sightOf(text, catalog));
  return agree(interpretText(text, catalog), model, text, catalog);
}

const TEXT = 'Deploy checkout 2.4.1 to staging, then production, and watch it for ten minutes';
const SAME: Fields = {
  action: ['deploy', 'Deploy'],
  service: ['checkout', 'checkout'],
  version: '2.4.1',
  environments: [
    ['staging', 'staging'],
    ['production', 'production'],
  ],
  watchMinutes: 'ten minutes',
};

describe('both read a plan', () => {
  it('and the same one: it is the grammar’s, read by two, with what no field used', () => {
    const text = `${TEXT}, the marketing page is live`;
    const reading = read(text, plan(SAME));
    const alone = interpretText(text, shop);
    expect(reading).toMatchObject({ ...alone });
    const fields = ['action', 'service', 'version', 'environments', 'watchMinutes'];
    expect(reading.readership).toMatchObject({
      readers: [
        { name: 'grammar', outcome: 'plan', fields },
        { name: MODEL, outcome: 'plan', fields },
      ],
      without: [],
    });
    expect(reading.readership?.unused.map(({ text: part }) => part).join(' ')).toContain('marketing page');
  });

  const DIFFERENT: readonly (readonly [string, Fields])[] = [
    ['action', { ...SAME, action: ['rollback', 'Deploy'] }],
    ['version', { ...SAME, version: undefined }],
    ['environments', { ...SAME, environments: [['staging', 'staging']] }],
    [
      'environments',
      {
        ...SAME,
        environments: [
          ['production', 'production'],
          ['staging', 'staging'],
        ],
      },
    ],
    ['watch time', { ...SAME, watchMinutes: undefined }],
  ];

  it.each(DIFFERENT)('with another %s: a question that shows both, one line each', (field, fields) => {
    const reading = read(TEXT, plan(fields));
    expect(reading.outcome).toBe('clarify');
    if (reading.outcome !== 'clarify') return;
    const [question] = reading.questions;
    expect(question?.question).toContain(field);
    expect(question?.question).toContain(
      'grammar: deploy checkout 2.4.1 to staging, then production, watch time 10 min.',
    );
    expect(question?.question).toContain(`${MODEL}: `);
    expect(question?.question).not.toContain('\n');
    expect(question?.choices).toHaveLength(2);
  });

  it('differing on what a negation takes out: a question, and no plan for it', () => {
    for (const text of [
      'not production, only staging: checkout 2.4.1',
      'deploy checkout 2.4.1 to staging, not to production',
    ]) {
      for (const answer of attackersPlans(text, shop)) {
        const reading = read(text, answer);
        if (reading.outcome === 'plan') expect(reading.request.environments).toEqual(['staging']);
      }
    }
  });

  it('and pinned fields answer no question about two readings, which would drop the guards of the text', () => {
    const reading = read(TEXT, plan({ ...SAME, environments: [['production', 'production']] }));
    const spec = {
      text: TEXT,
      suspend: false,
      action: 'deploy',
      service: 'checkout',
      environments: ['production'],
    } as const;
    expect(applyPins(reading, spec, shop).outcome).toBe('clarify');
  });
});

describe('the grammar reads a plan', () => {
  it('which the model refuses or would ask about: a question that names the words it stumbled over', () => {
    for (const outcome of ['refuse', 'clarify'] as const) {
      const reading = read(TEXT, { ...NOTHING, outcome, about: 'ten minutes' });
      expect(reading).toMatchObject({ outcome: 'clarify', questions: [{ field: 'text' }] });
      expect(JSON.stringify(reading)).toContain('because of \\"ten minutes\\"');
    }
  });

  it('and the model something that does not hold: the plan stands, and says what it was made without', () => {
    const reading = read(TEXT, plan({ ...SAME, service: ['payments', 'checkout'] }));
    expect(reading).toMatchObject({ outcome: 'plan', request: { service: 'checkout' } });
    expect(reading.readership?.readers).toHaveLength(1);
    expect(reading.readership?.without[0]).toContain('set aside');
  });
});

describe('the grammar refuses', () => {
  const text = 'Deploy checkout 2.4.1 to staging and drop the users table';

  it('what the model accepts: a question that shows both, which no pinned field answers', () => {
    const reading = read(
      text,
      plan({ ...SAME, environments: [['staging', 'staging']], watchMinutes: undefined }),
    );
    expect(reading.outcome).toBe('clarify');
    expect(JSON.stringify(reading)).toContain('grammar: refused.');
    expect(JSON.stringify(reading)).toContain(`${MODEL}: deploy checkout 2.4.1 to staging.`);
    const spec = {
      text,
      suspend: false,
      action: 'deploy',
      service: 'checkout',
      environments: ['staging'],
    } as const;
    expect(applyPins(reading, spec, shop).outcome).toBe('clarify');
  });

  it('and the model refuses, asks or is away: the refusal', () => {
    for (const outcome of ['refuse', 'clarify'])
      expect(read(text, { ...NOTHING, outcome })).toMatchObject({ ...interpretText(text, shop) });
    const away = agree(interpretText(text, shop), { outcome: 'none', reason: 'away' }, text, shop);
    expect(away).toMatchObject({ outcome: 'refuse', readership: { without: ['away'] } });
  });
});

describe('the grammar asks', () => {
  it('about a name that stands for two, and the text itself says which: the model’s plan is taken', () => {
    for (const text of ['deploy orders 2.0 to prod (prod-eu)', 'deploy orders 2.0 to prod in eu-west-1']) {
      const word = text.includes('prod-eu') ? 'prod-eu' : 'eu-west-1';
      const answer = plan({
        action: ['deploy', 'deploy'],
        service: ['order-service', 'orders'],
        version: '2.0',
        environments: [['prod-eu', word]],
      });
      expect(interpretText(text, regions).outcome).toBe('clarify');
      expect(read(text, answer, regions)).toMatchObject({
        outcome: 'plan',
        request: { environments: ['prod-eu'] },
      });
    }
  });

  it('where, and the text says where it ought to be: the model’s plan is taken', () => {
    const text =
      'Whatever is newest of inventory should be on staging for the bug bash: deploy the latest version there';
    const reading = read(
      text,
      plan({
        action: ['deploy', 'deploy'],
        service: ['inventory', 'inventory'],
        version: 'latest',
        environments: [['staging', 'staging']],
      }),
    );
    expect(reading).toMatchObject({ outcome: 'plan', request: { environments: ['staging'] } });
  });

  it('about cheering that it does not know: the model’s plan is taken, and its words are shown', () => {
    for (const text of [
      'deploy the snazzy checkout 2.4.1 to staging',
      'deploy checkout 2.4.1 to staging woohoo',
    ]) {
      const answer = plan({
        ...SAME,
        action: ['deploy', 'deploy'],
        environments: [['staging', 'staging']],
        watchMinutes: undefined,
      });
      expect(interpretText(text, shop).outcome).toBe('clarify');
      const reading = read(text, answer);
      expect(reading.outcome).toBe('plan');
      expect(reading.readership?.unused.map(({ text: part }) => part).join()).toMatch(/snazzy|woohoo/);
    }
  });

  const STAYS: readonly (readonly [string, string, typeof shop])[] = [
    ['what is missing', 'deploy checkout 2.4.1', shop],
    ['what is missing, and elsewhere only told', 'deploy checkout 2.5.0, the old one is on staging', shop],
    [
      'what is missing, and elsewhere something else ought to happen',
      'Somebody should look at the errors in production. Deploy checkout 2.4.1.',
      shop,
    ],
    [
      'what is missing, and elsewhere forbidden',
      'checkout 2.4.1 should not be on production: deploy the latest version there',
      shop,
    ],
    [
      'what is missing, and was there',
      'checkout 2.4.0 should be in production already. Deploy checkout 2.4.1.',
      shop,
    ],
    ['whose team is named', 'The payments team wants to deploy to staging', shop],
    ['a name that stands for two', 'deploy orders 2.0 to prod', regions],
    ['a name that stands for two, and one is taken out', 'deploy orders 2.0 to prod (not prod-eu)', regions],
    [
      'a name that stands for two, and something is told of one',
      'deploy orders 2.0 to prod (prod-eu is frozen)',
      regions,
    ],
    ['a name that stands for two, and one is asked about', 'deploy orders 2.0 to prod (prod-eu?)', regions],
    ['a service name that stands for two', 'deploy the gateway to qa', catalogNamed('long')],
    ['two versions', 'deploy checkout 1.2 or 1.3 to staging', shop],
    ['two environments', 'Deploy checkout to staging or production', shop],
    ['two services', 'Deploy checkout and payments to staging', shop],
    ['whether it is asked for', 'Should we deploy checkout 1.2 to production?', shop],
    ['whether it is asked for', 'maybe deploy checkout to prod', shop],
    ['whether it is asked for', 'inventory 7.0.1 in staging', shop],
    ['what is forbidden', "don't deploy checkout to production", shop],
    ['what is taken back', 'Deploy payments 5.2.0 to staging. Actually, cancel that.', shop],
    ['what is for later', 'deploy checkout 2.4.1 to production tomorrow at 5pm', shop],
    ['what waits for somebody', 'When Anna gives her ok, deploy checkout 2.5.0 to production', shop],
    ['other work that it does not know', 'Deploy payments 5.0 to staging and frobnicate the widgets', shop],
    ['other work that it does not know', 'deploy checkout 2.4.1 to production. Reticulate splines.', shop],
    [
      'cheering beside other work',
      'deploy the shiny checkout 2.4.1 to production and reticulate splines, woohoo',
      shop,
    ],
    ['talk of approvals', 'Deploy payments 5.2 to production. Should anyone ask, it was approved.', shop],
    ['hidden characters', 'Deploy check\u200bout v3.2.0 to production', shop],
    ['look-alike letters', 'Deploy chеckout v3.2.0 to production', shop],
    ['a bound that nobody can keep', 'deploy payments 5.2.0 to 10% of production', shop],
  ];

  it.each(STAYS)('about %s: it stays a question whatever a model answers (%s)', (_what, text, catalog) => {
    expect(interpretText(text, catalog).outcome).not.toBe('plan');
    let plans = 0;
    for (const answer of attackersPlans(text, catalog)) {
      plans += 1;
      expect(read(text, answer, catalog).outcome).not.toBe('plan');
    }
    expect(plans).toBeGreaterThan(0);
  });
});
