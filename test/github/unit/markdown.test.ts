import { describe, expect, it } from 'vitest';
import { fenced, plain } from '../../../controller/domain/markdown.js';
import { DANGERS, HOSTILE, interpreted } from './view-facts.js';

describe('words of people in Markdown', () => {
  it.each(DANGERS.map((danger) => [danger]))('are shown, not interpreted: %s', (danger) => {
    expect(interpreted(plain(HOSTILE))).not.toMatch(danger);
  });

  it.each(['&#64;octocat', '&#x40;octocat', '&#35;12'])(
    'numbers of characters are shown as written: %s',
    (text) => {
      expect(interpreted(plain(text))).not.toMatch(/&#x?[\da-f]+;/i);
    },
  );

  it('are still there to be read', () => {
    expect(plain('Deploy checkout v1.2.3 to staging, 50 % (“canary”) – é 🚀!')).toBe(
      'Deploy checkout v1.2.3 to staging, 50 % (“canary”) – é 🚀!',
    );
  });

  it('in a block of code cannot end it, and nothing hides in it', () => {
    for (const text of ['```\n@everyone', '````\n````', `${'`'.repeat(50)}\nx`, 'a\u001b[31m\u202eb']) {
      const [first = '', ...rest] = fenced('', text);
      const last = rest.pop() ?? '';
      expect(last).toBe(first);
      for (const line of rest) expect(line.trimStart().startsWith(first)).toBe(false);
      expect(rest.join('')).not.toMatch(/[\u001b\u202e]/);
    }
  });
});
