import { describe, expect, it } from 'vitest';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { agree } from '../../controller/planning/reading/agree.js';
import { BadAnswer, parseAnswer } from '../../controller/planning/reading/answer.js';
import { checkEvidence } from '../../controller/planning/reading/evidence.js';
import { readForeignOrder } from '../../controller/planning/reading/foreign-order.js';
import { sightOf } from '../../controller/planning/reading/sight.js';
import { catalogNamed } from '../grammar/cases.js';
import { attackersPlans } from './attackers.js';
import { MODEL, plan } from './models.js';

const shop = catalogNamed('shop');

function read(text: string): string {
  const order = readForeignOrder(sightOf(text, shop));
  if (order === null) return 'nothing';
  const { action, service, version, environments } = order;
  const places = environments.flatMap((token) => token.environments).join(', ');
  return `${action} ${service.services.join()} ${version === null ? '' : `${version.raw} `}in ${places}`;
}

describe('a plain order in another language', () => {
  it.each([
    ['Bitte payments 5.2.0 auf Staging ausrollen', 'deploy payments 5.2.0 in staging'],
    ['Rolle checkout 2.4.1 auf staging aus, danke!', 'deploy checkout 2.4.1 in staging'],
    ['Bitte rolle checkout in production zurück', 'rollback checkout in production'],
    [
      'deploye checkout 2.4.1 zuerst auf staging, dann auf production',
      'deploy checkout 2.4.1 in staging, production',
    ],
    [
      'Déploie la version 2.4.1 de checkout en production, s’il te plaît',
      'deploy checkout 2.4.1 in production',
    ],
    ['Déployer checkout sur staging puis production', 'deploy checkout in staging, production'],
    ['Despliega checkout 2.4.1 en staging, por favor', 'deploy checkout 2.4.1 in staging'],
    ['Distribuisci checkout 2.4.1 su staging', 'deploy checkout 2.4.1 in staging'],
    ['Implante checkout 2.4.1 em production', 'deploy checkout 2.4.1 in production'],
    ['Wdróż checkout 2.4.1 na staging', 'deploy checkout 2.4.1 in staging'],
    ['Nasaď checkout 2.4.1 na staging', 'deploy checkout 2.4.1 in staging'],
    ['Разверни checkout 2.4.1 на staging', 'deploy checkout 2.4.1 in staging'],
    ['Пожалуйста откати checkout на production', 'rollback checkout in production'],
    ['部署 checkout 2.4.1 到 staging 然后 production', 'deploy checkout 2.4.1 in staging, production'],
  ])('%s', (text, order) => {
    expect(read(text)).toBe(order);
  });
});

const NO_ORDERS = [
  ['forbids', 'Bitte payments 5.2.0 nicht auf Staging ausrollen'],
  ['forbids', 'Ne déploie pas checkout en production'],
  ['forbids', 'No despliega checkout en staging'],
  ['forbids', 'Nunca despliega checkout en staging'],
  ['forbids', 'не разворачивай checkout на staging'],
  ['forbids', 'Checkout auf staging ausrollen, production auf keinen Fall'],
  ['takes an environment out', 'Bitte auf staging checkout deployen, aber nicht production'],
  ['tells', 'payments 5.2.0 wurde auf staging ausgerollt'],
  ['tells', 'Checkout 2.4.1 auf staging ausgerollt'],
  ['tells', 'Je déploie checkout sur staging'],
  ['tells', '部署 checkout 2.4.1 到 staging 了'],
  ['is for later', 'payments 5.2.0 wird morgen auf staging ausgerollt'],
  ['is for later', 'Despliega checkout 2.4.1 en staging mañana'],
  ['asks', 'Sollen wir checkout auf staging deployen?'],
  ['asks', 'checkout auf staging deployen?'],
  ['sets a condition', 'Wenn die Tests grün sind, checkout auf staging ausrollen'],
  ['sets a condition', 'Wdróż checkout na staging jeśli testy przejdą'],
  ['sets a condition', "Déploie checkout sur staging s'il marche"],
  ['says from where', 'Rolle checkout von staging nach production aus'],
  ['says from where', 'Déploie checkout de staging en production'],
  ['may be after or towards', 'deploye checkout auf production nach staging'],
  ['turns the order around', 'deploye checkout auf production, zuerst staging'],
  ['turns the order around', 'Vor staging deploye checkout auf production'],
  ['names two services', 'deploye checkout und payments auf staging'],
  ['names two versions', 'deploye checkout 2.4.1 oder 2.4.0 auf staging'],
  ['has two orders', 'deploye checkout auf staging. Danach rolle checkout auf production zurück'],
  ['has two orders', 'deploye checkout auf staging und starte den Server neu'],
  ['is quoted', 'Die Anleitung sagt: "deploye checkout auf staging"'],
  ['has a word nobody knows', 'Déploie checkout sur staging frobnicate'],
  ['has a link', 'deploye checkout auf staging https://example.com'],
  ['has no verb', 'Bitte checkout 2.4.1 auf staging'],
  ['has no environment', 'Bitte checkout 2.4.1 ausrollen'],
  ['has look-alike letters', 'Bitte сheckout auf staging ausrollen'],
  ['hides a comment', 'Bitte checkout auf staging ausrollen <!-- und production -->'],
] as const;

describe('a text in another language that is no plain order', () => {
  it.each(NO_ORDERS)('is not read: it %s (%s)', (_why, text) => {
    expect(read(text)).toBe('nothing');
  });

  it.each(NO_ORDERS)('stays a question or refusal whatever a model answers: it %s (%s)', (_why, text) => {
    const grammar = interpretText(text, shop);
    const sight = sightOf(text, shop);
    for (const answer of attackersPlans(text, shop)) {
      const reading = agree(grammar, checkEvidence(parseAnswer(answer), MODEL, sight), text, shop);
      expect(reading.outcome).not.toBe('plan');
    }
  });
});

describe('a plain order in another language, read by a model', () => {
  const text = 'Bitte payments 5.2.0 auf Staging ausrollen';
  const answered = (answer: unknown) => {
    try {
      const model = checkEvidence(parseAnswer(answer), MODEL, sightOf(text, shop));
      return agree(interpretText(text, shop), model, text, shop);
    } catch (error) {
      if (error instanceof BadAnswer) return null;
      throw error;
    }
  };
  const fields = {
    action: ['deploy', 'ausrollen'],
    service: ['payments', 'payments'],
    version: '5.2.0',
    environments: [['staging', 'Staging']],
  } as const;

  it('is a plan that says whose reading it is, with our own evidence', () => {
    expect(answered(plan(fields))).toMatchObject({
      outcome: 'plan',
      request: { action: 'deploy', service: 'payments', version: '5.2.0', environments: ['staging'] },
      evidence: { action: [{ text: 'ausrollen' }], environments: [{ text: 'Staging' }] },
      readership: {
        readers: [
          { name: 'grammar', outcome: 'clarify', fields: [] },
          { name: MODEL, outcome: 'plan', fields: ['action', 'service', 'version', 'environments'] },
        ],
        unused: [],
      },
    });
  });

  it.each([
    ['another action', { ...fields, action: ['rollback', 'ausrollen'] as const }],
    ['no version, though the text has one', { ...fields, version: undefined }],
    ['a step that nobody asked for', { ...fields, postSteps: [['notify', 'Bitte']] as const }],
    ['a guard out of the version', { ...fields, errorRate: '5.2.0' }],
  ])('stays a question when the model reads %s', (_what, other) => {
    expect(answered(plan(other))?.outcome).toBe('clarify');
  });
});
