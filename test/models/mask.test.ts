import { describe, expect, it } from 'vitest';
import { mask, unmask } from '../../controller/domain/mask.js';
import { chance } from '../github/flow/chance.js';

describe('what is hidden from a model', () => {
  it.each([
    ['mail ann.b+c@mail.example.co.uk now', 'mail <email-1> now'],
    ['ann@a.io and bob@a.io and ann@a.io', '<email-1> and <email-2> and <email-1>'],
    ['call +49 170 1234567', 'call <phone-1>'],
    ['from 10.0.0.12', 'from <address-1>'],
    ['from fe80:0:0:0:1:2:3:4', 'from <address-1>'],
    ['cc @alice-b please', 'cc <person-1> please'],
    ['card 4111 1111 1111 1111', 'card <card-1>'],
    ['account DE89 3704 0044 0532 0130 00', 'account <account-1>'],
    ['password=hunter2000', 'password=[redacted]'],
  ])('%s', (text, expected) => {
    expect(mask(text).text).toBe(expected);
  });

  it.each([
    'Deploy checkout v2.4.1 to staging at 16:00 on 2026-11-26, then wait 10 minutes.',
    'Roll back search-api to 1.2.3-rc.1+build.5 (JIRA-1234, port 8080, 99.95 %)',
    'deploy 3f2a9bc0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6',
  ])('is not what an intent is about: %s', (text) => {
    expect(mask(text).text).toBe(text);
  });

  it('is not the name of a service, whatever that looks like', () => {
    expect(mask('deploy 10.0.0.1 for @edge', ['10.0.0.1', 'edge']).text).toBe('deploy 10.0.0.1 for @edge');
  });

  it('is put back wherever it comes in an answer, and nothing else is', () => {
    const { text, hidden } = mask('ask ann@a.io, not <email-1> nor <email-9>');
    expect(text).toBe('ask <email-2>, not <email-1> nor <email-9>');
    expect(unmask({ a: [text, 1, null], b: { c: '<email-2>' } }, hidden)).toEqual({
      a: ['ask ann@a.io, not <email-1> nor <email-9>', 1, null],
      b: { c: 'ann@a.io' },
    });
  });

  it('comes back as it was, for any text without secrets', () => {
    const pick = chance(20_261_126);
    const pieces: readonly [string, ...string[]] = [
      'ann@a.io',
      '10.0.0.1',
      '@bob',
      '<email-1>',
      '<person-2>',
      '+1 555 123 4567',
      'v1.2',
      ' ',
      ',',
      'é',
      '<',
      '>',
      '4111111111111111',
    ];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: 12 }, () => pick.one(pieces)).join('');
      const { text: masked, hidden } = mask(text);
      expect(unmask(masked, hidden)).toBe(text);
    }
  });
});
