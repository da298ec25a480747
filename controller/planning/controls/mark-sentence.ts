import type { NameIndex } from '../grammar/names.js';
import { markAmounts } from './amounts.js';
import { markModality } from './modality.js';
import { markNames } from './name-marks.js';
import { markTimes } from './times.js';

/** Text to marks: names, times, amounts, then modality. */
export function markSentence(plain: string, index: NameIndex): string {
  const text = plain
    .replace(
      /^(?:note|important|remember|rule|policy|sop|reminder|warning|caution)(?: that)?(?: ?#?\d{1,3})?: /i,
      '',
    )
    .replace(/^\d{1,3}(?:\.\d{1,3}){0,4}[.)]? (?=\p{Lu})/u, '')
    .replace(/[.!]+$/, '');
  return markModality(markAmounts(markTimes(markNames(text, index))))
    .replace(/\s+/g, ' ')
    .trim();
}
