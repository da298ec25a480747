import { describe, expect, test } from 'vitest';
import { redact } from '../../controller/domain/redact.js';
import { createTail } from '../../controller/domain/tail.js';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
// Put together here, so that no scanner takes this file for a leak.
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJl'].join('.');
const key = (edge: string): string => `-----${edge} RSA PRIVATE KEY-----`;

describe('redact hides', () => {
  test.each([
    ['a GitHub token', `ghp_${letters}`],
    ['a fine-grained GitHub token', `github_pat_${letters}`],
    ['a GitLab token', `glpat-${letters.slice(0, 20)}`],
    ['an AWS key id', `AKIA${'ABCDEFGH12345678'}`],
    ['a Slack token', `xoxb-${'123456789012'}-abcdef`],
    ['a Google key', `AIza${letters}`],
    ['an OpenAI key', `sk-${letters}`],
    ['a JSON Web Token', jwt],
  ])('%s', (_, secret) => {
    expect(redact(`before ${secret} after`)).toBe('before [redacted] after');
  });

  test.each([
    ['https://user:pa@ss@host/path', 'https://[redacted]@host/path'],
    ['git+ssh://token@host:22', 'git+ssh://[redacted]@host:22'],
    [`Authorization: Bearer ${letters}`, 'Authorization: Bearer [redacted]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [redacted]'],
    ['DB_PASSWORD=hunter2 next', 'DB_PASSWORD=[redacted] next'],
    ['"password": "two words", "a": 1', '"password": [redacted], "a": 1'],
    ["api-key='x y'", 'api-key=[redacted]'],
    ['?access_token=abc&x=1', '?access_token=[redacted]&x=1'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('private keys, whole or cut off at either end', () => {
    const body = `${'QUJD'.repeat(16)}\n${'REVG'.repeat(8)}==`;
    expect(redact(`a\n${key('BEGIN')}\n${body}\n${key('END')}\nb`)).toBe('a\n[redacted]\nb');
    expect(redact(`a\n${key('BEGIN')}\n${body}`)).toBe('a\n[redacted]');
    expect(redact(`${body}\n${key('END')}\nb`)).toBe('[redacted]\nb');
  });

  test('values that are known to be secret', () => {
    expect(redact('the word is swordfish!', ['swordfish', 'is'])).toBe('the word is [redacted]!');
  });
});

test.each([
  'listening on http://127.0.0.1:8080/healthz',
  'npm warn deprecated package@1.2.3: use other@2',
  'commit 0123456789abcdef0123456789abcdef01234567',
  'token expired, 3 tokens left; Basic authentication is off',
])('redact leaves %j alone', (text) => {
  expect(redact(text)).toBe(text);
});

test('redact gets through a megabyte of hostile text, which takes hours where time is quadratic', () => {
  const hostile = [
    'eyJ',
    'eyJ-',
    'eyJaaaaaaaaa.',
    'ghp_',
    'password',
    'password="',
    '://',
    '://a@',
    'bearer ',
    'a@',
  ];
  for (const piece of [...hostile, ' ', 'secret', `${key('BEGIN')}\n`, `${key('END')}\n`])
    expect(typeof redact(piece.repeat(Math.ceil(2 ** 20 / piece.length)))).toBe('string');
});

test('a tail keeps the last bytes from a line’s start, in bounded memory', () => {
  const tail = createTail(100);
  tail.push('short\n');
  expect(tail.text()).toBe('short\n');
  for (let line = 0; line < 10_000; line += 1) tail.push(`line ${line}\n`);
  expect(tail.text()).toMatch(/^\[\d+ bytes cut off\]\nline 99\d\d\n(line 99\d\d\n)+$/);
  expect(tail.text()).toContain('line 9999\n');
});
