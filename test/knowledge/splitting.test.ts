import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';
import { PASSAGE_LENGTH } from '../../controller/planning/knowledge/pieces.js';
import { sop } from './samples.js';

const split = (body: string, path = 'sops/example.md') =>
  passagesOf('/repo', sop(path, body)).map(({ headings, text }) => [headings.join(' > '), text]);

describe('a document becomes passages', () => {
  it('by heading, with the path of the headings above', () => {
    const body = '# A\n\nintro\n\n## B\n\nb text\n\n### C\n\nc text\n\n## D\n\nd text\n\n# E\ne text\n';
    expect(split(body)).toEqual([
      ['A', 'intro'],
      ['A > B', 'b text'],
      ['A > B > C', 'c text'],
      ['A > D', 'd text'],
      ['E', 'e text'],
    ]);
  });

  it('also by underlined headings, and with levels that are left out', () => {
    const body = 'Title\n=====\n\nintro\n\nSection\n---\ntext\n\n#### Deep\n\ndeep text';
    expect(split(body)).toEqual([
      ['Title', 'intro'],
      ['Title > Section', 'text'],
      ['Title > Section > Deep', 'deep text'],
    ]);
  });

  it('keeps what is before the first heading, and a document without any', () => {
    expect(split('before\n\n# A\n\ntext')).toEqual([
      ['', 'before'],
      ['A', 'text'],
    ]);
    expect(split('only this')).toEqual([['', 'only this']]);
  });

  it('takes no line of code for a heading, with either fence, nested, or left open', () => {
    const code = '# A\n\n```sh\n# not a heading\n~~~\nmore\n```\n\nafter\n\n~~~~\n~~~\n# neither\n~~~~\n';
    expect(split(code)).toEqual([['A', code.slice(5).trim()]]);
    expect(split('# A\n\n```\n# open to the end')).toEqual([['A', '```\n# open to the end']]);
  });

  it('takes no rule, list, table or commented line for a heading', () => {
    const body =
      '# A\n\ntext\n\n---\n\n- item\n---\n\n| a |\n|---|\n\n<!--\n# hidden\n-->\n\n#hashtag\n\n####### seven';
    expect(split(body).map(([path]) => path)).toEqual(['A']);
  });

  it('reads "## Title ##", "#", and Windows line ends', () => {
    expect(split('## Title ##\r\n\r\ntext\r\n\r\n#\r\n\r\nrest\r\n')).toEqual([
      ['Title', 'text'],
      ['', 'rest'],
    ]);
  });

  it('keeps a heading that says all by itself', () => {
    expect(split('# Rules\n\n## Never deploy on Fridays\n\n## Pin versions\n\ntext')).toEqual([
      ['Rules > Never deploy on Fridays', 'Never deploy on Fridays'],
      ['Rules > Pin versions', 'text'],
    ]);
  });

  it('finds headings of plain text by how they stand', () => {
    const body =
      'RELEASE PROCEDURE\n\nWe release.\n\n1. Before\n\nTest it.\n\n1.1 Who tests\n\nQA tests.\n\nEND OF IT.\n';
    expect(split(body, 'sops/release.txt')).toEqual([
      ['RELEASE PROCEDURE', 'We release.'],
      ['1. Before', 'Test it.'],
      ['1. Before > 1.1 Who tests', 'QA tests.\n\nEND OF IT.'],
    ]);
    expect(split('RELEASE PROCEDURE\n\nWe release.')).toEqual([['', 'RELEASE PROCEDURE\n\nWe release.']]);
  });
});

describe('a long section is cut', () => {
  const sentence = (at: number) => `Sentence number ${at} says that nothing is deployed without a test.`;
  const paragraph = (from: number) => Array.from({ length: 6 }, (_, at) => sentence(from + at)).join(' ');

  it('between paragraphs, and loses nothing', () => {
    const paragraphs = Array.from({ length: 12 }, (_, at) => paragraph(at * 6));
    const parts = split(`# A\n\n${paragraphs.join('\n\n')}`).map(([, text]) => text ?? '');
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.every((part) => part.length <= PASSAGE_LENGTH)).toBe(true);
    expect(parts.join('\n\n')).toBe(paragraphs.join('\n\n'));
  });

  it('between sentences where a paragraph is too long', () => {
    const text = Array.from({ length: 60 }, (_, at) => sentence(at)).join(' ');
    const parts = split(text).map(([, part]) => part ?? '');
    expect(parts.every((part) => part.length <= PASSAGE_LENGTH && part.endsWith('.'))).toBe(true);
    expect(parts.join(' ')).toBe(text);
  });

  it('between words where there are no sentences, and anywhere but in a character where there are no words', () => {
    const words = 'lorem '.repeat(1000).trim();
    expect(
      split(words)
        .map(([, part]) => part)
        .join(' '),
    ).toBe(words);
    const faces = `x${'😀'.repeat(3000)}`;
    const parts = split(faces).map(([, part]) => part ?? '');
    expect(parts.join('')).toBe(faces);
    expect(parts.every((part) => !/^[\udc00-\udfff]/.test(part))).toBe(true);
  });

  it('never within fenced code of a usual length', () => {
    const code = `\`\`\`sh\n${'run the thing\n\n'.repeat(150)}\`\`\``;
    const parts = split(`# A\n\n${paragraph(0)}\n\n${code}\n\n${paragraph(6)}`).map(([, part]) => part);
    expect(parts).toEqual([paragraph(0), code, paragraph(6)]);
  });
});

describe('passages', () => {
  it('are literal parts of their document', () => {
    const body = '# A\n\n  - *one*  two\n\n> three\n';
    for (const { text } of passagesOf('/repo', sop('sops/a.md', body))) expect(body).toContain(text);
  });

  it('have an id for repository, document, place and text', () => {
    const ids = (repository: string, path: string, body: string) =>
      passagesOf(repository, sop(path, body)).map(({ id }) => id);
    const one = ids('/repo', 'sops/a.md', '# A\n\nsame\n\n# A\n\nsame');
    expect(new Set(one).size).toBe(2);
    expect(ids('/repo', 'sops/a.md', '# A\n\nsame\n\n# A\n\nsame')).toEqual(one);
    expect(ids('/other', 'sops/a.md', '# A\n\nsame')[0]).not.toBe(one[0]);
    expect(ids('/repo', 'sops/b.md', '# A\n\nsame')[0]).not.toBe(one[0]);
    expect(ids('/repo', 'sops/a.md', '# B\n\nsame')[0]).not.toBe(one[0]);
  });

  it('hold no character that cannot be stored', () => {
    const [passage] = passagesOf('/repo', sop('sops/a.md', 'a\0b\ud800c'));
    expect(passage?.text).toBe('a\ufffdb\ufffdc');
  });
});

describe('documents that mean harm', () => {
  const CASES: Readonly<Record<string, string>> = {
    'a line of 1 MB': 'x'.repeat(1_000_000),
    'a line of 1 MB of words': 'word '.repeat(200_000),
    '10,000 headings': Array.from({ length: 10_000 }, (_, at) => `## Heading ${at}\n\ntext ${at}\n`).join(
      '\n',
    ),
    'a heading of 1 MB': `# ${'x '.repeat(500_000)}`,
    '300,000 number signs': '#'.repeat(300_000),
    '100,000 fences': '```\n'.repeat(100_000),
    '100,000 open comments': '<!--\n'.repeat(100_000),
    '300,000 underlines': 'a\n-\n'.repeat(100_000),
    spaces: ' '.repeat(1_000_000),
    'blank lines': '\n'.repeat(500_000),
    'sentences of nothing': '. '.repeat(500_000),
    backticks: '`'.repeat(500_000),
    'NUL bytes': '\0'.repeat(100_000),
    'control characters': '\u001b[31m\u0007\u202e'.repeat(50_000),
    'equal signs': `a\n${'='.repeat(500_000)}x`,
  };

  it.each(Object.keys(CASES))('%s: bounded passages, nothing lost, no error', (name) => {
    const body = CASES[name] ?? '';
    const found = passagesOf('/repo', sop('sops/a.md', body));
    expect(found.length).toBeLessThanOrEqual(3_000);
    expect(Math.max(0, ...found.map(({ text }) => text.length))).toBeLessThanOrEqual(4 * PASSAGE_LENGTH);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(passagesOf('/repo', sop('sops/a.txt', body)).length).toBeLessThanOrEqual(3_000);
  });

  it('what is after 2,000 headings is still searched', () => {
    const all = passagesOf('/repo', sop('sops/a.md', CASES['10,000 headings'] ?? ''));
    expect(all.some(({ text }) => text.includes('text 9999'))).toBe(true);
  });
});
