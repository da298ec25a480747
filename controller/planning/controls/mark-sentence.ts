import type { NameIndex } from '../grammar/names.js';
import { markAmounts } from './amounts.js';
import { markModality } from './modality.js';
import { markNames } from './name-marks.js';
import { inKnownWords } from './synonyms.js';
import { markTimes } from './times.js';

const DEPLOYMENT =
  '((?:an?|the|each|every|any) (?:deployment|deploy|release|rollout|promotion)(?: (?:to|of|in) [\\p{L}\\p{N}-]+){0,2})';
/** "When a deployment to production is finished": after it. */
const WHEN_DONE = new RegExp(
  `\\b(?:when|once|as soon as) ${DEPLOYMENT} (?:is|has) (?:been )?(?:done|finished|completed?|over|live|out|through)\\b`,
  'iu',
);
/** "Once a release is in production". */
const WHEN_THERE = new RegExp(
  `\\b(?:when|once|as soon as) ${DEPLOYMENT} is (?:in|on) ([\\p{L}\\p{N}-]+)(?=,)`,
  'iu',
);

/** Text to marks: names, times, amounts, then modality. */
export function markSentence(plain: string, index: NameIndex): string {
  const text = inKnownWords(plain.replace(/[.!]+$/, ''))
    .replace(
      /^(?:note|important|remember|rule|policy|sop|reminder|warning|caution)(?: that)?(?: ?#?\d{1,3})?: /i,
      '',
    )
    .replace(/^\d{1,3}(?:\.\d{1,3}){0,4}[.)]? (?=\p{Lu})/u, '')
    .replace(/[.!]+$/, '')
    .replace(
      /^(for [\p{L}\p{N}-]+(?: and [\p{L}\p{N}-]+)?) (?:we|the rules?|things?) [^:.;]{1,60}: (?=it |they )/iu,
      '$1 ',
    )
    .replace(/^(?:for (?:that|this) reason|therefore|hence|because of (?:that|this)), /i, '')
    .replace(/ either(?=,|$)/i, '')
    .replace(
      /(?:;|, and| and) (?:both|they|all)(?: of them)? (?:must|have to|should|need to) (?:pass|succeed|be green)$/i,
      '',
    )
    .replace(WHEN_DONE, 'after $1')
    .replace(WHEN_THERE, 'after $1 to $2');
  return markModality(markAmounts(markTimes(markNames(text, index))))
    .replace(/\s+/g, ' ')
    .trim();
}
