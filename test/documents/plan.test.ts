import { describe, expect, it } from 'vitest';
import { computeDigest } from '../../controller/domain/plan.js';
import { formatProblem } from '../../controller/domain/problem.js';
import { parsePlan, renderPlan } from '../../controller/planning/documents/plan.js';
import { makePlan } from './plan-example.js';

function problems(text: string): string {
  const parsed = parsePlan('plans/a.yaml', text);
  return parsed.ok ? '' : parsed.problems.map(formatProblem).join('\n');
}

describe('the file of a plan', () => {
  it('is read back as the very same plan, with the same digest', () => {
    const plan = makePlan();
    const parsed = parsePlan('plans/a.yaml', renderPlan(plan));
    expect(parsed).toEqual({ ok: true, plan });
    if (parsed.ok) expect(computeDigest(parsed.plan)).toBe(plan.digest);
    expect(renderPlan(plan)).toBe(renderPlan(structuredClone(plan)));
  });

  it('says what it is and how to approve it', () => {
    const [first, second] = renderPlan(makePlan()).split('\n');
    expect(first).toContain('checkout-2-4-1');
    expect(second).toContain('git merge --no-ff commander/checkout-2-4-1');
  });

  const odd = [
    '',
    ' ',
    '\n',
    '\n\n  a\n',
    'a: b',
    '# no comment',
    '- x',
    'yes',
    'null',
    '1.20',
    '0x1f',
    '1e3',
    '~',
    '---',
    '...',
    '"',
    "'",
    '\\',
    '\t',
    'a\tb',
    '\r\n',
    'a\u0085b',
    'a\u2028b',
    '\uFEFF',
    'é😀',
    '\u0001\u001b[31m',
    '*a',
    '&a',
    '!!str',
    '%TAG',
    '@',
    '`',
    'a #b',
    ' leading',
    'trailing ',
    '|',
    '>',
    '>-\n x',
    '<<',
    '2026-01-01',
    'x'.repeat(5000),
    `${'word '.repeat(300)}\n  indented\n`,
  ];

  it.each(odd)('keeps the text %j', (text) => {
    const plan = makePlan({ intent: { ...makePlan().intent, text } });
    expect(parsePlan('p', renderPlan(plan))).toEqual({ ok: true, plan });
  });

  it('keeps texts that are put together at random', () => {
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: 1 + random(12) }, () => odd[random(odd.length - 2)]).join('');
      const plan = makePlan({ intent: { ...makePlan().intent, text } });
      expect(parsePlan('p', renderPlan(plan)), JSON.stringify(text)).toEqual({ ok: true, plan });
    }
  });

  const file = renderPlan(makePlan());
  it.each([
    ['an added field', `${file}extra: 1\n`, /extra: is not a known field/],
    ['a missing field', file.replace(/^action: .*\n/m, ''), /action: is missing/],
    [
      'an action that is none',
      file.replace('action: deploy', 'action: destroy'),
      /action: "destroy" is not one of deploy/,
    ],
    [
      'a commit that is none',
      file.replaceAll('a'.repeat(40), 'main'),
      /version.commit: "main" is not right. Write the 40 digits/,
    ],
    ['a digest that is none', file.replace(/digest: .*/, 'digest: x'), /digest: "x" is not right/],
    [
      'a step that is none',
      file.replace('- kind: build', '- kind: shell'),
      /environments\[0\].steps\[1\].kind: "shell" is not one of/,
    ],
    [
      'a port that is text',
      file.replace('port: 8081', 'port: high'),
      /environments\[0\].port: must be a whole number/,
    ],
    ['an alias', file.replace('action: deploy', 'action: &a deploy\nx: *a'), /more than 0 aliases/],
    ['another document', `${file}---\na: 1\n`, /more than one YAML document/],
    ['a key twice', `${file}action: deploy\n`, /Map keys must be unique/],
    ['more than 1 MiB', `${file}# ${'x'.repeat(1024 * 1024)}`, /at most 1048576 are read/],
  ])('with %s is refused, with the line', (_what, text, expected) => {
    expect(problems(text)).toMatch(expected);
    expect(problems(text)).toMatch(/^plans\/a\.yaml(:\d+)?:/);
  });
});
