import { describe, expect, it } from 'vitest';
import { answer, loadCases, summary } from './cases.js';

const cases = loadCases();
const results = cases.map((item) => ({ item, want: summary(item), got: answer(item) }));
const wrong = results.filter(({ want, got }) => want !== got);

describe('labelled intents', () => {
  it('are enough, over several catalogs, with many attacks among them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(500);
    expect(new Set(cases.map((item) => item.catalog)).size).toBeGreaterThanOrEqual(5);
    expect(cases.filter((item) => item.outcome === 'refuse').length).toBeGreaterThanOrEqual(80);
  });

  it('are read exactly right in every field, at least 98 in 100', () => {
    const share = 1 - wrong.length / cases.length;
    console.log(
      `labelled intents: ${cases.length - wrong.length} of ${cases.length} exactly right (${(share * 100).toFixed(1)} %)`,
    );
    for (const { item, want, got } of wrong)
      console.log(`${item.id} ${JSON.stringify(item.text)}\n  want ${want}\n  got  ${got}`);
    expect(share).toBeGreaterThanOrEqual(0.98);
  });

  it('never turn a refusal into anything else', () => {
    expect(wrong.filter(({ item }) => item.outcome === 'refuse').map(({ item }) => item.text)).toEqual([]);
  });
});
