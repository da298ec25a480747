import { describe, expect, it } from 'vitest';
import { compileSentences } from '../../controller/planning/controls/compile.js';
import { describeControl } from '../../controller/planning/controls/describe.js';
import { NAMES } from './names.js';
import { SENTENCES } from './sentences.js';

/** Several freezes of one sentence have one name; what is not as severe as "must" says so. */
function inWords(sentence: string): readonly string[] {
  const { controls, advice } = compileSentences(sentence, NAMES);
  const words = controls.map(
    (control) => describeControl(control) + (control.severity === 'high' ? '' : ` [${control.severity}]`),
  );
  return [...new Set(words), ...(advice.length > 0 ? ['advice'] : [])];
}

describe('a sentence of an SOP', () => {
  it.each(SENTENCES)('%s', (sentence, expected) => {
    expect(inWords(sentence)).toEqual(expected);
  });

  it('is quoted with each control that it comes to, as written', () => {
    const sentence = SENTENCES[0]?.[0] ?? '';
    const { controls } = compileSentences(`Hello.\n\n${sentence} Good bye.`, NAMES);
    expect(controls.map(({ kind, quote, origin }) => ({ kind, quote, origin }))).toEqual([
      { kind: 'environments-first', quote: sentence, origin: 'rules' },
      { kind: 'freeze', quote: sentence, origin: 'rules' },
    ]);
  });
});
