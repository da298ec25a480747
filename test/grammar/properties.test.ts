import { describe, expect, it } from 'vitest';
import { interpretText, MAX_TEXT } from '../../controller/planning/grammar/index.js';
import { normalise } from '../../controller/planning/grammar/normalise.js';
import { scan } from '../../controller/planning/grammar/scan.js';
import { catalogNamed, loadCases } from './cases.js';

const shop = catalogNamed('shop');
const cases = loadCases();

/** A small generator of numbers that gives the same ones every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Scan = 'some' | 'every' | 'find' | 'findIndex' | 'filter';
const SCANS: readonly Scan[] = ['some', 'every', 'find', 'findIndex', 'filter'];

/** How often a reading looks at something: elements that arrays are searched for, characters that strings and patterns are. */
function workOf(text: string): number {
  let work = 0;
  const before = { test: RegExp.prototype.test, slice: String.prototype.slice };
  const arrays = SCANS.map((name) => [name, Array.prototype[name]] as const);
  RegExp.prototype.test = function count(value: string) {
    work += 1 + Math.min(value.length, 200);
    return before.test.call(this, value);
  };
  String.prototype.slice = function count(this: string, from?: number, to?: number) {
    const out = before.slice.call(this, from, to);
    work += 1 + out.length;
    return out;
  };
  for (const [name, original] of arrays) {
    const counting = function (this: unknown[], test: (...args: unknown[]) => unknown) {
      return (original as (...args: unknown[]) => unknown).call(this, (...args: unknown[]) => {
        work += 1;
        return test(...args);
      });
    };
    Object.defineProperty(Array.prototype, name, { value: counting, configurable: true, writable: true });
  }
  try {
    interpretText(text, shop);
  } finally {
    Object.assign(RegExp.prototype, { test: before.test });
    Object.assign(String.prototype, { slice: before.slice });
    for (const [name, original] of arrays)
      Object.defineProperty(Array.prototype, name, { value: original, configurable: true, writable: true });
  }
  return work;
}

const HOSTILE: readonly (readonly [string, string])[] = [
  ['one endless word', 'a'],
  ['one endless number', '1'],
  ['dots and digits', '1.'],
  ['dashes', 'a-'],
  ['verbs', 'deploy '],
  ['joiners and verbs', 'and deploy '],
  ['conditions', 'if errors > 2% then '],
  ['openings', 'please could you '],
  ['brackets', '('],
  ['quotes', '"a '],
  ['list items', '- [ ] deploy checkout to staging\n'],
  ['environments', 'staging and production, '],
  ['skipping', 'skip '],
  ['negations', 'not without '],
  ['percent signs', '%41'],
  ['letters one by one', 'a b '],
  ['base64', 'QUJD'],
  ['zeros and ones', '01'],
  ['entities', '&#65;'],
  ['near misses of a verb', 'deplpy deplyo '],
  ['arrows', '-> '],
  ['spaces', ' '],
  ['line ends', '\n'],
  ['secrets that are none', 'password: '],
  ['show', 'show show tokens '],
  ['commas', 'it, '],
  ['rolling back', 'roll back, '],
  ['forbidding', "don't roll back. "],
  ['after doing', 'after deleting, '],
];

describe('the work of reading a text', () => {
  it.each(HOSTILE)('grows in proportion to its length: %s', (_title, piece) => {
    const long = piece.repeat(Math.floor(MAX_TEXT / piece.length));
    const half = long.slice(0, Math.floor(long.length / 2));
    const [less, more] = [workOf(half), workOf(long)];
    expect(more / Math.max(less, 2_000)).toBeLessThan(2.6);
  });
});

describe('any text at all', () => {
  it('gets an answer and no error', () => {
    const next = numbers(7);
    const alphabets = [0x7f, 0x2fff, 0xffff, 0x10ffff];
    for (let round = 0; round < 600; round += 1) {
      const top = alphabets[round % alphabets.length] ?? 0x7f;
      const text = Array.from({ length: Math.floor(next() * 120) }, () =>
        String.fromCodePoint(Math.floor(next() * (top + 1))),
      ).join('');
      expect(['plan', 'clarify', 'refuse']).toContain(interpretText(text, shop).outcome);
      expect(interpretText(`deploy checkout to staging ${text}`, shop)).toBeDefined();
    }
  });

  it('that is longer than the limit is asked about, not read', () => {
    expect(interpretText('deploy checkout to staging '.repeat(4_000), shop).outcome).toBe('clarify');
  });
});

describe('evidence', () => {
  it('is a literal part of the original text, one for every field that is not empty', () => {
    for (const item of cases) {
      const reading = interpretText(item.text, catalogNamed(item.catalog));
      for (const span of Object.values(reading.evidence).flat())
        expect(item.text.slice(span.start, span.end)).toBe(span.text);
      if (reading.outcome !== 'plan') continue;
      const { request, evidence } = reading;
      expect(evidence.action?.length).toBeGreaterThan(0);
      expect(evidence.service?.length).toBeGreaterThan(0);
      if (request.version !== null) expect(evidence.version?.length).toBeGreaterThan(0);
      if (request.environments.length > 0) expect(evidence.environments?.length).toBeGreaterThan(0);
      if (request.postSteps.length > 0) expect(evidence.postSteps?.length).toBeGreaterThan(0);
      for (const field of ['errorRate', 'latencyP95Ms', 'watchMinutes'] as const)
        if (request.guards[field] !== null) expect(evidence[field]?.length).toBe(1);
    }
  });

  it('never repeats a credential', () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const reading = interpretText(`deploy checkout to staging with ${token}`, shop);
    expect(reading.outcome).toBe('refuse');
    expect(JSON.stringify(reading)).not.toContain(token);
  });
});

describe('characters that cannot be seen', () => {
  const hidden = [
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u202e',
    '\u2066',
    '\u{e0041}\u{e0042}\u{e0043}',
    '\u0000',
    '\u001b',
  ];

  it('never make a plan out of what was none', () => {
    for (const item of cases.filter((other) => other.outcome !== 'plan')) {
      for (const extra of hidden) {
        const middle = Math.floor(item.text.length / 2);
        for (const text of [
          item.text + extra,
          extra + item.text,
          item.text.slice(0, middle) + extra + item.text.slice(middle),
        ]) {
          expect(interpretText(text, catalogNamed(item.catalog)).outcome).not.toBe('plan');
        }
      }
    }
  });

  it('inside a word stop a plan', () => {
    for (const extra of ['\u200b', '\u202e', '\u00ad'])
      expect(interpretText(`deploy check${extra}out to staging`, shop).outcome).not.toBe('plan');
  });

  it('are let through where they belong: in emoji and at the start of a file', () => {
    expect(
      interpretText('\ufeff\u{1f468}\u200d\u{1f680} \u2764\ufe0f deploy checkout to staging', shop).outcome,
    ).toBe('plan');
  });
});

describe('look-alike letters', () => {
  it('never name a service or an environment', () => {
    for (const text of [
      'deploy сheckout to staging',
      'deploy checkout to stаging',
      'deploy ｃｈｅｃｋｏｕｔ to staging',
      'deploy 𝐜𝐡𝐞𝐜𝐤𝐨𝐮𝐭 to staging',
    ]) {
      expect(interpretText(text, shop).outcome).not.toBe('plan');
    }
  });
});

describe('tokens', () => {
  it('cover every character that is not white space, in order', () => {
    for (const item of cases) {
      const tokens = scan(normalise(item.text), () => false);
      for (const [at, token] of tokens.entries())
        expect(token.start).toBeGreaterThanOrEqual(tokens[at - 1]?.end ?? 0);
    }
  });
});
