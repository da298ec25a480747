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
    ['account NO93 8601 1117 947 IS CLOSED', 'account <account-1> IS CLOSED'],
    ['password=hunter2000', 'password=[redacted]'],
    ['josé.garcía@example.com wrote', '<email-1> wrote'],
    ['It was 10.0.0.12. Or fe80::1: down.', 'It was <address-1>. Or <address-2>: down.'],
    [
      'Call +49 170 1234567. Or (555) 123-4567, or 555-123-4567.',
      'Call <phone-1>. Or <phone-2>, or <phone-3>.',
    ],
    ['its MAC is 00:1a:2B:3c:4d:5e.', 'its MAC is <address-1>.'],
    ['Thanks, @bob.', 'Thanks, <person-1>.'],
    // As a JSON string: the n of \\n is not part of the address.
    [JSON.stringify('\nann@a.io\n10.0.0.1\t@bob'), '"\\n<email-1>\\n<address-1>\\t<person-1>"'],
  ])('%s', (text, expected) => {
    expect(mask(text).text).toBe(expected);
  });

  it.each([
    'Deploy checkout v2.4.1 to staging at 16:00 on 2026-11-26, then wait 10 minutes.',
    'Roll back search-api to 1.2.3-rc.1+build.5 (JIRA-1234, port 8080, 99.95 %)',
    'deploy 3f2a9bc0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6',
    'deploy checkout@1.4.2, search@v2.0.0-rc.beta, checkout @v1.4.2, billing @v2 and web@main',
    'approved by @acme/sre, at 12:30:45, ticket 4111-2222, build 20261126113043, epoch 1795000000000',
    'card-like 4111 1111 1111 1112, account-like DE88 3704 1044 0532 0130 00, Foo::Bar and ::1',
    'errors 999.999.999.999, tag 1.2.3.4-rc.1',
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
      'DE89 3704 0044 0532 0130 00',
      'fe80::1',
      '\\n',
      '"',
      '<address-1>',
    ];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: 12 }, () => pick.one(pieces)).join('');
      const { text: masked, hidden } = mask(text);
      expect(unmask(masked, hidden)).toBe(text);
    }
  });
});

describe('hiding takes time linear in the length of the text', () => {
  // Each of these would take minutes if it took quadratic time; none is measured, all have to end.
  it.each([
    ['words', 'a'.repeat(1_000_000)],
    ['local parts', 'a.b+c-'.repeat(170_000)],
    ['addresses that are none', 'a@b.'.repeat(250_000)],
    ['addresses', Array.from({ length: 50_000 }, (_, index) => `a${index}@b.io`).join(' ')],
    ['placeholders and addresses', `${placeholdersTo(40_000)} ${'x@y.io z@y.io '.repeat(20_000)}`],
    ['digits', '1 '.repeat(500_000)],
    ['numbers', '4111 1111 '.repeat(100_000)],
    ['plus signs', '+12 34 '.repeat(140_000)],
    ['dots', '1.2.'.repeat(250_000)],
    ['colons', ':'.repeat(1_000_000)],
    ['escapes', '\\n'.repeat(500_000)],
    ['account numbers', 'DE89 3704 '.repeat(100_000)],
    ['handles', '@a'.repeat(500_000)],
  ])('%s', (_, text) => {
    const { text: masked, hidden } = mask(text);
    expect(unmask(masked, hidden)).toBe(text);
  });
});

function placeholdersTo(count: number): string {
  return Array.from({ length: count }, (_, index) => `<email-${index + 1}>`).join('');
}
