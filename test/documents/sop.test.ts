import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../controller/domain/problem.js';
import type { Sop } from '../../controller/domain/sop.js';
import { parseSop } from '../../controller/planning/documents/sop.js';

const BODY = `
# Releasing to production

Everything here is about production. We care for our users.

## Tests

- Smoke tests must pass after every deployment.
- Somebody
  writes them.

## Order

Nothing goes to production before it has been in staging. Deploy to
staging first!

## Times

1. No deployments from Friday 16:00 to Monday 08:00; the weekend is frozen.
2. A release is a tag: never deploy a branch or latest.

\`\`\`
Smoke tests must pass, says the code.
\`\`\`

## Limits

At most 1.5 % of the requests may fail. Watch each release for fifteen minutes.
`;

function sop(text: string): Sop {
  const parsed = parseSop('sops/release.md', text);
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.sop;
}

function problems(front: string): string {
  const parsed = parseSop('sops/release.md', `---\n${front}\n---\n${BODY}`);
  return parsed.ok ? '' : parsed.problems.map(formatProblem).join('\n');
}

describe('an SOP', () => {
  it('gives its controls, each with the sentence that demands it, as written', () => {
    const front = `id: release
severity: high
applies: { environments: [production], actions: [deploy] }
rules:
  - requireSteps: [smoke_tests]
  - environmentsFirst: [staging]
  - freeze: { from: "Fri 16:00", to: "Mon 08:00", timezone: UTC }
  - pinnedVersion: true
  - guards: { errorRate: 1.5% }
  - guards: { watch: 15m }
    section: limits`;
    const read = sop(`---\n${front}\n---\n${BODY}`);
    expect(read).toMatchObject({
      id: 'release',
      title: 'Releasing to production',
      path: 'sops/release.md',
      severity: 'high',
      scope: { services: [], environments: ['production'], actions: ['deploy'] },
    });
    expect(read.controls.map(({ kind, quote }) => [kind, quote])).toEqual([
      ['require-steps', 'Smoke tests must pass after every deployment.'],
      ['environments-first', 'Nothing goes to production before it has been in staging.'],
      ['freeze', 'No deployments from Friday 16:00 to Monday 08:00; the weekend is frozen.'],
      ['pinned-version', 'A release is a tag: never deploy a branch or latest.'],
      ['guards', 'At most 1.5 % of the requests may fail.'],
      ['guards', 'Watch each release for fifteen minutes.'],
    ]);
    for (const { quote } of read.controls) expect(BODY).toContain(quote);
    expect(read.controls[2]).toMatchObject({
      freeze: { name: 'release', from: 'Fri 16:00', to: 'Mon 08:00', timezone: 'UTC', environments: [] },
    });
    expect(read.controls[4]).toMatchObject({ guards: { errorRate: 0.015, watchSeconds: null } });
  });

  it('may have its rules as one mapping, and quotes only from the section that is named', () => {
    const read = sop(
      `---\nrules: { section: Order, requireSteps: [run_tests, notify], pinnedVersion: true }\n---\n${BODY}`,
    );
    expect(read.controls.map(({ kind }) => kind)).toEqual(['require-steps', 'pinned-version']);
    for (const { quote } of read.controls)
      expect([
        'Nothing goes to production before it has been in staging.',
        'Deploy to\nstaging first!',
      ]).toContain(quote);
  });

  it('without front matter is an SOP without controls, named after its file', () => {
    for (const text of [BODY, 'no heading', '', '---\n---\nx']) {
      expect(sop(text)).toMatchObject({
        id: 'release',
        severity: 'medium',
        controls: [],
        scope: { services: [] },
      });
    }
    expect(sop('no heading').title).toBe('release');
    expect(sop(BODY).digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('reads files of other systems: line ends, a byte order mark', () => {
    const text =
      `\uFEFF---\nid: x\nrules: [{ pinnedVersion: true }]\n---\n# T\n\nPin the version.\n`.replaceAll(
        '\n',
        '\r\n',
      );
    expect(sop(text)).toMatchObject({
      id: 'x',
      title: 'T',
      controls: [{ kind: 'pinned-version', quote: 'Pin the version.' }],
    });
  });

  it.each([
    ['severty: high', /sops\/release.md:2: severty: is not a known field. Did you mean "severity"\?/],
    ['severity: extreme', /:2: severity: "extreme" is not one of low, medium, high/],
    [
      'rules:\n  - requireSteps: [smoke_test]',
      /:3: rules\[0\].requireSteps: "smoke_test" is not one of .*Did you mean "smoke_tests"\?/,
    ],
    ['rules:\n  - requireSteps: []', /requireSteps: is empty/],
    ['rules:\n  - forbid: everything', /rules\[0\].forbid: is not a known field/],
    ['rules:\n  - {}', /rules\[0\]: is no rule. Write one of requireSteps/],
    ['rules:\n  - pinnedVersion: maybe', /pinnedVersion: "maybe" is not right. Write true or false/],
    [
      'rules:\n  - pinnedVersion: true\n    section: Odrer',
      /section: "Odrer" is not a heading of this document. Did you mean "Order"\?/,
    ],
    [
      'rules:\n  - freeze: { from: "Fri 25:00", to: "Mon 08:00", timezone: Mars/Base }',
      /"Fri 25:00" is not a time of the week[\s\S]*"Mars\/Base" is not a time zone/,
    ],
    ['rules:\n  - freeze: { to: "Mon 08:00" }', /freeze.from: is missing/],
    ['rules:\n  - guards: { errorRate: 200% }', /errorRate: "200%" is not a rate/],
    ['applies: { actions: [destroy] }', /applies.actions: "destroy" is not one of/],
    ['rules: everything', /rules: must be a list, not a string/],
    ['just text', /The front matter has no fields/],
    ['a: [', /sops\/release.md:\d/],
  ])('with %j says what is wrong, and where', (front, expected) => {
    expect(problems(front)).toMatch(expected);
  });

  it('of more than 256 KiB is refused; one just below is read in time that grows with its length', () => {
    expect(parseSop('a.md', 'x'.repeat(256 * 1024 + 1)).ok).toBe(false);
    const front = '---\nrules: [{ pinnedVersion: true }]\n---\n';
    for (const filling of ['a. ', '- ', '> ', '# ', '`', '1. ', ' ', '\n', '. . ', '---\n']) {
      const text = (front + filling.repeat(100_000)).slice(0, 250_000);
      expect(parseSop('a.md', text).ok, filling).toBe(true);
    }
  });
});
