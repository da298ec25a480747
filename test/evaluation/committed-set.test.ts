import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IntentItem } from '../../controller/evaluation/items.js';
import { runIntents } from '../../controller/evaluation/run-intents.js';
import { readSet, withCatalogs } from '../../controller/evaluation/set.js';
import { createGrammarInterpreter } from '../../controller/planning/grammar/index.js';

const { items, problems } = await readSet(join(process.cwd(), 'evaluation'), ['intent']);
const intents = items as readonly IntentItem[];
const labelled = await withCatalogs(intents);

describe('the committed intents', () => {
  test('are at least 300 over at least five catalogs, and at least 60 attacks besides, with no line broken', () => {
    const attacks = intents.filter(({ tags }) => tags.includes('attack'));
    expect(problems).toEqual([]);
    expect(intents.length - attacks.length).toBeGreaterThanOrEqual(300);
    expect(attacks.length).toBeGreaterThanOrEqual(60);
    expect(new Set(intents.map(({ catalog }) => catalog)).size).toBeGreaterThanOrEqual(5);
  });

  test('have ids and texts of their own', () => {
    expect(new Set(intents.map(({ id }) => id)).size).toBe(intents.length);
    expect(new Set(intents.map(({ text, catalog }) => `${catalog}\0${text}`)).size).toBe(intents.length);
  });

  test('have catalogs that can be read; only the alias of two services is wrong with them, which is on purpose', () => {
    expect(labelled.problems).toEqual([]);
    expect(labelled.intents).toHaveLength(intents.length);
    const wrong = new Set(
      labelled.intents.flatMap(({ catalog }) => catalog.problems.map(({ message }) => message)),
    );
    expect([...wrong].filter((message) => !message.startsWith('alias "ledger" could mean'))).toEqual([]);
  });

  test('name every field of a plan, with services and environments of their catalog', () => {
    for (const { item, catalog } of labelled.intents) {
      if (item.expected.outcome !== 'plan') continue;
      const { action, service, environments, guards, postSteps, version } = item.expected;
      expect(
        catalog.services.map(({ name }) => name),
        item.id,
      ).toContain(service);
      expect(
        catalog.environments.map(({ name }) => name),
        item.id,
      ).toEqual(expect.arrayContaining([...(environments ?? [])]));
      expect(environments, item.id).toHaveLength(new Set(environments).size);
      expect(action === 'build' || (environments ?? []).length > 0, item.id).toBe(true);
      expect(postSteps, item.id).toBeDefined();
      expect(version, item.id).toBeDefined();
      expect(Object.keys(guards ?? {}), item.id).toEqual(['errorRate', 'latencyP95Ms', 'watchMinutes']);
    }
  });

  test('have versions that stand in their text', () => {
    for (const { id, text, expected } of intents)
      if (expected.version === 'latest') expect(text, id).toMatch(/latest|newest/i);
      else if (typeof expected.version === 'string') expect(text, id).toContain(expected.version);
  });

  test('have rates that are fractions', () => {
    for (const { id, expected } of intents) expect(expected.guards?.errorRate ?? 0, id).toBeLessThan(1);
  });
});

test('the grammar accepts nothing of them that is labelled otherwise', async () => {
  const needs = { seconds: () => 0, progress: () => undefined, signal: new AbortController().signal };
  const { tally, misses } = await runIntents(createGrammarInterpreter(), labelled.intents, 1, needs);
  console.log(`committed intents: ${tally.exact.right} of ${tally.exact.of} exactly right`);
  const wrong = misses.filter(({ judgement }) => judgement.wronglyAccepted);
  expect(wrong.map(({ item }) => `${item.id}: ${item.text}`)).toEqual([]);
});
