import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../controller/app/evaluate.js';

const OPTIONS = { part: 'sops', interpreter: 'grammar', runs: 1, limit: null } as const;

describe('the labelled SOP sentences', () => {
  it.each([
    ['evaluation', 0.95, 0.8, 3],
    [join('evaluation', 'sops-blind'), 0.98, 0.93, 3],
    [join('evaluation', 'sops-blind-2'), 0.94, 0.78, 4],
    [join('evaluation', 'sops-blind-3'), 0.89, 0.83, 5],
  ])(
    'of %s come to the demands that they say, as often as is documented',
    async (set, precision, recall, invented) => {
      const models = { model: null, embedder: null };
      const { controls, problems } = await evaluate(
        { ...OPTIONS, set },
        models,
        () => undefined,
        new AbortController().signal,
      );
      expect(problems).toEqual([]);
      const { demands, invented: notSaid } = controls[0]?.result ?? expect.fail('no figures');
      expect(demands.precision.right / demands.precision.of).toBeGreaterThanOrEqual(precision);
      expect(demands.recall.right / demands.recall.of).toBeGreaterThanOrEqual(recall);
      expect(notSaid).toBeLessThanOrEqual(invented);
    },
  );
});
