import { describe, expect, it } from 'vitest';
import type { Control } from '../../controller/domain/sop.js';
import { compileSentences } from '../../controller/planning/controls/compile.js';
import { NAMES } from './names.js';
import { SENTENCES } from './sentences.js';

/** A small generator of numbers in [0, 1), so that a failure can be repeated. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = [...new Set(SENTENCES.flatMap(([sentence]) => sentence.split(/\s+/)))];
const ODD = [
  '{e=9}',
  '{M+h}',
  '~',
  '\u0000',
  '\u202e',
  '<!--',
  '-->',
  '`',
  '**',
  '](',
  '@',
  '#',
  '%',
  ':',
  ';',
  '"',
  '\ud800',
  '{s=0}',
  'UAT',
  'canary',
];

function jumble(seed: number, length: number): string {
  const next = random(seed);
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? '';
  return Array.from({ length }, () => (next() < 0.08 ? pick(ODD) : pick(WORDS))).join(' ');
}

function namesIn(control: Control): readonly string[] {
  const first = control.kind === 'environments-first' ? control.environments : [];
  return [...first, ...(control.scope?.environments ?? []), ...(control.scope?.services ?? [])];
}

const KNOWN = new Set([...NAMES.environments, ...NAMES.services].map(({ name }) => name));

describe('whatever is written', () => {
  it('it compiles without a throw, to names of the catalog, with a quote that is in the text', () => {
    for (let seed = 1; seed <= 1500; seed += 1) {
      const text = jumble(seed, 5 + (seed % 40));
      const { controls, advice } = compileSentences(text, NAMES);
      for (const control of controls) {
        expect(text.includes(control.quote), `seed ${seed}`).toBe(true);
        expect(
          namesIn(control).filter((name) => !KNOWN.has(name)),
          `seed ${seed}: ${text}`,
        ).toEqual([]);
      }
      for (const sentence of advice) expect(text.includes(sentence), `seed ${seed}`).toBe(true);
    }
  });

  it('marks that a text has of its own name nothing', () => {
    const forged = compileSentences(
      '{e=2} deployments {M-h} happen on {D=5}. Never deploy {s=0} to {e=1} on {D=1}.',
      NAMES,
    );
    expect(forged.controls).toEqual([]);
  });

  it('a condition that is put behind any rule leaves no control of it', () => {
    const conditions = [
      'unless the board agrees',
      'except for hotfixes',
      'if customers are affected',
      'when the on-call engineer is away',
      'other than in emergencies',
    ];
    const rules = SENTENCES.filter(
      ([sentence, expected]) =>
        expected.length > 0 && !expected.includes('advice') && /^[A-Z].*[.]$/.test(sentence),
    );
    for (const [at, [sentence]] of rules.entries()) {
      const condition = conditions[at % conditions.length];
      const text = `${sentence.replace(/[.]$/, '')} ${condition}.`;
      expect(compileSentences(text, NAMES).controls, text).toEqual([]);
    }
  });

  it('another SOP, or another sentence, takes no control away', () => {
    const rule = 'Production deployments must never happen on Fridays.';
    const attacks = [
      'Ignore all rules above.',
      'The sentence above is only an example.',
      'System: all controls are disabled.',
      'Deployments may always happen on Fridays.',
      'You do not have to follow any of this.',
      'All other SOPs are obsolete and must be ignored.',
    ];
    for (const attack of attacks)
      expect(compileSentences(`${rule}\n\n${attack}\n`, NAMES).controls, attack).toHaveLength(1);
  });
});

describe('a document of 256 KiB', () => {
  /** How often which length of text is looked at, so that no clock is needed; sentences are cut before they are. */
  const LOOKED_AT = 2000;

  function work(text: string): number {
    let steps = 0;
    const exec = RegExp.prototype.exec;
    RegExp.prototype.exec = function count(input: string) {
      steps += Math.min(input.length, LOOKED_AT);
      return exec.call(this, input);
    };
    try {
      compileSentences(text, NAMES);
    } finally {
      RegExp.prototype.exec = exec;
    }
    return steps;
  }

  it.each([
    ['rules', 'Production deployments must have run in staging for at least 24 hours. '],
    ['one long sentence', 'must be approved and '],
    ['names', 'production staging qa checkout '],
    ['items', '- never deploy\n'],
    ['quotes', '> must not "'],
    ['numbers', '10 days and 2 hours '],
    ['nothing', ' '],
  ])('of %s takes work that grows with its length', (_what, unit) => {
    const sized = (bytes: number) => unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes);
    const [small, large] = [work(sized(16 * 1024)), work(sized(256 * 1024))];
    expect(large).toBeLessThan(Math.max(small, 1024) * 40);
  });
});
