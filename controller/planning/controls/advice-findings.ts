import type { SopSubject } from '../../domain/assumptions.js';
import type { Finding, Sop } from '../../domain/sop.js';
import { indexNames, type Names } from '../grammar/names.js';
import { markNames } from './name-marks.js';
import { environmentsIn, servicesIn } from './pattern.js';
import { plainSentence } from './plain-sentence.js';

/** More of them would be read by nobody; the rest is found by searching. */
export const MOST_ADVICE = 10;
/** Names are looked for in so many sentences at most. */
const MOST_LOOKED_AT = 200;

/** Sentences that no code can check: shown to whoever approves, never as passed. Those that name what the plan is about come first. */
export function adviceFindings(sops: readonly Sop[], names: Names, subject: SopSubject): readonly Finding[] {
  const index = indexNames(names);
  const said = sops.flatMap((sop) => sop.advice.map((quote) => ({ sop, quote }))).slice(0, MOST_LOOKED_AT);
  const relevant = said.flatMap(({ sop, quote }) => {
    const marked = markNames(plainSentence(quote), index);
    const environments = environmentsIn(marked, index);
    const services = servicesIn(marked, index);
    const about =
      (environments.length === 0 || environments.some((name) => subject.environments.includes(name))) &&
      (services.length === 0 || services.includes(subject.service)) &&
      isOfAction(marked, subject);
    const named = environments.length + services.length > 0;
    return about && (named || ABOUT_PLANS.test(marked)) ? [{ sop, quote, rank: named ? 0 : 1 }] : [];
  });
  return relevant
    .sort((left, right) => left.rank - right.rank)
    .slice(0, MOST_ADVICE)
    .map(({ sop, quote }) => adviceFinding(sop, quote));
}

/** What an SOP says about passwords or holidays is nothing that a plan could keep. */
const ABOUT_PLANS =
  /\b(?:deploy\w*|releas\w*|roll-?outs?|roll(?:ed|ing|s)? ?back\w*|promot\w*|ship(?:ped|ping)?|versions?|builds?|approv\w*|sign(?:ed)?[- ]?offs?|go(?:es)? live|production|environments?|freezes?|frozen|smoke|plans?)\b/i;

/** "Rollbacks must be announced" says nothing about a deploy. */
function isOfAction(text: string, { action }: SopSubject): boolean {
  const deploys = /\b(?:deploy\w*|releas\w*|rollouts?)\b/i.test(text);
  const rollsBack = /\b(?:rollbacks?|roll(?:ed|ing)? back)\b/i.test(text);
  if (deploys === rollsBack) return true;
  return rollsBack ? action === 'rollback' : action === 'deploy';
}

function adviceFinding(sop: Sop, quote: string): Finding {
  return {
    source: sop.id,
    rule: 'advice',
    severity: 'low',
    verdict: 'cannot-tell',
    environment: null,
    message: 'No code can check this sentence: whoever approves has to',
    quote,
    fix: '',
    by: 'code',
    waiver: null,
  };
}
