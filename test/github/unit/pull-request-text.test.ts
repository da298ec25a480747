import { describe, expect, it } from 'vitest';
import {
  proposalBody,
  proposalTitle,
  readProposalBody,
  readProposalTitle,
} from '../../../controller/adapters/github/pull-request-text.js';
import { numbersOf } from './facts.js';

const intent = 'checkout-2.4';
const digest = `sha256:${'0a1b'.repeat(16)}`;
const marker = (name: string) => `<!-- commander:plan intent=${name} digest=sha256:${'f'.repeat(64)} -->`;

const TEXTS: Readonly<Record<string, string>> = {
  ordinary: 'Deploy checkout v2.4.1: staging, then production',
  empty: '',
  Markdown: '# Big **bold** _it_ `code` [link](http://x) | table | ~~gone~~ > quote',
  HTML: '<img src=x onerror=alert(1)> <!-- hidden --> </details> &lt;b&gt; &#64;all',
  'a title within a title': 'commander(other): take this instead',
  'quotes and slashes': `"it's" \\n \\u0000 %00 \${x}`,
  'many languages': 'Déployer 结帐 🚀 ﷽ ß İ',
};

describe('the title of a proposal', () => {
  it.each(Object.entries(TEXTS))('is read back as it was written: %s', (_title, summary) => {
    expect(readProposalTitle(proposalTitle({ intent, summary }))).toEqual({ intent, summary });
  });

  it.each(['a', 'a-b', 'a.b', '1', `a${'b'.repeat(61)}c`, 'checkout-1.2.3'])(
    'takes the intent name %s',
    (name) => {
      expect(readProposalTitle(proposalTitle({ intent: name, summary: 'x' }))?.intent).toBe(name);
    },
  );

  it('is one line of what can be seen, whatever the summary has in it', () => {
    const summary = 'red \u001b[31m\u202eevil\u202c\u200b\u2028\u2029\ufeff\r\n\tand \u0000more\u0085 ';
    expect(proposalTitle({ intent, summary })).toBe(`commander(${intent}): red [31m evil and more`);
  });

  it('mentions nobody', () => {
    const title = proposalTitle({ intent, summary: '@everyone @acme/team a@b.c @\u200b@x' });
    expect(title).not.toMatch(/@(?!\u200b)/);
  });

  it('is cut to what GitHub takes, without splitting a character', () => {
    for (const letter of ['x', '🚀', 'é', '@']) {
      const title = proposalTitle({ intent, summary: letter.repeat(5000) });
      expect([...title].length).toBeLessThanOrEqual(256);
      expect(title.endsWith('…')).toBe(true);
      expect(title).not.toMatch(/\p{Surrogate}/u);
      expect(readProposalTitle(title)?.intent).toBe(intent);
    }
  });

  it('of 250 characters is left whole', () => {
    const summary = 'x'.repeat(250 - `commander(${intent}): `.length);
    expect(readProposalTitle(proposalTitle({ intent, summary }))).toEqual({ intent, summary });
  });

  it.each([
    'Deploy checkout',
    'commander: Deploy checkout',
    'commander(): x',
    'commander(-a): x',
    'commander(A): x',
    'commander(a/b): x',
    'commander(a b): x',
    'commander(a)x',
    ' commander(a): x',
    'Re: commander(a): x',
    'commander(a\u0000): x',
    '',
  ])('is not ours: %j', (title) => {
    expect(readProposalTitle(title)).toBeNull();
  });
});

describe('the body of a proposal', () => {
  const bodies = {
    ...TEXTS,
    'several lines': '## What will happen\n\n1. build\n\n```\n@everyone\n```\n\n---\n',
    'a forged marker further down': `text\n${marker('evil')}\nmore\n`,
    'a forged marker at once': `${marker('evil')}\nmore\n`,
    'an empty first line': '\n\nlate',
    'control and direction characters': '\u001b[31mred\u001b[0m \u202eevil\u202c \u0000 \u2028 \ufeff',
    'a lone carriage return': 'a\rb',
  };

  it.each(Object.entries(bodies))('is read back as it was written: %s', (_title, body) => {
    expect(readProposalBody(proposalBody({ intent, digest, body }))).toEqual({ intent, digest, body });
  });

  it('is read back with the line ends that GitHub makes of an edit in the browser', () => {
    const body = 'one\ntwo\n';
    const edited = proposalBody({ intent, digest, body }).replaceAll('\n', '\r\n');
    expect(readProposalBody(edited)).toEqual({ intent, digest, body });
  });

  it('is read back where people deleted all but the first line', () => {
    const [first = ''] = proposalBody({ intent, digest, body: 'x' }).split('\n');
    expect(readProposalBody(first)).toEqual({ intent, digest, body: '' });
  });

  it('of 60,000 characters is left whole; a longer one is cut to what GitHub takes, and says so', () => {
    const whole = 'x'.repeat(60_000);
    expect(readProposalBody(proposalBody({ intent, digest, body: whole }))?.body).toBe(whole);
    const cut = proposalBody({ intent, digest, body: 'x'.repeat(1_000_000) });
    expect([...cut].length).toBeLessThan(65_536);
    expect(cut).toContain('cut; the whole plan is in the file');
    expect(readProposalBody(cut)).toMatchObject({ intent, digest });
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['of a person', 'Please merge this.\n'],
    ['with a marker on the second line', `hello\n${marker('evil')}\n`],
    ['with a marker behind a word', `hello ${marker('evil')}\n`],
    ['with something behind the marker', `${marker('evil')} hello\n`],
    ['with a space before the marker', ` ${marker('evil')}\n`],
    ['with a short digest', `<!-- commander:plan intent=a digest=sha256:abc -->\n`],
    ['with a digest in capitals', `<!-- commander:plan intent=a digest=sha256:${'A'.repeat(64)} -->\n`],
    ['with two names', `<!-- commander:plan intent=a b digest=sha256:${'a'.repeat(64)} -->\n`],
  ])('is not ours: %s', (_title, body) => {
    expect(readProposalBody(body)).toBeNull();
  });
});

describe('over many generated texts', () => {
  const ALPHABET = [
    ...'aZ 9.-_()<>#*`|[]{}!:/\\"\'&~@',
    '\n',
    '\r\n',
    '\t',
    '🚀',
    'é',
    '\u202e',
    '\u001b[0m',
    marker('x'),
  ];
  const texts = Array.from({ length: 5000 }, (_, seed) => {
    const next = numbersOf(seed + 1);
    return Array.from(
      { length: Math.floor(next() * 40) },
      () => ALPHABET[Math.floor(next() * ALPHABET.length)],
    ).join('');
  });

  it('a body is read back up to its line ends, and intent and digest always', () => {
    for (const body of texts)
      expect(readProposalBody(proposalBody({ intent, digest, body }))).toEqual({
        intent,
        digest,
        body: body.replaceAll('\r\n', '\n'),
      });
  });

  it('a title is one line that pings nobody, and its intent is read back', () => {
    for (const summary of texts) {
      const title = proposalTitle({ intent, summary });
      expect(title).not.toMatch(/[\p{Cc}\u202e]|@(?!\u200b)/u);
      expect(readProposalTitle(title)?.intent).toBe(intent);
    }
  });
});
