import { describe, expect, it } from 'vitest';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { catalogNamed } from './cases.js';

const shop = catalogNamed('shop');

function requestOf(text: string) {
  const reading = interpretText(text, shop);
  if (reading.outcome !== 'plan') throw new Error(`${reading.outcome}: ${text}`);
  return reading.request;
}

describe('a promotion', () => {
  it.each([
    'promote checkout from staging to production',
    'promote checkout staging to production',
    'Promote checkout to production from stage.',
    'move checkout from preprod into prod',
    'checkout: staging -> prod',
    'take the staging build of checkout to production',
  ])('without a version takes what is good where it comes from: %s', (text) => {
    expect(requestOf(text)).toMatchObject({
      action: 'deploy',
      version: null,
      environments: ['production'],
      promotedFrom: 'staging',
    });
  });

  it('with a version takes that version', () => {
    const request = requestOf('promote checkout 2.4.1 from staging to production');
    expect(request.version).toBe('2.4.1');
    expect(request).not.toHaveProperty('promotedFrom');
  });

  it.each([
    'deploy checkout to staging and production',
    'roll back checkout from production',
    'deploy checkout to production, staging already has it',
    'promote checkout to production',
  ])('is only what names its source: %s', (text) => {
    expect(requestOf(text)).not.toHaveProperty('promotedFrom');
  });
});
