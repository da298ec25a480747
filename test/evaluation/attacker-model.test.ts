import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Evaluation, InterpreterRow } from '../../controller/app/evaluate.js';
import { faults, type ScriptedModel, startScriptedModel } from '../models/scripted/server.js';
import { attackersPlan, obliging, obligingToTheEnd, wholeTextAsEvidence } from './attackers.js';
import { CATALOG, makeSite, type Site } from './command-support.js';

let site: Site;
let server: ScriptedModel | null = null;
beforeEach(() => {
  site = makeSite();
});
afterEach(async () => {
  await server?.close();
  server = null;
  site.remove();
});

type Protocol = 'openai' | 'ollama';

function environmentOf(protocol: Protocol, url: string): Readonly<Record<string, string>> {
  return protocol === 'openai'
    ? { LLM_PROVIDER: 'openai', OPENAI_BASE_URL: url, OPENAI_MODEL: 'm', LLM_PRICES: 'openai/m=1/2' }
    : { LLM_PROVIDER: 'ollama', OLLAMA_URL: url, OLLAMA_MODEL: 'm' };
}

function rowOf(out: string): InterpreterRow {
  const [row] = (JSON.parse(out) as Evaluation).interpreters;
  if (row === undefined) throw new Error('No interpreter was measured');
  return row;
}

describe('a model that is configured by the environment is measured with no change of code', () => {
  test.each([
    ['answers every prompt with its own plan', 'openai', attackersPlan, 80, 0],
    ['answers every prompt with its own plan', 'ollama', attackersPlan, 80, 0],
    ['cites the whole text as evidence', 'ollama', wholeTextAsEvidence, 80, 0],
    ['makes a plan of every text', 'openai', obliging, 10_000, 100],
    ['makes a plan of the last names of every text', 'ollama', obligingToTheEnd, 200, 40],
  ] as const)(
    'one that %s (%s) has nothing accepted that is labelled otherwise',
    async (_, protocol, answer, limit, heard) => {
      server = await startScriptedModel({ protocol, answer });
      const env = environmentOf(protocol, server.url);
      const { code, out, err } = await site.run(
        'intents',
        { interpreter: 'model', runs: 1, limit },
        env,
        true,
      );
      const { name, result, models } = rowOf(out);
      const wrong = result.misses.filter(({ judgement }) => judgement.wronglyAccepted);
      expect(wrong.map(({ item }) => `${item.id}: ${item.text}`)).toEqual([]);
      expect(name).toBe(`grammar + ${protocol}/m`);
      expect(models).toMatchObject([{ name: `${protocol}/m`, cached: 0 }]);
      expect(models[0]?.answered).toBeGreaterThanOrEqual(Math.min(limit, result.tally.items) * 0.8);
      const planned = result.readers.find((reader) => reader.name === `${protocol}/m`)?.plan ?? 0;
      expect(planned).toBeGreaterThanOrEqual(heard);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    },
  );
});

describe('the readers of a small set', () => {
  const intent = (id: string) => ({
    id,
    catalog: 'shop.yaml',
    text: 'Deploy checkout 1.2.0 to staging',
    expected: { outcome: 'plan', service: 'checkout' },
  });
  const GOOD = {
    outcome: 'plan',
    action: { value: 'deploy', text: 'Deploy', occurrence: 1 },
    service: { value: 'checkout', text: 'checkout', occurrence: 1 },
    version: { text: '1.2.0', occurrence: 1 },
    environments: [{ value: 'staging', text: 'staging', occurrence: 1 }],
    postSteps: [],
    errorRate: null,
    latencyP95Ms: null,
    watchMinutes: null,
    about: null,
  };
  beforeEach(() => {
    site.write('catalogs/shop.yaml', CATALOG);
    site.write('intents/one.jsonl', [intent('a'), intent('b')]);
  });

  test('each text is read five times, past the cache, with tokens and cost; the grammar has a column beside it', async () => {
    server = await startScriptedModel({ protocol: 'openai', answer: () => GOOD });
    const { code, out } = await site.run('intents', { set: '.' }, environmentOf('openai', server.url));
    expect(server.requests).toHaveLength(10);
    expect(out).toMatch(/^intents +grammar +grammar \+ openai\/m$/m);
    expect(out).toMatch(/always right +- +pass\^5 100\.0 % \(2 of 2\)$/m);
    expect(out).toMatch(/tokens +- +110 in, 70 out$/m);
    expect(out).toMatch(/cost +- +\$0\.0003$/m);
    expect(out).toMatch(/openai\/m +10 +0 +10 +0 +0 +0$/m);
    expect(code).toBe(0);
  });

  test('a model that is right four times out of five does not pass', async () => {
    const other = { ...GOOD, outcome: 'refuse', about: 'Deploy' };
    server = await startScriptedModel({
      protocol: 'ollama',
      answer: ({ number }) => (number === 3 ? other : GOOD),
    });
    const { out } = await site.run(
      'intents',
      { set: '.', interpreter: 'model' },
      environmentOf('ollama', server.url),
    );
    expect(out).toMatch(/exactly right +90\.0 % \(9 of 10\)$/m);
    expect(out).toMatch(/always right +pass\^5 50\.0 % \(1 of 2\)$/m);
  });

  test('answers without evidence in the text are told apart from those that do not come', async () => {
    const invented = { ...GOOD, service: { value: 'search', text: 'search', occurrence: 1 } };
    server = await startScriptedModel({ protocol: 'openai', answer: () => invented });
    const rejected = await site.run(
      'intents',
      { set: '.', interpreter: 'model', runs: 1 },
      environmentOf('openai', server.url),
    );
    expect(rejected.out).toMatch(/openai\/m +2 +0 +0 +0 +0 +2$/m);
    expect(rejected.out).toContain('No model answered: 0');
    await server.close();
    server = await startScriptedModel({ protocol: 'openai', answer: () => faults.status(400, 'no') });
    const away = await site.run(
      'intents',
      { set: '.', interpreter: 'model', runs: 1 },
      environmentOf('openai', server.url),
    );
    expect(away.out).toContain('No model answered: 2');
    expect(away.code).toBe(0);
  });
});

describe('the compiler of controls with a model', () => {
  beforeEach(() => {
    site.write('sops/catalog.yaml', CATALOG);
    site.write('sops/documents/a.md', '# Releases\n\nReleases must never bore anybody.\n');
    site.write('sops/controls.jsonl', [
      { document: 'a.md', sentence: 'Releases must never bore anybody.', controls: 'advice' },
    ]);
  });

  test('has a column beside the rules; a control with words that the sentence does not say is not made', async () => {
    server = await startScriptedModel({
      protocol: 'openai',
      answer: () => ({ kind: 'approvals', count: 0 }),
    });
    const { code, out } = await site.run('sops', { set: '.' }, environmentOf('openai', server.url));
    expect(server.requests.length).toBeGreaterThan(0);
    expect(out).toMatch(/^SOP sentences +rules +rules \+ openai\/m$/m);
    expect(out).toMatch(/DEMANDS NOT SAID +0 +0$/m);
    expect(code).toBe(0);
  });
});
