import type { Mood } from './reading.js';
import { isWord, type Token } from './token.js';
import { type Verb, verbOf, verbsOf } from './verbs.js';
import { BE, isFinite_, NEGATIONS, words } from './words.js';

const WISH = words('needs need must should has have wants ought can shall gets');

const MIGHT = words("could might may would will won't 'll gonna");

interface Found {
  readonly mood: Mood;
  readonly verb: Verb;
  readonly at: number;
}

/** "checkout 2.4.1 should be deployed to …", "needs to go to …", "production must run …", "goes to staging". */
export function findWish(tokens: readonly Token[], from: number): Found | null {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.kind !== 'word') continue;
    if (MIGHT.has(token.text)) return musing(tokens, index);
    if (isWord(token, 'goes') && index > from)
      return { mood: 'order', verb: { lemma: 'go', class: 'move', form: 'base' }, at: index };
    const isTo = isWord(token, 'is', 'are') && isWord(tokens[index + 1], 'to');
    if (WISH.has(token.text) || isTo || token.text === "shouldn't" || token.text === "mustn't")
      return wishAt(tokens, index);
    if (isFinite_(token.text) || BE.has(token.text)) return null;
  }
  return null;
}

function musing(tokens: readonly Token[], at: number): Found | null {
  for (let index = at + 1; index < Math.min(tokens.length, at + 5); index += 1) {
    const verb = verbOf(tokens[index]?.text ?? '', 'deploy', 'rollback', 'test', 'build', 'move');
    if (verb !== undefined) return { mood: 'muse', verb, at: index };
  }
  return null;
}

/** "production needs it", "staging gets checkout 2.4.1". */
function receives(tokens: readonly Token[], at: number, token: Token): boolean {
  if (!isWord(tokens[at], 'needs', 'wants', 'gets', 'need', 'should', 'must')) return false;
  const thing = token.services.length > 0 || token.kind === 'version' || isWord(token, 'it', 'this');
  const before = tokens.slice(0, at);
  // "the item shop needs 3.11.2 on beta"
  if (token.kind === 'version' && before.some(({ services }) => services.length > 0))
    return tokens.slice(at + 2).some(({ environments }) => environments.length > 0);
  return thing && before.some(({ environments }) => environments.length > 0);
}

const WISH_GAP = words(
  'to be also now then please only just not get ideally really urgently first asap still still immediately quickly',
);

function wishAt(tokens: readonly Token[], at: number): Found | null {
  let negated =
    tokens[at]?.text.endsWith("n't") === true ||
    tokens.slice(0, at).some((token) => isWord(token, 'nobody', 'none', 'neither', 'nothing'));
  let infinitive = false;
  for (let index = at + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) return null;
    if (token.text === 'to' || token.text === 'be') infinitive = true;
    const verb = verbsOf(token.text).find((candidate) => candidate.class !== 'benign');
    const modal = isWord(tokens[at], 'should', 'must', 'can', 'shall', "shouldn't", "mustn't");
    const had = isWord(tokens[at], 'has', 'have', 'gets');
    if (isWord(token, 'be') && BE.has(token.text)) {
      if (
        tokens[index + 1]?.kind === 'word' &&
        ['on', 'at', 'in', 'live', 'running', 'back'].includes(tokens[index + 1]?.text ?? '')
      )
        return {
          mood: negated ? 'forbid' : 'order',
          verb: { lemma: 'be', class: 'move', form: 'base' },
          at: index,
        };
      continue;
    }
    if (isWord(tokens[at], 'can') && at > 0 && verb?.class === 'other' && verb.form === 'base' && !infinitive)
      return null;
    if (
      isWord(tokens[at], 'wants') &&
      verb !== undefined &&
      ['move', 'run', 'tell', 'watch'].includes(verb.class)
    )
      return null;
    if (receives(tokens, at, token))
      return {
        mood: negated ? 'forbid' : 'order',
        verb: { lemma: 'get', class: 'move', form: 'base' },
        at: index,
      };
    if (NEGATIONS.has(token.text)) negated = true;
    else if (
      verb !== undefined &&
      (infinitive || modal || (!had && verb.form === 'gerund') || (verb.form === 'past' && !had))
    )
      return { mood: negated ? 'forbid' : 'order', verb, at: index };
    else if (isWord(token, 'run') && modal)
      return {
        mood: negated ? 'forbid' : 'order',
        verb: { lemma: 'run', class: 'move', form: 'base' },
        at: index,
      };
    else if (!WISH_GAP.has(token.text)) return null;
  }
  return null;
}
