import { describe, expect, it } from 'vitest';
import { isSlipOf, withMeantTerms } from '../../controller/planning/knowledge/misspelt.js';
import { passageWordsBuilder } from '../../controller/planning/knowledge/words-in-context.js';
import { DOCUMENTS, passages } from './samples.js';

describe('a word that no passage has', () => {
  it.each([
    ['migration', 'migratoin', true],
    ['migration', 'migraton', true],
    ['migration', 'mmigrations', true],
    ['freez', 'frez', true],
    ['freez', 'fez', false],
    ['rota', 'note', false],
    ['prod', 'pord', true],
    ['prod', 'rpod', false],
    ['deploy', 'destroy', false],
  ])('%s for %s: %s', (term, written, expected) => {
    expect(isSlipOf(term, written)).toBe(expected);
  });

  it('is taken for those it is a slip of, with less weight; a known word is never', () => {
    const known = new Set(['migrat', 'freez', 'breez']);
    expect(withMeantTerms(new Map([['migrta', 1]]), known).get('migrat')).toBe(0.6);
    expect([...withMeantTerms(new Map([['breez', 1]]), known).keys()]).toEqual(['breez']);
    expect([...withMeantTerms(new Map([['16:00', 1]]), known).keys()]).toEqual(['16:00']);
  });

  it('finds what was meant', () => {
    const builder = passageWordsBuilder();
    const held = passages('/repo', DOCUMENTS);
    for (const passage of held) builder.add(passage);
    const [best] = builder.finish().search('datbase migratoins', 1);
    expect(held[best?.at ?? -1]?.path).toBe('sops/database.md');
  });

  it('costs bounded time, however many there are', () => {
    const known = new Set(
      Array.from({ length: 50_000 }, (_, at) => `x${at.toString(36).replace(/\d/g, 'q')}abc`),
    );
    const asked = new Map(
      Array.from({ length: 2_000 }, (_, at) => [`xq${String(at).replace(/\d/g, 'z')}bcde`, 1]),
    );
    expect(withMeantTerms(asked, known).size).toBeLessThan(60_000);
  });
});
