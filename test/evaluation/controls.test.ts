import { describe, expect, test } from 'vitest';
import { NO_GUARDS } from '../../controller/domain/catalog.js';
import type { Control, Demand } from '../../controller/domain/sop.js';
import type { ExpectedControls, SentenceItem } from '../../controller/evaluation/items.js';
import { demandKey, judgeSentence, tallyControls } from '../../controller/evaluation/judge-controls.js';

const SENTENCE = 'Two people must approve\n  production releases.';
const control = (demand: Demand, quote = SENTENCE): Control => ({
  ...demand,
  quote,
  origin: 'rules',
  scope: null,
  severity: null,
});
const item = (controls: ExpectedControls): SentenceItem => ({
  kind: 'sentence',
  file: 'controls.jsonl',
  line: 1,
  document: 'a.md',
  sentence: 'Two people must approve production releases.',
  controls,
});
const TWO: Demand = { kind: 'approvals', count: 2 };
const PINNED: Demand = { kind: 'pinned-version' };

describe('a sentence and what was compiled of it', () => {
  test('is exact when the same demands came of it, however its lines are broken', () => {
    expect(judgeSentence(item([{ demand: TWO }]), { controls: [control(TWO)], advice: [] })).toMatchObject({
      exact: true,
      both: 1,
    });
  });

  test('a demand too many is invented, one too few is not', () => {
    const both = [{ demand: TWO }, { demand: PINNED }];
    expect(
      judgeSentence(item([{ demand: TWO }]), { controls: [control(TWO), control(PINNED)], advice: [] }),
    ).toMatchObject({ exact: false, invented: true });
    expect(judgeSentence(item(both), { controls: [control(TWO)], advice: [] })).toMatchObject({
      exact: false,
      invented: false,
    });
  });

  test('a control where advice or nothing is labelled is invented', () => {
    for (const label of ['advice', 'none'] as const)
      expect(judgeSentence(item(label), { controls: [control(TWO)], advice: [] })).toMatchObject({
        exact: false,
        invented: true,
      });
  });

  test('advice is not nothing', () => {
    const advised = { controls: [], advice: [SENTENCE] };
    expect(judgeSentence(item('advice'), advised).exact).toBe(true);
    expect(judgeSentence(item('none'), advised).exact).toBe(false);
    expect(judgeSentence(item('none'), { controls: [], advice: [] }).exact).toBe(true);
  });

  test('controls of other sentences do not count', () => {
    expect(
      judgeSentence(item('none'), { controls: [control(TWO, 'Another sentence.')], advice: [] }).exact,
    ).toBe(true);
  });

  test('the scope is judged where it is labelled', () => {
    const scope = { services: [], environments: ['production'], actions: [] };
    expect(
      judgeSentence(item([{ demand: TWO, scope }]), { controls: [control(TWO)], advice: [] }).exact,
    ).toBe(false);
    expect(
      judgeSentence(item([{ demand: TWO, scope }]), { controls: [{ ...control(TWO), scope }], advice: [] })
        .exact,
    ).toBe(true);
  });

  test('the name of a freeze does not count, its times do; sets have no order', () => {
    const freeze = { name: 'x', from: 'Fri 16:00', to: 'Mon 00:00', timezone: 'UTC', environments: [] };
    const key = (changes: object) => demandKey({ kind: 'freeze', freeze: { ...freeze, ...changes } });
    expect(key({ name: 'y' })).toBe(key({}));
    expect(key({ to: 'Mon 08:00' })).not.toBe(key({}));
    expect(demandKey({ kind: 'require-steps', steps: ['notify', 'run_tests'] })).toBe(
      demandKey({ kind: 'require-steps', steps: ['run_tests', 'notify'] }),
    );
    expect(demandKey({ kind: 'guards', guards: { ...NO_GUARDS, errorRate: 0.01 } })).not.toBe(
      demandKey({ kind: 'guards', guards: NO_GUARDS }),
    );
  });
});

test('precision and recall over demands, computed by hand', () => {
  const result = tallyControls([
    judgeSentence(item([{ demand: TWO }, { demand: PINNED }]), { controls: [control(TWO)], advice: [] }),
    judgeSentence(item([{ demand: TWO }]), {
      controls: [control({ kind: 'approvals', count: 3 })],
      advice: [],
    }),
    judgeSentence(item('advice'), { controls: [], advice: [SENTENCE] }),
    judgeSentence(item('none'), { controls: [], advice: [SENTENCE] }),
  ]);
  expect(result).toMatchObject({
    sentences: 4,
    exact: { right: 1, of: 4 },
    demands: { precision: { right: 1, of: 2 }, recall: { right: 1, of: 3 } },
    advice: { precision: { right: 1, of: 2 }, recall: { right: 1, of: 1 } },
    invented: 1,
  });
  expect(result.misses).toHaveLength(3);
});
