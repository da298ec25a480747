import { describe, expect, test } from 'vitest';
import { plain } from '../../controller/domain/markdown.js';
import { planBody } from '../../controller/planning/plan-body.js';
import { makePlan } from '../documents/plan-example.js';

describe('the body of a proposal', () => {
  test('says what happens in which order, what it replaces, where each field came from, how to undo it, and the digest', () => {
    const plan = makePlan();
    const body = planBody(plan);
    for (const heading of [
      '## What will happen',
      '## Where each field came from',
      '## What the operating procedures say',
      '## How to undo it',
    ])
      expect(body).toContain(heading);
    expect(body).toContain(plan.digest);
    expect(body).toContain(plan.version.commit);
    for (const item of plan.environments) expect(body).toContain(`**${item.environment}**`);
  });

  test("shows people's words without letting them act: no mentions, no markup, no hidden or control characters", () => {
    const hostile = '@everyone [click](http://x) <img src=x> `code` **bold**\u202e \u001b[31mred';
    const plan = { ...makePlan(), intent: { ...makePlan().intent, text: hostile } };
    const quoted =
      planBody(plan)
        .split('\n')
        .find((line) => line.startsWith('> ')) ?? '';
    expect(quoted).not.toMatch(/@everyone|\u202e|\u001b/);
    expect(quoted).not.toMatch(/(?<!\\)[[<`*]/);
    expect(plain('a@b')).not.toContain('@b');
  });
});
