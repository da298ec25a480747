import { describe, expect, it } from 'vitest';
import { readExposition } from '../../controller/adapters/monitor/exposition.js';
import { compileLabelPattern } from '../../controller/adapters/monitor/label-patterns.js';
import { METRICS } from './service.js';

function labels(patterns: Record<string, string>) {
  return new Map(
    Object.entries(patterns).map(([name, source]) => {
      const compiled = compileLabelPattern(source);
      if (!compiled.ok) throw new Error(compiled.problem);
      return [name, compiled.matches];
    }),
  );
}

function read(text: string, patterns: Record<string, string> = { status: '5..' }, pieces = text.length) {
  const reader = readExposition(METRICS, labels(patterns));
  for (let at = 0; at < text.length; at += pieces) reader.push(text.slice(at, at + pieces));
  return reader.end(1);
}

const counts = (requests: number, errors: number) => ({ ok: true, sample: { requests, errors } });

describe('reading an exposition', () => {
  const usual = [
    '# HELP http_requests_total All requests.',
    '# TYPE http_requests_total counter',
    'http_requests_total{status="200",path="/a}b,c=\\"d\\"\\n"} 1.5e1 1700000000000',
    'http_requests_total{ status = "500" , path="x", } 5',
    'http_requests_totals{status="500"} 100',
    'http_request_duration_seconds_bucket{le="0.5",path="a"} 3 # {trace_id="abc"} 0.3',
    'http_request_duration_seconds_bucket{le="0.5",path="b"} 4',
    'http_request_duration_seconds_bucket{le="+Inf",path="a"} 5',
    'http_request_duration_seconds_bucket{path="b",le="+Inf"} 5',
    'something_else NaN',
    '# EOF',
  ];
  const latency = [
    { upperBound: 0.5, count: 7 },
    { upperBound: Number.POSITIVE_INFINITY, count: 10 },
  ];

  it('sums the request counter and the buckets over all series', () => {
    expect(read(usual.join('\n'))).toEqual({ ok: true, sample: { at: 1, requests: 20, errors: 5, latency } });
  });

  it('is the same in whatever pieces it comes, and with CRLF', () => {
    const whole = read(usual.join('\n'));
    for (const pieces of [1, 2, 7, 64])
      expect(read(usual.join('\r\n'), { status: '5..' }, pieces)).toEqual(whole);
  });

  it('counts a series that is given twice once', () => {
    expect(read('http_requests_total{status="500"} 2\nhttp_requests_total{status="500"} 2\n')).toMatchObject(
      counts(2, 2),
    );
  });

  it('takes all labels of the selector together, a missing one as empty', () => {
    const text = 'http_requests_total{status="500",code="a"} 1\nhttp_requests_total{status="500"} 2\n';
    expect(read(text, { status: '5..', code: '' })).toMatchObject(counts(3, 2));
  });

  it('anchors its patterns', () => {
    expect(read('http_requests_total{status="1500"} 1\n')).toMatchObject(counts(1, 0));
  });

  it('knows a counter that is declared but has no series yet, in both formats', () => {
    expect(read('# TYPE http_requests_total counter\n')).toMatchObject(counts(0, 0));
    expect(read('# TYPE http_requests counter\n# EOF\n')).toMatchObject(counts(0, 0));
  });

  for (const [text, problem] of [
    ['http_requests_total NaN', 'NaN'],
    ['http_requests_total +Inf', 'Infinity'],
    ['http_requests_total -1', '-1'],
    ['http_requests_total', 'cannot be read'],
    ['http_requests_total{status="5', 'cannot be read'],
    ['http_requests_total{status=5} 1', 'labels that cannot be read'],
    ['http_request_duration_seconds_bucket{path="a"} 1', 'no readable le'],
    ['{"json": true}', 'text format'],
    ['x'.repeat(70_000), 'a line of more than'],
  ] as const)
    it(`says what is wrong with ${text.slice(0, 50)}`, () => {
      expect(JSON.stringify(read(text))).toContain(problem);
    });

  it('gives up on more series than a service should have', () => {
    const text = Array.from({ length: 20_100 }, (_, index) => `http_requests_total{id="${index}"} 1`).join(
      '\n',
    );
    expect(JSON.stringify(read(text))).toContain('more than 20000 series');
  });

  it('takes hostile lines in its stride', () => {
    const many = `http_requests_total{${'a="",'.repeat(12_000)}} 1\n`;
    const escapes = `http_requests_total{a="${'\\\\'.repeat(30_000)}"} 1\n`;
    const spaces = `http_requests_total{${' '.repeat(60_000)}} 1\n`;
    for (const line of [many, escapes, spaces]) expect(read(line.repeat(20))).toMatchObject({ ok: true });
  });
});

describe('label patterns', () => {
  for (const source of [
    '5..',
    '5\\d\\d',
    '[45]\\d{2}',
    '5.*',
    '(?:500|503)',
    '(4..|5..)',
    '.*timeout.*',
    '(a|b)?',
    '[(+*]x',
  ])
    it(`takes ${source}`, () => {
      expect(compileLabelPattern(source).ok).toBe(true);
    });

  for (const source of [
    '(a+)+',
    '(a|a)*',
    '((a)|b){20}',
    '(?:a*b)*',
    '(a)\\1',
    '(?=a)a',
    '.*.*.*.*x',
    'a?'.repeat(20),
    'a'.repeat(300),
    '(',
    '[z-a]',
  ])
    it(`refuses ${source.slice(0, 30)}`, () => {
      expect(compileLabelPattern(source).ok).toBe(false);
    });

  it('never match a value of more than 128 characters', () => {
    const compiled = compileLabelPattern('a*');
    expect(compiled.ok && compiled.matches('a'.repeat(128))).toBe(true);
    expect(compiled.ok && compiled.matches('a'.repeat(129))).toBe(false);
  });
});
