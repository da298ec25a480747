import { describe, expect, it } from 'vitest';
import { bindControls } from '../../controller/planning/controls/bind.js';
import { compileSentences } from '../../controller/planning/controls/compile.js';
import { describeControl } from '../../controller/planning/controls/describe.js';
import { parseSop } from '../../controller/planning/documents/sop.js';
import { NAMES } from './names.js';

function compiled(body: string) {
  const { controls, advice } = compileSentences(body, NAMES);
  return { controls: [...new Set(controls.map(describeControl))], advice };
}

function bound(text: string) {
  const parsed = parseSop('sops/rules.md', text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return bindControls(parsed.sop, NAMES, parsed.severityGiven === true);
}

describe('what stands around a sentence', () => {
  it('an introduction and each of its items are one sentence, quoted by the item', () => {
    const body =
      'Production deployments must:\n\n- run the smoke tests\n- be approved by two people\n\nThe following must never happen:\n\n* deployments on Fridays\n* deployments of a branch\n';
    expect(compiled(body).controls).toEqual([
      'for deploy to production: run the smoke tests in the plan',
      'for deploy to production: at least 2 approvals',
      'for deploy: no deployments: Fri 00:00 to Sat 00:00 (UTC)',
    ]);
    expect(compiled(body).advice).toEqual(['deployments of a branch']);
    expect(compileSentences(body, NAMES).controls[0]?.quote).toBe('run the smoke tests');
  });

  it('an item that is a sentence by itself has the scope of its introduction', () => {
    const body =
      'For production the following applies:\n\n- Two people must approve.\n- Smoke tests must pass.\n';
    expect(compiled(body).controls).toEqual([
      'for everything to production: at least 2 approvals',
      'for everything to production: run the smoke tests in the plan',
    ]);
  });

  it('each cell of a table is a sentence, in the scope of its row and column; a condition beside it makes it advice', () => {
    const table = (...rows: string[]) =>
      compiled(`| Where | Rule | Why |\n| --- | --- | --- |\n${rows.join('\n')}\n`);
    expect(
      table('| Production | Two people must approve. | four eyes |', '| Tests | Smoke tests must pass. | |'),
    ).toEqual({
      controls: ['for everything to production: at least 2 approvals', 'run the smoke tests in the plan'],
      advice: [],
    });
    for (const beside of ['Hotfix', 'If customers wait', 'unless the desk is closed'])
      expect(table(`| ${beside} | Two people must approve. | |`), beside).toEqual({
        controls: [],
        advice: ['Two people must approve.'],
      });
    expect(
      compiled('| Rule | Not for |\n|---|---|\n| Two people must approve. | emergencies |\n').controls,
    ).toEqual([]);
  });

  it('a row of more cells than a table has is read, its rest as one', () => {
    const body = `${'| Two people must approve. '.repeat(5000)}|\n`;
    expect(compiled(body).controls).toEqual(['at least 2 approvals']);
    expect(compiled(body).advice).toHaveLength(1);
  });

  it('the number of a clause and the "A:" of an answer are no part of the sentence', () => {
    const body = '2.1 Two people must approve.\n\n**A:** Smoke tests must pass. They take a minute.\n';
    expect(compileSentences(body, NAMES).controls.map(({ quote }) => quote)).toEqual([
      'Two people must approve.',
      'Smoke tests must pass.',
    ]);
  });

  it('a condition in the introduction makes its items advice', () => {
    for (const introduction of [
      'In an emergency:',
      'For hotfixes:',
      'If customers are affected:',
      'Mobile apps:',
    ])
      expect(compiled(`${introduction}\n\n- Smoke tests must pass.\n`), introduction).toEqual({
        controls: [],
        advice: ['Smoke tests must pass.'],
      });
  });

  it('a heading that is nothing but a name gives the scope, the nearest first; another subject makes it advice', () => {
    expect(compiled('# Production releases\n\nSmoke tests must pass.\n').controls).toEqual([
      'for everything to production: run the smoke tests in the plan',
    ]);
    expect(compiled('# Production\n\n## Staging\n\nSmoke tests must pass.\n').controls).toEqual([
      'for everything to staging: run the smoke tests in the plan',
    ]);
    expect(compiled('# Hotfixes\n\nSmoke tests must pass.\n')).toEqual({
      controls: [],
      advice: ['Smoke tests must pass.'],
    });
    expect(compiled('# Why staging matters\n\nSmoke tests must pass.\n').controls).toEqual([
      'run the smoke tests in the plan',
    ]);
  });

  it('what a document says that it is about counts for more than its title', () => {
    const rule = 'Smoke tests must pass.';
    expect(
      compiled(`# Payments releases\n\nThis procedure covers checkout and payments.\n\n${rule}`).controls,
    ).toEqual(['for everything of checkout, payments: run the smoke tests in the plan']);
    expect(
      compiled(`# Staging policy\n\nThis policy is about the way of a version to the users.\n\n${rule}`)
        .controls,
    ).toEqual(['run the smoke tests in the plan']);
  });

  it('"it" is what the sentence before names; when that is nothing of the catalog, the sentence is advice', () => {
    expect(
      compiled('The payments service is special. It must soak in staging for 48 hours.').controls,
    ).toEqual([
      'for everything of payments to production: current and good in staging for at least 48 h first',
    ]);
    expect(compiled('The mobile client is special. It must soak in staging for 48 hours.')).toEqual({
      controls: [],
      advice: ['It must soak in staging for 48 hours.'],
    });
  });

  it('an exception in the same paragraph makes what stands before it advice, and nothing in another paragraph', () => {
    const body =
      'Deployments must never happen on Sundays.\n\nTwo people must approve. Hotfixes are exempt.\n';
    expect(compiled(body)).toEqual({
      controls: ['for deploy: no deployments: Sun 00:00 to Mon 00:00 (UTC)'],
      advice: ['Two people must approve.', 'Hotfixes are exempt.'],
    });
  });

  it('code, comments, headings and quotations are no rules; wrapped lines are one sentence', () => {
    const rule = 'Production deployments must never happen on Fridays.';
    expect(compiled(`\`\`\`\n${rule}\n\`\`\`\n\n<!--\n${rule}\n${rule}\n-->\n\n## ${rule}\n`)).toEqual({
      controls: [],
      advice: [],
    });
    expect(compiled(`> ${rule}`)).toEqual({ controls: [], advice: [rule] });
    const wrapped = rule.replace(' never ', '\nnever ');
    expect(compileSentences(wrapped, NAMES).controls[0]?.quote).toBe(wrapped);
  });
});

describe('an SOP with front matter', () => {
  const RULE = 'Smoke tests must pass after every deployment.';

  it('has the controls of its sentences besides; a sentence that its author made a control of is not read again', () => {
    const sop = bound(
      `---\nid: x\nrules: [{ requireSteps: [smoke_tests] }]\n---\n${RULE} Two people must approve.\n`,
    );
    expect(sop.controls.map(({ kind, origin }) => [kind, origin])).toEqual([
      ['require-steps', 'front-matter'],
      ['approvals', 'rules'],
    ]);
    const advice = bound(
      '---\nid: x\nrules: [{ pinnedVersion: true }]\n---\nOnly proper versions, please.\n',
    ).advice;
    expect(advice).toEqual([]);
  });

  it('is as severe as its author says; without that each sentence is as severe as its words', () => {
    expect(bound(RULE).controls[0]?.severity).toBe('high');
    expect(bound(RULE.replace('must', 'should')).controls[0]?.severity).toBe('medium');
    const low = bound(`---\nseverity: low\n---\n${RULE}`);
    expect([low.severity, low.controls[0]?.severity]).toEqual(['low', null]);
  });

  it('may ask for hours in an environment, signatures, approvals, approvers, and to be alone', () => {
    const rules = [
      'environmentsFirst: { environments: [staging], hours: 24 }',
      'signedVersion: true',
      'approvals: 2',
      'approvers: [alice, "@acme/sre", release manager]',
      'alone: true',
    ];
    const sop = bound(`---\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}---\nText.\n`);
    expect(sop.controls).toMatchObject([
      { kind: 'environments-first', environments: ['staging'], hours: 24 },
      { kind: 'signed-version' },
      { kind: 'approvals', count: 2 },
      { kind: 'approver', names: ['@alice', '@acme/sre', 'release manager'] },
      { kind: 'alone' },
    ]);
  });

  it.each([
    ['environmentsFirst: { hours: 24 }', /environments: is missing/],
    ['environmentsFirst: { environments: [staging], hours: -1 }', /hours: "-1" is not right/],
    ['environmentsFirst: { environments: [staging], days: 1 }', /days: is not a known field/],
    ['approvals: 0', /approvals: "0" is not right. Write a whole number from 1 to 20/],
    ['approvers: []', /approvers: is empty/],
    ['approvers: ["<script>"]', /approvers: "<script>" is not right/],
    ['alone: sometimes', /alone: "sometimes" is not right. Write true or false/],
  ])('says what is wrong with %s', (rule, expected) => {
    const parsed = parseSop('sops/x.md', `---\nrules:\n  - ${rule}\n---\n`);
    expect(
      parsed.ok
        ? ''
        : parsed.problems.map(({ field, message, fix }) => `${field}: ${message}. ${fix}`).join(),
    ).toMatch(expected);
  });
});
