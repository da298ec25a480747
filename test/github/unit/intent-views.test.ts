import { describe, expect, it } from 'vitest';
import type { IntentState } from '../../../controller/domain/intent.js';
import type { IntentPreview } from '../../../controller/domain/records.js';
import { mergedComment, previewComment } from '../../../controller/reporting/intent-comment.js';
import {
  annotations,
  intentVerdict,
  isBad,
  previewVerdict,
  type ShownIntent,
} from '../../../controller/reporting/intent-view.js';
import { addresses, command, DANGERS, HOSTILE, interpreted, planRecord, SECRET } from './view-facts.js';

function shown(
  state: IntentState,
  detail: readonly string[] = [],
  change: Partial<ShownIntent> = {},
): ShownIntent {
  return {
    intent: { name: 'checkout-1', path: 'intents/checkout-1.yaml', state, detail },
    plan: null,
    ...change,
  };
}

function preview(outcome: IntentPreview['outcome'], change: Partial<IntentPreview> = {}): IntentPreview {
  return {
    path: 'intents/checkout-1.yaml',
    name: 'checkout-1',
    outcome,
    detail: ['why'],
    plan: null,
    ...change,
  };
}

describe('the verdict on a commit’s intents', () => {
  it.each([
    ['pending', 'pending'],
    ['waiting', 'pending'],
    ['planned', 'success'],
    ['suspended', 'success'],
    ['broken', 'failure'],
    ['question', 'failure'],
    ['refused', 'failure'],
    ['blocked', 'failure'],
    ['rejected', 'failure'],
  ] as const)('%s is %s, with the reason', (state, expected) => {
    const verdict = intentVerdict([shown(state, ['line 3: no such service'])]);
    expect(verdict.state).toBe(expected);
    expect(verdict.description).toContain('no such service');
    expect(isBad(state)).toBe(expected === 'failure');
  });

  it('names the plan’s pull request', () => {
    expect(intentVerdict([shown('planned', [], { plan: planRecord() })])).toEqual({
      state: 'success',
      description: 'planned in #7: Deploy checkout v2.4.1: staging',
    });
  });

  it('of none is good, of many it is the worst one’s, which is named', () => {
    expect(intentVerdict([]).state).toBe('success');
    const many = [shown('planned'), shown('waiting', ['freeze']), shown('refused', ['no']), shown('pending')];
    expect(intentVerdict(many)).toEqual({
      state: 'failure',
      description: '4 intents; checkout-1: refused: no',
    });
    expect(intentVerdict(many.slice(0, 2)).state).toBe('pending');
    expect(intentVerdict([shown('planned'), shown('planned')]).description).toContain('each with its plan');
  });

  it('repeats no secret that was pasted into an intent', () => {
    const { description } = intentVerdict([shown('refused', [`a token: ${SECRET}`])]);
    expect(description).toContain('refused');
    expect(description).not.toContain(SECRET);
  });
});

describe('the verdict before the merge', () => {
  it.each([
    ['plan', 'success', 'would be planned: why'],
    ['suspended', 'success', 'suspended: why'],
    ['waiting', 'pending', 'waiting: why'],
    ['question', 'failure', 'question: why'],
    ['refused', 'failure', 'refused: why'],
    ['broken', 'failure', 'broken: why'],
    ['blocked', 'failure', 'blocked: why'],
  ] as const)('of an intent with the outcome %s is %s', (outcome, state, description) => {
    expect(previewVerdict([preview(outcome)])).toEqual({ state, description });
  });

  it('of many is that of the first bad one, and of none good', () => {
    expect(previewVerdict([]).state).toBe('success');
    const verdict = previewVerdict([
      preview('plan'),
      preview('waiting'),
      preview('refused', { name: 'bad' }),
    ]);
    expect(verdict).toEqual({ state: 'failure', description: '3 intents; bad: refused: why' });
  });

  it('repeats no secret', () => {
    expect(previewVerdict([preview('refused', { detail: [SECRET] })]).description).not.toContain(SECRET);
  });
});

describe('what stands on the lines of a file', () => {
  const path = 'intents/a.yaml';
  const of = (detail: readonly string[], bad = true) => annotations([{ path, bad, detail }]);

  it('is on the line that the problem names, else on the first', () => {
    expect(
      of([`${path}:12: no such service`, 'no line', 'intents/b.yaml:7: elsewhere', `${path}:x: y`]),
    ).toMatchObject([{ line: 12 }, { line: 1 }, { line: 1 }, { line: 1 }]);
  });

  it('is nothing where nothing is wrong, and never a secret', () => {
    expect(of(['fine'], false)).toEqual([]);
    expect(of([`${path}:1: token ${SECRET}`])[0]?.message).not.toContain(SECRET);
  });
});

describe('the comment under a pull request that brings intents', () => {
  it('shows each intent with its outcome, the reasons and the plan, and that merging runs nothing', () => {
    const text = previewComment([preview('plan', { plan: '## What will happen' }), preview('refused')], []);
    for (const part of [
      '✅ can be planned',
      '❌ refused',
      '- why',
      '<details>',
      '## What will happen',
      'Merging this runs nothing',
    ])
      expect(text).toContain(part);
  });

  it('says so when there is none any more', () => {
    expect(previewComment([], [])).toContain('No intent is changed here any more');
  });

  it('shows after the merge where the plans are', () => {
    const text = mergedComment(
      [shown('planned', [], { plan: planRecord() }), shown('question', ['which one?'])],
      addresses,
      [],
    );
    expect(text).toContain(
      '- **checkout-1** planned, pending approval: [#7](https://github.com/acme/gitops/pull/7)',
    );
    expect(text).toContain('  - which one?');
  });

  it.each(DANGERS.map((danger) => [danger]))(
    'interprets nothing of people’s words, pings nobody: %s',
    (danger) => {
      const hostile = { name: HOSTILE, path: HOSTILE, detail: [HOSTILE] };
      const commands = [command({ person: HOSTILE, answer: HOSTILE, command: HOSTILE })];
      expect(interpreted(previewComment([preview('refused', hostile)], commands))).not.toMatch(danger);
      const merged = shown('refused', [HOSTILE], { intent: { ...hostile, state: 'refused' } });
      expect(interpreted(mergedComment([merged], addresses, commands))).not.toMatch(danger);
    },
  );

  it('repeats no secret of an intent', () => {
    const detail = [`the text has a token: ${SECRET}`];
    expect(previewComment([preview('refused', { detail })], [])).not.toContain(SECRET);
    expect(mergedComment([shown('refused', detail)], addresses, [])).not.toContain(SECRET);
  });
});
