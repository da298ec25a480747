import { tellsSomebody } from './telling.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbSlip } from './typos.js';
import { type Verb, verbOf, verbsOf } from './verbs.js';
import { BE, DETERMINERS, HAVE, isFinite_, MODALS, words } from './words.js';

const NOUNLIKE = words(
  'login root commit cycle profile trace benchmark archive mirror design research nudge bill wake boot bounce tail sync train release deploy build test rollback upgrade push update launch watch monitor report change check alert patch fix stage ship rollout backup log support run restart drop dump scale message page post drain access cut force record store export import copy paste merge issue return reset set revert',
);

/** A verb in its base form at the head of a clause; slips of the fingers count. */
export function headVerb(tokens: readonly Token[], at: number): Verb | null {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word' || token.odd) return null;
  if (
    token.services.length > 0 &&
    !tellsSomebody(tokens, at) &&
    !tokens.slice(at + 1).some((later) => later.services.length > 0)
  )
    return null;
  if (
    token.environments.length > 0 &&
    (token.text === 'live' ||
      token.text === 'stage' ||
      isPunct(tokens[at + 1], ':', ']') ||
      tokens[at + 1] === undefined)
  )
    return null;
  if (isWord(token, 'post') && (isWord(tokens[at + 1], 'step', 'steps') || isPunct(tokens[at + 1], ':')))
    return null;
  if (isWord(token, 'smoke', 'sanity', 'regression') && isWord(tokens[at + 1], 'test', 'check'))
    return verbOf('test') ?? null;
  const base = verbsOf(token.text).find((verb) => verb.form === 'base');
  if (base !== undefined) return base;
  const meant = verbSlip(token.text);
  return meant === null ? null : (verbOf(meant) ?? null);
}

/** "Release 2.4.1 is out", "build failed": the word at the head is a noun. */
const OBJECTS = words(
  'it this that them us me to in on of for smoke tests test version branch tag commit main master back out everything',
);

const OUTCOMES = words(
  'failed broke passed went crashed finished completed succeeded fixes adds contains includes',
);

const COMPOUNDS = words(
  'manager managers notes train engineer engineers checklist calendar day party window team captain lead coordinator plan plans process pipeline schedule cycle cause causes loop loops volume volumes analysis page pages form flow level levels entries lines hash history',
);

export function isStatement(tokens: readonly Token[], at: number, verb: Verb): boolean {
  if (!NOUNLIKE.has(verb.lemma)) return false;
  const next = tokens[at + 1];
  if (
    next !== undefined &&
    next.kind === 'word' &&
    (isFinite_(next.text) || BE.has(next.text) || MODALS.has(next.text))
  )
    return true;
  if (next?.kind === 'word' && COMPOUNDS.has(next.text) && next.services.length === 0) return true;
  const bare =
    next?.kind === 'word' &&
    next.services.length === 0 &&
    !DETERMINERS.has(next.text) &&
    !OBJECTS.has(next.text);
  for (let index = at + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (
      isPunct(token, ',', ':', '-') ||
      (token !== undefined && token.environments.length > 0 && index > at + 1) ||
      isWord(token, 'what', "what's", 'whatever', 'as', 'that')
    )
      return false;
    if (
      token !== undefined &&
      token.kind === 'word' &&
      (BE.has(token.text) || HAVE.has(token.text)) &&
      token.text !== 'be'
    )
      return true;
    if (
      token !== undefined &&
      token.kind === 'word' &&
      (OUTCOMES.has(token.text) || (bare && (isFinite_(token.text) || MODALS.has(token.text))))
    )
      return true;
  }
  return false;
}

const STATES = words('stuck down slow dead out up back broken gone');

/** "worker's stuck": is, and not of. */
function isCopula(next: Token | undefined): boolean {
  return next?.kind === 'word' && (BE.has(next.text) || STATES.has(next.text));
}

/** "recommendations 2.3.0 eats all the memory": a verb that nobody here knows, by its place. */
function isThirdPerson(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const subject = before?.kind === 'version' || (before?.services.length ?? 0) > 0;
  return (
    subject &&
    /[^s]s$/.test(token?.text ?? '') &&
    isWord(next, 'all', 'the', 'our', 'every', 'a', 'its', 'too')
  );
}

export function hasFinite(tokens: readonly Token[], from: number): boolean {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.kind !== 'word' || token.services.length > 0) continue;
    if (
      token.text === "'s"
        ? isCopula(tokens[index + 1])
        : isThirdPerson(tokens, index) ||
          isFinite_(token.text) ||
          BE.has(token.text) ||
          HAVE.has(token.text) ||
          MODALS.has(token.text)
    )
      return true;
  }
  return false;
}
