import { describe, expect, it } from 'vitest';
import { plain } from '../../controller/domain/markdown.js';
import {
  howToWaive,
  isReason,
  isWaivable,
  LONGEST_REASON,
  waiverReason,
} from '../../controller/domain/waiver.js';
import { readWords } from '../../controller/planning/waiver-request.js';

describe('the reason of a waiver', () => {
  it('is one line without hidden characters', () => {
    const hostile = '  first\r\nsecond\u202e \u0000\u001b[31m\u2066third\u2029\u00ad  ';
    expect(waiverReason(hostile)).toBe('first second [31m third');
  });

  it('has no secrets in it, also not when one is cut off at the end', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    expect(waiverReason(`because ${token}`)).toBe('because [redacted]');
    expect(waiverReason(`${'x'.repeat(490)} ${token}`)).not.toContain('ghp_');
  });

  it('is cut, never in the middle of a character', () => {
    const cut = waiverReason('🚒'.repeat(10_000));
    expect(cut.length).toBeLessThanOrEqual(LONGEST_REASON);
    expect(cut).toBe('🚒'.repeat(250));
  });

  it.each([
    ['', false],
    ['because', false],
    ['          .          ', false],
    [`ghp_${'a1B2'.repeat(9)}`, false],
    ['\u200b'.repeat(50), false],
    ['the runner burned down', true],
    ['理由は十分に長いですよ', true],
  ])('%j is enough of one: %s', (text, enough) => {
    expect(isReason(waiverReason(text))).toBe(enough);
  });
});

describe('what can be waived', () => {
  it('is what an SOP demands, and nothing else', () => {
    expect(isWaivable({ source: 'smoke-first', rule: 'require-steps' })).toBe(true);
    expect(isWaivable({ source: 'policy', rule: 'freeze' })).toBe(false);
    expect(isWaivable({ source: 'policy', rule: 'quarantine' })).toBe(false);
    expect(isWaivable({ source: 'sops/broken.md', rule: 'unreadable' })).toBe(false);
  });

  it('is told in words that survive Markdown', () => {
    const shown = plain(howToWaive('alpha-1', 'smoke-first'));
    expect(shown).toContain('/commander waive smoke-first \\<why\\>');
  });
});

describe('the words of a comment', () => {
  it('are the SOP, and why', () => {
    expect(readWords('smoke-first the runner burned', ['smoke-first'])).toEqual({
      sop: 'smoke-first',
      reason: 'the runner burned',
    });
    expect(readWords('unknown why not', ['smoke-first'])).toEqual({ sop: 'unknown', reason: 'why not' });
    expect(readWords('', ['smoke-first'])).toEqual({ sop: '', reason: '' });
  });

  it('may name an SOP whose id has spaces, and the longest that fits is meant', () => {
    const sources = ['release', 'release rules', 'release rules of old'];
    expect(readWords('release rules it burned', sources)).toEqual({
      sop: 'release rules',
      reason: 'it burned',
    });
    expect(readWords('releases it burned', sources)).toEqual({ sop: 'releases', reason: 'it burned' });
  });
});
