import { describe, expect, test } from 'vitest';
import { LINE_LENGTH, readItems } from '../../controller/evaluation/read-items.js';

const INTENT = { id: 'a', catalog: 'shop.yaml', text: 'deploy', expected: { outcome: 'clarify' } };
const lines = (...values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const read = (...values: readonly unknown[]) => readItems('x.jsonl', lines(...values));

describe('labelled items are read from JSONL', () => {
  test('an intent may leave fields out, and has them beside its text or in expected', () => {
    const { items, problems } = read(
      { ...INTENT, expected: { outcome: 'plan', service: 'checkout', guards: { watchMinutes: 5 } } },
      { id: 7, catalog: 'bank', text: 't', outcome: 'plan', version: null },
    );
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      {
        id: 'a',
        tags: [],
        line: 1,
        expected: { outcome: 'plan', service: 'checkout', guards: { watchMinutes: 5 } },
      },
      { id: '7', line: 2, expected: { outcome: 'plan', version: null } },
    ]);
    expect(Object.keys((items[1] as { expected: object }).expected)).toEqual(['outcome', 'version']);
  });

  test('a label of a question as the grammar tests write it (all fields null) is read', () => {
    const nothing = { action: null, service: null, version: null, environments: [], postSteps: [] };
    const { problems } = read({
      ...INTENT,
      expected: { outcome: 'refuse', ...nothing, guards: { errorRate: null } },
    });
    expect(problems).toEqual([]);
  });

  test('questions and sentences are told by their fields', () => {
    const { items, problems } = read(
      { id: 'q', question: 'Who?', relevant: ['a.md#A > B'] },
      { document: 'a.md', sentence: 'Never on Fridays.', controls: 'advice' },
      { document: 'a.md', sentence: 'Two people approve.', controls: [{ kind: 'approvals', count: 2 }] },
    );
    expect(problems).toEqual([]);
    expect(items.map(({ kind }) => kind)).toEqual(['question', 'sentence', 'sentence']);
  });

  test.each([
    ['no JSON', '{"id":', null],
    ['a list', '[]', null],
    ['null', 'null', null],
    ['no id', JSON.stringify({ ...INTENT, id: undefined }), 'id'],
    ['an empty id', JSON.stringify({ ...INTENT, id: '' }), 'id'],
    ['no text', JSON.stringify({ ...INTENT, text: undefined }), 'text'],
    ['a text that is a number', JSON.stringify({ ...INTENT, text: 7 }), 'text'],
    ['a catalog elsewhere', JSON.stringify({ ...INTENT, catalog: '../../etc/passwd' }), 'catalog'],
    ['no outcome', JSON.stringify({ ...INTENT, expected: {} }), 'expected.outcome'],
    [
      'an unknown outcome',
      JSON.stringify({ ...INTENT, expected: { outcome: 'accept' } }),
      'expected.outcome',
    ],
    [
      'an unknown action',
      JSON.stringify({ ...INTENT, expected: { outcome: 'plan', action: 'scale' } }),
      'expected.action',
    ],
    [
      'an unknown step',
      JSON.stringify({ ...INTENT, expected: { outcome: 'plan', postSteps: ['x'] } }),
      'expected.postSteps',
    ],
    [
      'a rate as words',
      JSON.stringify({ ...INTENT, expected: { outcome: 'plan', guards: { errorRate: 'two' } } }),
      'expected.guards.errorRate',
    ],
    ['expected as a list', JSON.stringify({ ...INTENT, expected: [] }), 'expected'],
    ['nothing relevant', JSON.stringify({ id: 'q', question: 'Who?', relevant: [] }), 'relevant'],
    [
      'an unknown demand',
      JSON.stringify({ document: 'a', sentence: 's', controls: [{ kind: 'x' }] }),
      'controls[0].kind',
    ],
    [
      'a count that is missing',
      JSON.stringify({ document: 'a', sentence: 's', controls: [{ kind: 'approvals' }] }),
      'controls[0].count',
    ],
  ])(
    '%s is a problem of its line with the field and what to do, and the lines around it are read',
    (_, bad, field) => {
      const { items, problems } = readItems(
        'x.jsonl',
        `${lines(INTENT)}\n${bad}\n\n${lines({ ...INTENT, id: 'b' })}`,
      );
      expect(items).toHaveLength(2);
      expect(problems).toMatchObject([{ file: 'x.jsonl', line: 2, field }]);
      expect(problems[0]?.fix).not.toBe('');
    },
  );

  test('prototype keys are keys like others', () => {
    const { items } = readItems(
      'x.jsonl',
      `{"__proto__":{"outcome":"plan"},"id":"a","catalog":"s","text":"t","outcome":"refuse"}`,
    );
    expect(items).toMatchObject([{ expected: { outcome: 'refuse' } }]);
    expect(
      readItems('x.jsonl', '{"__proto__":{"id":"a"},"catalog":"s","text":"t","outcome":"plan"}').problems,
    ).toMatchObject([{ field: 'id' }]);
  });

  test('a line that is too long is a problem; a byte order mark and CRLF are none', () => {
    const long = lines({ ...INTENT, text: 'x'.repeat(LINE_LENGTH) });
    expect(readItems('x.jsonl', long).problems).toMatchObject([{ line: 1, field: null }]);
    expect(
      readItems('x.jsonl', `\uFEFF${lines(INTENT)}\r\n${lines({ ...INTENT, id: 'b' })}\r\n`),
    ).toMatchObject({ problems: [], items: [{}, {}] });
  });
});
