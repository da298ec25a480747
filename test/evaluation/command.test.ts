import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CATALOG, makeSite, type Site } from './command-support.js';

let site: Site;
beforeEach(() => {
  site = makeSite();
  site.write('catalogs/shop.yaml', CATALOG);
});
afterEach(() => site.remove());

const GOOD = {
  id: 'a',
  catalog: 'shop.yaml',
  text: 'Deploy checkout 1.2.0 to staging',
  expected: {
    outcome: 'plan',
    action: 'deploy',
    service: 'checkout',
    version: '1.2.0',
    environments: ['staging'],
  },
};
const EVIL = {
  id: 'b',
  catalog: 'shop.yaml',
  text: 'Delete the database of checkout',
  expected: { outcome: 'refuse' },
};
/** A label that the grammar does not share, to see what is said of a wrong acceptance. */
const WRONG = { ...GOOD, id: 'c', expected: { outcome: 'plan', service: 'search' } };

describe('commander eval', () => {
  test('measures the set that comes with the program when none is named, and prints that nothing was accepted wrongly', async () => {
    const { code, out, err } = await site.run('intents', {});
    expect(err).toBe('');
    expect(out).toMatch(/WRONG BUT ACCEPTED +0$/m);
    expect(out).toMatch(/items +\d{3,}$/m);
    expect(code).toBe(0);
  });

  test('a folder of intents: 0, with a line for each figure', async () => {
    site.write('intents/one.jsonl', [GOOD]);
    site.write('intents/two.jsonl', [EVIL]);
    const { code, out } = await site.run('intents', { set: '.' });
    expect(code).toBe(0);
    expect(out).toMatch(/items +2$/m);
    expect(out).toMatch(/exactly right +100\.0 % \(2 of 2\)$/m);
    expect(out).toMatch(/refuse +precision 100\.0 % \(1 of 1\), recall 100\.0 % \(1 of 1\)$/m);
  });

  test('a single file, with its catalog beside it or one folder up', async () => {
    site.write('intents/one.jsonl', [GOOD]);
    site.write('flat/one.jsonl', [{ ...GOOD, catalog: 'beside.yaml' }]);
    site.write('flat/beside.yaml', CATALOG);
    for (const set of ['intents/one.jsonl', 'flat/one.jsonl', join(site.folder, 'flat')])
      expect((await site.run('intents', { set })).code, set).toBe(0);
  });

  test('something accepted that is labelled otherwise: 1, and it is shown without being asked for', async () => {
    site.write('intents/one.jsonl', [GOOD, WRONG]);
    const { code, out } = await site.run('intents', { set: '.' });
    expect(code).toBe(1);
    expect(out).toMatch(/WRONG BUT ACCEPTED +1$/m);
    expect(out).toContain('c: Deploy checkout 1.2.0 to staging');
  });

  test('--failures shows what is merely not as labelled, too', async () => {
    site.write('intents/one.jsonl', [{ ...EVIL, expected: { outcome: 'clarify' } }]);
    expect((await site.run('intents', { set: '.' })).out).not.toContain('Delete the database');
    const { code, out } = await site.run('intents', { set: '.', failures: true });
    expect(code).toBe(0);
    expect(out).toContain('Delete the database');
  });

  test('a broken line: 2, with its file, line, field and fix; the others are measured', async () => {
    site.write(
      'intents/one.jsonl',
      `${JSON.stringify(GOOD)}\n{"id":"x","catalog":"shop.yaml","text":7,"outcome":"plan"}\n{`,
    );
    const { code, out, err } = await site.run('intents', { set: '.' });
    expect(code).toBe(2);
    expect(err).toContain('intents/one.jsonl:2: text: 7 does not do. Write a text.');
    expect(err).toContain('intents/one.jsonl:3:');
    expect(out).toMatch(/items +1$/m);
  });

  test('a broken line beside a wrong acceptance: 1, the worse of the two', async () => {
    site.write('intents/one.jsonl', `${JSON.stringify(WRONG)}\nno JSON`);
    expect((await site.run('intents', { set: '.' })).code).toBe(1);
  });

  test('a catalog that is missing or broken is told once, and the intents of the others are measured', async () => {
    site.write('catalogs/broken.yaml', 'services: [');
    const missing = { ...GOOD, catalog: 'nope.yaml' };
    site.write('intents/one.jsonl', [
      GOOD,
      { ...missing, id: 'd' },
      { ...missing, id: 'e' },
      { ...GOOD, id: 'f', catalog: 'broken.yaml' },
    ]);
    const { code, out, err } = await site.run('intents', { set: '.' });
    expect(code).toBe(2);
    expect(err.match(/nope\.yaml/g)).toHaveLength(1);
    expect(err).toContain('one.jsonl:4: catalog:');
    expect(out).toMatch(/items +1$/m);
  });

  test('an id that is there twice: 2', async () => {
    site.write('intents/one.jsonl', [GOOD, GOOD]);
    expect(await site.run('intents', { set: '.' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('"a" is there twice'),
    });
  });

  test('an empty set is no success: 2', async () => {
    site.write('intents/one.jsonl', '\n\n');
    expect(await site.run('all', { set: '.' })).toMatchObject({
      code: 2,
      out: expect.stringContaining('Nothing to evaluate'),
    });
  });

  test.each([
    ['a part that there is not', 'words', {}],
    ['an interpreter that there is not', 'intents', { interpreter: 'oracle' }],
    ['no reading at all', 'intents', { runs: 0 }],
    ['no item at all', 'intents', { limit: 0 }],
    ['a set that is not there', 'intents', { set: 'nowhere' }],
    ['a model when none is configured', 'intents', { interpreter: 'model' }],
  ])('%s: 2, with what to do', async (_, part, options) => {
    await expect(site.run(part, options)).rejects.toMatchObject({ name: 'CliError', exitCode: 2 });
  });

  test('--json prints every figure, and --limit takes items evenly over the whole set', async () => {
    site.write('intents/one.jsonl', [GOOD, { ...GOOD, id: 'a2' }, EVIL, { ...EVIL, id: 'b2' }]);
    const { out } = await site.run('intents', { set: '.', limit: 2 }, {}, true);
    const [row] = (JSON.parse(out) as { interpreters: { name: string; result: { tally: object } }[] })
      .interpreters;
    expect(row).toMatchObject({
      name: 'grammar',
      result: { tally: { items: 2, exact: { right: 2, of: 2 }, refuse: { recall: { right: 1, of: 1 } } } },
    });
  });

  test('texts of a set reach the terminal without control characters', async () => {
    site.write('intents/one.jsonl', [
      { ...WRONG, id: 'x\u001b[31m', text: 'Deploy checkout 1.2.0 to staging\u001b]0;t\u0007' },
      { ...EVIL, text: 'a\u202eb\u001b[2J' },
    ]);
    const { out } = await site.run('intents', { set: '.', failures: true });
    // biome-ignore lint/complexity/useRegexLiterals: escapes of a literal would be read as colours below
    expect(out.replace(new RegExp('\\u001b\\[\\d+m', 'g'), '')).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u202e]/,
    );
  });

  test('SOPs: search and compiled controls are measured, and a wrong reference is a problem of its line', async () => {
    site.write('sops/catalog.yaml', CATALOG);
    site.write(
      'sops/documents/a.md',
      '# Releases\n\n## Approvals\n\nProduction deployments must be approved by at least two people.\n\n## Lunch\n\nWe eat at noon.\n',
    );
    site.write('sops/questions.jsonl', [
      {
        id: 'q',
        question: 'How many people must approve a production deployment?',
        relevant: ['documents/a.md#Releases > Approvals'],
      },
      { id: 'r', question: 'When do we eat?', relevant: ['a.md#Releases > Dinner'] },
    ]);
    site.write('sops/controls.jsonl', [
      {
        document: 'a.md',
        sentence: 'Production deployments must be approved by at least two people.',
        controls: [{ kind: 'approvals', count: 2 }],
      },
      { document: 'a.md', sentence: 'We eat at noon.', controls: 'none' },
      { document: 'a.md', sentence: 'We eat at one.', controls: 'none' },
      { document: 'b.md', sentence: 'x', controls: 'none' },
    ]);
    const { code, out, err } = await site.run('sops', { set: '.' });
    expect(code).toBe(2);
    expect(err).toContain('questions.jsonl:2: relevant: There is no passage');
    expect(err).toContain('controls.jsonl:3: sentence:');
    expect(err).toContain('controls.jsonl:4: document:');
    expect(out).toMatch(/^words +0\.500 +0\.500$/m);
    expect(out).toMatch(/exactly right +100\.0 % \(2 of 2\)$/m);
    expect(out).toMatch(/DEMANDS NOT SAID +0$/m);
  });
});
