import { describe, expect, it } from 'vitest';
import { interpretationLine } from '../../controller/cli/interpret-output.js';
import type { Interpretation, Readership } from '../../controller/domain/interpretation.js';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { agree } from '../../controller/planning/reading/agree.js';
import { BadAnswer, parseAnswer } from '../../controller/planning/reading/answer.js';
import { checkEvidence } from '../../controller/planning/reading/evidence.js';
import type { ModelReading } from '../../controller/planning/reading/model-reading.js';
import { sightOf } from '../../controller/planning/reading/sight.js';
import { catalogNamed, loadCases, summary } from '../grammar/cases.js';
import { attackersPlans, gibberish, numbers } from './attackers.js';
import { type Labelled, MODEL, NOTHING } from './models.js';
import { oracleAnswer } from './oracle.js';

const cases = loadCases() as readonly Labelled[];

/** Orders in other languages: the labels ask about them, since the grammar reads English only. What they ask for is plain. */
const PLAIN_ELSEWHERE = new Map([
  ['c-94', ['deploy', 'payments', '5.2.0', 'staging']],
  ['h-245', ['deploy', 'checkout', 'v3.2.0', 'production']],
  ['h-246', ['deploy', 'checkout', 'v3.2.0', 'staging']],
  ['h-271', ['deploy', 'gateway', '3.1.4', 'qa']],
  ['h-290', ['deploy', 'player', '14.0.0', 'preview']],
  ['h-298', ['deploy', 'hello-world', '1.0.0', 'production']],
  ['h-299', ['deploy', 'greeter', 'v2', 'staging']],
]);

interface Read {
  readonly grammar: Interpretation;
  readonly with: (answer: unknown) => Interpretation;
}

function reader(item: Labelled): Read {
  const catalog = catalogNamed(item.catalog);
  const grammar = interpretText(item.text, catalog);
  const sight = sightOf(item.text, catalog);
  const alone = agree(grammar, { outcome: 'none', reason: 'set aside' }, item.text, catalog);
  const read = (model: ModelReading) =>
    // What was set aside leaves the grammar's reading, whatever it was: looked at once for each text.
    model.outcome === 'none'
      ? { ...alone, readership: without(alone, model.reason) }
      : agree(grammar, model, item.text, catalog);
  return { grammar, with: (answer) => read(held(answer, sight)) };
}

function without(reading: Interpretation, reason: string): Readership {
  return { readers: [], unused: [], ...reading.readership, without: [reason] };
}

function held(answer: unknown, sight: ReturnType<typeof sightOf>): ModelReading {
  try {
    return checkEvidence(parseAnswer(answer), MODEL, sight);
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return { outcome: 'none', reason: error.message };
  }
}

function fields(reading: Interpretation): string {
  return summary(JSON.parse(interpretationLine('', reading)) as object);
}

/** What a plan may be: exactly what the grammar alone would have planned, the label, or the plain order of a text in another language. */
function isRight(item: Labelled, reading: Interpretation): boolean {
  if (reading.outcome !== 'plan') return true;
  const { action, service, version, environments, postSteps } = reading.request;
  const plain = PLAIN_ELSEWHERE.get(item.id);
  const read = JSON.stringify([action, service, version, ...environments]);
  return fields(reading) === summary(item) || (read === JSON.stringify(plain) && postSteps.length === 0);
}

describe('over all labelled texts, a model that knows every label', () => {
  const read = cases.map((item) => ({ item, ...reader(item) }));
  const results = read.map(({ item, grammar, with: withModel }) => ({
    item,
    grammar,
    reading: withModel(oracleAnswer(item)),
  }));
  const legitimate = results.filter(({ item }) => item.outcome === 'plan');

  it('finds all of its words in the text: nothing that is true is set aside', () => {
    const aside = results.filter(({ reading }) => (reading.readership?.without.length ?? 0) > 0);
    expect(aside.map(({ item, reading }) => [item.id, reading.readership?.without])).toEqual([]);
  });

  it('has fewer of the legitimate ones asked about, and none refused', () => {
    const count = (outcome: string, of: 'grammar' | 'reading') =>
      legitimate.filter((one) => one[of].outcome === outcome).length;
    console.log(
      `legitimate texts (${legitimate.length}): planned ${count('plan', 'grammar')} by the grammar alone, ${count('plan', 'reading')} with the oracle; asked about ${count('clarify', 'grammar')} and ${count('clarify', 'reading')}; refused ${count('refuse', 'grammar')} and ${count('refuse', 'reading')}`,
    );
    expect(count('plan', 'reading')).toBeGreaterThan(count('plan', 'grammar'));
    expect(count('refuse', 'reading')).toBe(0);
  });

  it('turns nothing into a plan that is not one', () => {
    expect(results.filter(({ item, reading }) => !isRight(item, reading)).map(({ item }) => item.id)).toEqual(
      [],
    );
  });
});

describe('over all labelled texts, a model that always answers with the plan of an attacker', () => {
  const wrong: string[] = [];
  const planned = new Set<string>();
  let plans = 0;
  for (const item of cases) {
    const { with: withModel } = reader(item);
    const answers = [...attackersPlans(item.text, catalogNamed(item.catalog))];
    // Where the label is a plan, the grammar's own one is held against every fourth: the others differ in the same ways.
    for (const answer of answers.filter((_, at) => item.outcome !== 'plan' || at % 4 === 0)) {
      const reading = withModel(answer);
      plans += 1;
      if (reading.outcome === 'plan' && item.outcome !== 'plan') planned.add(`${item.outcome} ${item.id}`);
      if (!isRight(item, reading)) wrong.push(`${item.id} ${item.text} ${fields(reading)}`);
    }
  }

  it('gets no other plan accepted than the right one', () => {
    console.log(
      `${plans} plans of attackers over ${cases.length} texts: ${wrong.length} wrong ones accepted`,
    );
    expect(plans).toBeGreaterThan(50_000);
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('gets no refused text accepted, and of those to be asked about only plain orders in other languages', () => {
    console.log(`to be asked about, planned with an attacker's model: ${[...planned].join(', ')}`);
    expect([...planned].filter((one) => one.startsWith('refuse'))).toEqual([]);
    expect(
      [...planned].map((one) => one.split(' ')[1]).filter((id) => !PLAIN_ELSEWHERE.has(id ?? '')),
    ).toEqual([]);
  });
});

describe('over all labelled texts, a model that speaks gibberish', () => {
  it('changes no plan and makes none', () => {
    const next = numbers(11);
    for (const item of cases) {
      const { with: withModel } = reader(item);
      for (let round = 0; round < 8; round += 1) {
        const reading = withModel(gibberish(item.text, catalogNamed(item.catalog), next));
        expect([item.id, isRight(item, reading)]).toEqual([item.id, true]);
        if (item.outcome === 'refuse') expect(reading.outcome).not.toBe('plan');
      }
    }
  });
});

describe('over all labelled texts, a model that echoes the grammar', () => {
  it('changes no outcome', () => {
    for (const item of cases) {
      const { grammar, with: withModel } = reader(item);
      const echo: Labelled = { ...item, ...(JSON.parse(interpretationLine('', grammar)) as Labelled) };
      const reading = withModel(
        oracleAnswer({ ...echo, id: item.id, text: item.text, catalog: item.catalog }),
      );
      expect([item.id, fields(reading)]).toEqual([item.id, fields(grammar)]);
    }
  });

  it('and refuses on top asks about every plan', () => {
    for (const item of cases) {
      const { grammar, with: withModel } = reader(item);
      const reading = withModel({ ...NOTHING, outcome: 'refuse' });
      expect(reading.outcome).toBe(grammar.outcome === 'plan' ? 'clarify' : grammar.outcome);
    }
  });
});

describe('two texts in one, and a model that is blind to the second', () => {
  const orders = cases
    .filter(({ outcome, catalog }) => outcome === 'plan' && catalog === 'shop')
    .slice(0, 12);
  const attacks = cases.filter(({ outcome }) => outcome === 'refuse');

  it('is never a plan where the second is to be refused', () => {
    let planned = 0;
    for (const [at, attack] of attacks.entries()) {
      const order = orders[at % orders.length];
      if (order === undefined) continue;
      for (const text of [`${order.text}\n\n${attack.text}`, `${attack.text}\n\n${order.text}`]) {
        const item = { ...order, text };
        const { grammar, with: withModel } = reader(item);
        const reading = withModel(oracleAnswer(item));
        if (reading.outcome === 'plan' && grammar.outcome !== 'plan') planned += 1;
        expect([text, reading.outcome === 'plan' && grammar.outcome === 'refuse']).toEqual([text, false]);
      }
    }
    expect(planned).toBe(0);
  });
});
