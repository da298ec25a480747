import type { Action } from '../../domain/intent.js';
import { ACTION_NOUNS } from './action-nouns.js';
import { beyond, has, type Meaning, named, STEP_WORDS, stepsAlone } from './meanings.js';
import { moving } from './moving.js';
import type { Reading } from './reading.js';
import { isTelling } from './steps.js';
import { isPunct, isWord, type Token } from './token.js';
import { type Verb, verbOf, verbsOf } from './verbs.js';
import { DETERMINERS, words } from './words.js';

const MOVES_BACK = words(
  'roll go put take get bring switch set move change flip return fall back step push turn point send swap reset drop rollback revert pull transition be have need make cut bump downgrade reinstate deploy ship release promote install',
);

const PUBLISHES = words('notes docs documentation blog article changelog statement video announcement');

const CALM = words('healthy green stable ok fine good works working up live safe sure errors error');

export function meaningOf(reading: Reading): Meaning {
  const { verb, tokens, at } = reading;
  if (tokens.some((token) => isWord(token, 'yourself', 'yourselves'))) return beyond(tokens, at);
  if (verb === null) return { kind: 'unknown' };
  if (goesBack(tokens, at, verb) || returnsTo(tokens, at, verb))
    return { kind: 'act', action: 'rollback', weak: false };
  const noun = orderedNoun(tokens, at, verb);
  if (noun !== null) return { kind: 'act', action: noun, weak: false };
  if (isTelling(tokens, at, verb.lemma) && verbsOf(verb.lemma).some((other) => other.class === 'tell'))
    return { kind: 'part' };
  return byClass(reading, verb);
}

function byClass(reading: Reading, verb: Verb): Meaning {
  const { tokens, at } = reading;
  const act = (action: Action): Meaning => ({ kind: 'act', action, weak: false });
  switch (verb.class) {
    case 'deploy':
      return publishes(tokens, at) ? beyond(tokens, at) : act('deploy');
    case 'rollback':
      return verb.lemma === 'restore' &&
        !named(tokens) &&
        !has(tokens, words('previous last prior version old older'))
        ? beyond(tokens, at)
        : act('rollback');
    case 'test':
      return act('test');
    case 'build':
      return act('build');
    case 'run':
      return running(reading);
    case 'move':
      return moving(reading, verb);
    case 'watch':
      return { kind: 'part' };
    case 'leave':
      if (isWord(tokens[at + 1], 'everything', 'all', 'anything') && verb.lemma !== 'leave')
        return beyond(tokens, at);
      if (
        verb.lemma === 'leave' &&
        isWord(tokens.at(-1)?.kind === 'punct' ? tokens.at(-2) : tokens.at(-1), 'is', 'are', 'alone')
      )
        return { kind: 'part' };
      return has(tokens, STEP_WORDS) ||
        tokens.some((token) => token.environments.length > 0 || token.kind === 'duration') ||
        has(tokens, words('notification notifications notify notifying announcement ping'))
        ? { kind: 'part' }
        : { kind: 'unknown' };
    case 'keep':
      return keeping(reading, verb);
    case 'benign':
      return benign(reading, verb);
    case 'cancel':
      return takesBack(tokens[at + 1], tokens[at + 2]) ? { kind: 'cancel' } : beyond(tokens, at);
    case 'tell':
      return verbOf(verb.lemma, 'move') !== undefined
        ? moving(reading, verb)
        : verb.lemma === 'let'
          ? { kind: 'unknown' }
          : beyond(tokens, at);
    case 'other':
      return others(reading, verb);
  }
}

function goesBack(tokens: readonly Token[], at: number, verb: Verb): boolean {
  if (!MOVES_BACK.has(verb.lemma)) return false;
  const target = isWord(tokens[at + 2], 'version', 'v') ? tokens[at + 3] : tokens[at + 2];
  if (verb.lemma === 'back' && isWord(tokens[at + 1], 'to') && target?.kind === 'version') return true;
  for (let step = 1; step <= 9; step += 1) {
    const token = tokens[at + step];
    if (token === undefined) break;
    if (
      isWord(token, 'back') &&
      !isWord(tokens[at + step + 1], 'up', 'end', 'office', 'me', 'us', 'online') &&
      !(
        isWord(tokens[at + step + 1], 'to') &&
        isWord(tokens[at + step + 2], 'me', 'us', 'you', 'work', 'normal')
      )
    )
      return true;
    if (verb.lemma === 'roll' && isWord(token, 'bakc', 'bck', 'abck')) return true;
  }
  const out = isWord(tokens[at + 1], 'it', 'this', 'that') ? at + 2 : at + 1;
  return verb.lemma === 'back' && isWord(tokens[out], 'out');
}

/** "Return checkout to 2.3.1", "return production to checkout 2.3.1": to a version, that is back. */
function returnsTo(tokens: readonly Token[], at: number, verb: Verb): boolean {
  if (verb.lemma !== 'return') return false;
  const to = tokens.findIndex((token, index) => index > at && isWord(token, 'to'));
  const version = tokens.slice(to + 1, to + 4).find((token) => !leadsToVersion(token));
  return to > 0 && version?.kind === 'version';
}

function leadsToVersion(token: Token): boolean {
  return token.services.length > 0 || isWord(token, 'the', 'version', 'release', 'tag');
}

const STARTS = words(
  'perform do trigger kick start initiate execute run begin make have get apply conduct proceed create cut schedule order issue need want be launch continue request file raise complete finish carry give handle arrange',
);

/** "kick off a deployment of …", "perform a rollback", "get checkout deployed". */
function orderedNoun(tokens: readonly Token[], at: number, verb: Verb): Action | null {
  if (!STARTS.has(verb.lemma)) return null;
  for (let step = 1; step <= 8; step += 1) {
    const token = tokens[at + step];
    if (token === undefined || isPunct(token, ',')) return null;
    if (token.services.length > 0 || token.environments.length > 0) continue;
    const noun = ACTION_NOUNS[token.text];
    if (
      Object.hasOwn(ACTION_NOUNS, token.text) &&
      !isWord(tokens[at + step + 1], 'notes', 'script', 'job', 'pipeline', 'plan')
    )
      return noun === 'rollback' ? 'rollback' : noun === 'build' ? 'build' : 'deploy';
    const past = verbOf(token.text, 'deploy', 'rollback', 'test', 'build');
    const led = ['proceed', 'continue', 'start', 'begin', 'go'].includes(verb.lemma);
    if (past !== undefined && led && past.form !== 'third' && past.form !== 'past') {
      return past.class === 'deploy' || past.class === 'rollback' || past.class === 'build'
        ? past.class
        : 'test';
    }
    if (
      past !== undefined &&
      past.form === 'past' &&
      ['get', 'have', 'need', 'want', 'be'].includes(verb.lemma)
    )
      return past.class === 'deploy'
        ? 'deploy'
        : past.class === 'rollback'
          ? 'rollback'
          : past.class === 'test'
            ? 'test'
            : 'build';
    if (isWord(token, 'rolled')) return isWord(tokens[at + step + 1], 'back') ? 'rollback' : 'deploy';
  }
  return null;
}

function takesBack(next: Token | undefined, later: Token | undefined): boolean {
  if (next === undefined || next.kind !== 'word') return true;
  if (isWord(next, 'that', 'it', 'this', 'my', 'everything', 'all')) return true;
  return (
    isWord(next, 'the') &&
    isWord(
      later,
      'request',
      'deploy',
      'deployment',
      'release',
      'rollout',
      'rollback',
      'last',
      'previous',
      'above',
      'message',
    )
  );
}

function publishes(tokens: readonly Token[], at: number): boolean {
  return !named(tokens) && has(tokens.slice(at + 1, at + 6), PUBLISHES);
}

function running(reading: Reading): Meaning {
  const { tokens, at } = reading;
  if (
    tokens
      .slice(at + 1)
      .some((token) => token.kind === 'path' || token.kind === 'link' || token.kind === 'opaque')
  )
    return beyond(tokens, at);
  if (has(tokens.slice(at + 1), STEP_WORDS) || has(tokens.slice(0, at), STEP_WORDS))
    return stepsAlone(reading);
  if (tokens.some((token) => token.services.length > 0) && tokens.some((token) => token.kind === 'version'))
    return { kind: 'act', action: 'deploy', weak: false };
  if (
    tokens
      .slice(at + 1)
      .every((token) => token.kind !== 'word' || DETERMINERS.has(token.text) || isWord(token, 'it'))
  )
    return { kind: 'unknown' };
  return beyond(tokens, at);
}

const CONDITIONED = words('pass passes passed green succeed succeeds ok work works');

function keeping(reading: Reading, verb: Verb): Meaning {
  const { tokens, at } = reading;
  const rest = tokens.slice(at + 1);
  const verifies = ['verify', 'validate', 'check', 'confirm', 'ensure'].includes(verb.lemma);
  if (verifies && has(rest, STEP_WORDS) && !has(rest, CONDITIONED)) return stepsAlone(reading);
  const stops = ['stop', 'halt', 'abort', 'bail', 'fail'].includes(verb.lemma);
  if (!stops)
    return has(rest, words('replicas replica instances pods')) ? beyond(tokens, at) : { kind: 'part' };
  const first = rest[0];
  const open = [
    'if',
    'when',
    'there',
    'at',
    'after',
    'before',
    'on',
    'it',
    'the',
    'out',
    'off',
    'once',
    'as',
    'immediately',
    'here',
    'in',
  ];
  if (first === undefined || first.kind !== 'word') return { kind: 'part' };
  if (!isWord(first, ...open)) return beyond(tokens, at);
  return isWord(first, 'the') && !has(rest, words('rollout release deployment deploy promotion'))
    ? beyond(tokens, at)
    : { kind: 'part' };
}

function benign(reading: Reading, verb: Verb): Meaning {
  const { tokens, at } = reading;
  const next = tokens[at + 1];
  if (verb.lemma === 'make') {
    if (isWord(next, 'sure', 'certain', 'it', 'them') || has(tokens, CALM))
      return has(tokens.slice(at), words('live'))
        ? { kind: 'act', action: 'deploy', weak: false }
        : { kind: 'benign' };
    return named(tokens) && tokens.some((token) => token.environments.length > 0)
      ? { kind: 'act', action: 'deploy', weak: true }
      : beyond(tokens, at);
  }
  if (
    verb.lemma === 'see' &&
    named(tokens) &&
    tokens.some((token) => token.environments.length > 0) &&
    at > 0
  )
    return { kind: 'act', action: 'deploy', weak: false };
  const tried = verb.lemma === 'try' && tokens.some((token) => token.kind === 'version');
  if (tried && tokens.some((token) => token.environments.length > 0))
    return { kind: 'act', action: 'deploy', weak: false };
  if (verb.lemma === 'find' || verb.lemma === 'try' || verb.lemma === 'come' || verb.lemma === 'sign')
    return isWord(next, 'again', 'to') ? { kind: 'benign' } : { kind: 'unknown' };
  return { kind: 'benign' };
}

const ADDS = words('add include enable configure create set put schedule append');

function others(reading: Reading, verb: Verb): Meaning {
  const { tokens, at } = reading;
  const rest = tokens.slice(at + 1);
  if (
    ADDS.has(verb.lemma) &&
    (has(rest, STEP_WORDS) || rest.some((token) => token.kind === 'rate' || token.kind === 'duration')) &&
    !has(rest, words('replicas script job'))
  )
    return { kind: 'part' };
  if (verb.lemma === 'pause' && rest.some((token) => token.kind === 'duration')) return { kind: 'part' };
  if (verb.lemma === 'call' && isWord(rest[0], 'me', 'us')) return { kind: 'benign' };
  if (verb.lemma === 'call' && isWord(rest[0], 'it')) return { kind: 'unknown' };
  if (
    verb.lemma === 'stop' &&
    (rest[0] === undefined || isWord(rest[0], 'there', 'at', 'if', 'after', 'before'))
  )
    return { kind: 'part' };
  return beyond(tokens, at);
}
