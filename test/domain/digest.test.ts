import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../controller/domain/json.js';
import { computeDigest, type PlanContent, sealPlan } from '../../controller/domain/plan.js';
import { parsePlan, renderPlan } from '../../controller/planning/documents/plan.js';
import { makePlan } from '../documents/plan-example.js';

describe('the digest of a plan', () => {
  test('does not depend on the order in which members were written', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] })).toBe(canonicalJson({ a: [{ c: 3, d: 2 }], b: 1 }));
  });

  test('is the same after the plan was written to a file and read back', () => {
    const plan = makePlan();
    const parsed = parsePlan('plans/x.yaml', renderPlan(plan));
    expect(parsed.ok && computeDigest(parsed.plan)).toBe(plan.digest);
  });

  test('changes with every single value in the plan', () => {
    const { digest, ...content } = makePlan();
    const changed = variants(content);
    const seen = new Set([digest, ...changed.map((variant) => sealPlan(variant as PlanContent).digest)]);
    expect(changed.length).toBeGreaterThan(60);
    expect(seen.size).toBe(changed.length + 1);
  });

  test('a number that is none is refused, so that two plans cannot share a digest through it', () => {
    expect(() => digestOf({ rate: Number.NaN })).toThrow(TypeError);
  });
});

/** Every copy of a value in which exactly one of its leaves is another one. */
function variants(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => variants(item).map((other) => value.with(index, other)));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) =>
      variants(item).map((other) => ({ ...value, [key]: other })),
    );
  }
  return [typeof value === 'string' ? `${value}x` : typeof value === 'number' ? value + 1 : 'other'];
}
