import type { PostStep } from '../../domain/intent.js';
import { isWord, type Token } from '../grammar/token.js';
import { verbsOf } from '../grammar/verbs.js';
import type { Place } from './spans.js';

/** Do some words say, by themselves, that a step is meant? Whether it is asked for is the grammar's to agree. */
export function saysStep(place: Place, step: PostStep): boolean {
  const smoke = place.some(isSmoke);
  if (step === 'smoke_tests') return smoke;
  if (step === 'run_tests') return place.some(isTest) && !smoke;
  return place.some(isTelling);
}

function isSmoke(token: Token): boolean {
  return token.kind === 'word' && /^(?:smoke|sanity|smoek|smke|somke)/.test(token.text);
}

function isTest(token: Token): boolean {
  return token.kind === 'word' && /^(?:re)?te(?:st|ts)|^suites?$/.test(token.text);
}

function isTelling(token: Token): boolean {
  return (
    token.kind === 'channel' ||
    isWord(token, 'notification', 'notifications', 'announcement', 'heads-up', 'headsup', 'know') ||
    (token.kind === 'word' &&
      (/^(?:notify|inform|announc|alert|ping|messag)/.test(token.text) || tells(token)))
  );
}

function tells(token: Token): boolean {
  return verbsOf(token.text).some((verb) => verb.class === 'tell');
}
