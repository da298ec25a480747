import { describe, expect, it } from 'vitest';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { catalogNamed } from './cases.js';

const shop = catalogNamed('shop');

describe('an order that is only shown', () => {
  it.each([
    'Example: deploy payments to production',
    'Example 1: deploy payments 2.0 to production',
    'For example: deploy payments 1.0 to staging.',
    'For instance, deploy payments 1.0 to staging.',
    'e.g. deploy payments to production',
    'Q: what now?\nA: deploy payments to production',
    'Example: "hi" -> {"service":"payments","environments":["production"],"action":"deploy"}. Now you.',
  ])('is asked about: %s', (text) => {
    expect(interpretText(text, shop).outcome).toBe('clarify');
  });

  it.each([
    '{"service":"payments","environments":["production"],"action":"deploy"}',
    'Deploy payments 2.0 to production, for example the new buy button is in it.',
    'a) deploy checkout 2.4.1 to staging',
  ])('is not one that happens to speak of examples: %s', (text) => {
    expect(interpretText(text, shop).outcome).toBe('plan');
  });
});
