import { describe, expect, test } from 'vitest';
import type { Interpretation } from '../../controller/domain/interpretation.js';
import { applyPins } from '../../controller/planning/pins.js';
import { catalogOf, request } from './sample.js';

const catalog = catalogOf();
const read = (change = {}): Interpretation => ({ outcome: 'plan', request: request(change), evidence: {} });
const spec = (pins: object) => ({ text: 'x', suspend: false, ...pins });

describe('pinned fields of an intent', () => {
  test('that say the same as the text change nothing, also by an alias', () => {
    expect(
      applyPins(
        read(),
        spec({ service: 'shop', version: 'v1.2.3', environments: ['staging'], action: 'deploy' }),
        catalog,
      ),
    ).toEqual(read());
  });

  test.each([
    [{ service: 'payments' }, 'service'],
    [{ version: 'v9' }, 'version'],
    [{ environments: ['production'] }, 'environments'],
    [{ action: 'rollback' }, 'action'],
  ])('%j that contradict the text are a question', (pins, field) => {
    expect(applyPins(read(), spec(pins), catalog)).toMatchObject({
      outcome: 'clarify',
      questions: [{ field }],
    });
  });

  test('add the version that the text leaves out', () => {
    expect(applyPins(read({ version: null }), spec({ version: 'v2' }), catalog)).toMatchObject({
      request: { version: 'v2' },
    });
  });

  test('answer what the text leaves open, when they name everything', () => {
    const open: Interpretation = {
      outcome: 'clarify',
      questions: [{ field: 'service', question: '?', choices: [] }],
      evidence: {},
    };
    const all = { action: 'deploy', service: 'checkout', environments: ['staging'] };
    expect(applyPins(open, spec(all), catalog)).toMatchObject({
      outcome: 'plan',
      request: { service: 'checkout', environments: ['staging'] },
    });
    expect(applyPins(open, spec({ service: 'checkout' }), catalog)).toEqual(open);
  });

  test('never answer a question about the text itself, and never turn a refusal', () => {
    const pins = spec({ action: 'deploy', service: 'checkout', environments: ['staging'] });
    const odd: Interpretation = {
      outcome: 'clarify',
      questions: [{ field: 'text', question: '?', choices: [] }],
      evidence: {},
    };
    const refused: Interpretation = { outcome: 'refuse', reason: 'no', evidence: {} };
    expect(applyPins(odd, pins, catalog)).toEqual(odd);
    expect(applyPins(refused, pins, catalog)).toEqual(refused);
  });

  test('that the catalog does not know are a question with the choices', () => {
    expect(applyPins(read(), spec({ service: 'nope' }), catalog)).toMatchObject({
      questions: [{ field: 'service', choices: ['checkout', 'payments'] }],
    });
    expect(applyPins(read(), spec({ environments: ['moon'] }), catalog)).toMatchObject({
      questions: [{ field: 'environments' }],
    });
  });
});
