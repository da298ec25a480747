import type { Lead } from './clause.js';
import { JOINERS, type Open } from './open-clause.js';
import { CONDITION, isRunOn, REASON, SKIPPED, startsClause, startsPredicate } from './predicates.js';
import { opensOrder } from './prefixes.js';
import { isAside, isParticiple, isPurpose, tokensState } from './remarks.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbOf, verbsOf } from './verbs.js';
import { BE, DETERMINERS, FINITE, isFinite_, MODALS, PREPOSITIONS, SUBJECTS, words } from './words.js';

const RELATIVE = words('which who whose where that');

interface Cut {
  readonly lead: Lead;
  readonly word: string;
  readonly skip: number;
}

export function breakAt(tokens: readonly Token[], at: number, open: Open): Cut | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (resumesPlaces(tokens, at, open)) return { lead: 'comma', word: token.text, skip: 1 };
  if (isPunct(token, '-', '\u2014') && token.spaced && tokensState(tokens, at + 1))
    return { lead: 'start', word: token.text, skip: 1 };
  if (isPunct(token, ',') && tellsOf(tokens, at + 1)) return { lead: 'relative', word: token.text, skip: 1 };
  if (isParticiple(tokens, at)) return { lead: 'relative', word: token.text, skip: 1 };
  if (
    isPunct(token, ',', '\u2014', '|') ||
    (isPunct(token, '-') && token.spaced && tokens[at + 1]?.spaced === true)
  )
    return isField(tokens, at + 1) ||
      startsClause(tokens, at + 1) ||
      open.lead === 'condition' ||
      open.lead === 'time' ||
      open.lead === 'reason' ||
      open.lead === 'relative'
      ? { lead: 'comma', word: token.text, skip: 1 }
      : null;
  if (isPunct(token, '!', ';', '?')) return { lead: 'start', word: '', skip: 1 };
  if (isPunct(token, ':') && opensAfterColon(tokens, at, open)) return { lead: 'start', word: ':', skip: 1 };
  if (token.kind === 'arrow')
    return startsPredicate(tokens, at + 1) || open.lead === 'condition'
      ? { lead: 'comma', word: token.text, skip: 1 }
      : null;
  if (token.kind !== 'word' && !isPunct(token, '&', '+')) return null;
  return wordBreak(tokens, at, token, open);
}

const OF_RELEASE = words(
  'fixes adds contains includes brings introduces removes improves handles resolves closes corrects repairs solves mends',
);

/** "api 1.44.0 to prod, fixes the empty page": what the release does. */
function tellsOf(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return OF_RELEASE.has(tokens[at]?.text ?? '') && next?.kind === 'word' && !isWord(next, 'to', 'in', 'on');
}

/** "service: checkout, env: prod": the next field begins. */
function isField(tokens: readonly Token[], at: number): boolean {
  const label = isWord(tokens[at], 'and') ? at + 1 : at;
  return (
    tokens[label]?.kind === 'word' &&
    isPunct(tokens[label + 1], ':', '=') &&
    tokens[label]?.services.length === 0
  );
}

/** "…, let it soak, then production": a list of environments goes on after another order. */
function resumesPlaces(tokens: readonly Token[], at: number, open: Open): boolean {
  if (!isPunct(tokens[at], ',') && tokens[at]?.kind !== 'arrow') return false;
  if (open.named) return false;
  let next = at + 1;
  while (SKIPPED.has(tokens[next]?.text ?? '') || isWord(tokens[next], 'to', 'in', 'on')) next += 1;
  const after = tokens[next + 1];
  return (
    (tokens[next]?.environments.length ?? 0) > 0 &&
    (after === undefined || after.kind === 'punct' || isWord(after, 'and', 'please', 'then'))
  );
}

function opensAfterColon(tokens: readonly Token[], at: number, open: Open): boolean {
  if (at < 2) return false;
  if (startsPredicate(tokens, at + 1)) return true;
  if (open.tokens.length >= 3 && tokensState(tokens, at + 1)) return true;
  return at >= 3 && !open.named && !open.acts && namesBoth(tokens, at + 1);
}

/** "if all is green: checkout 2.1.0 to production". */
function namesBoth(tokens: readonly Token[], from: number): boolean {
  const rest = tokens.slice(from, from + 12);
  return (
    rest.some((token) => token.services.length > 0) && rest.some((token) => token.environments.length > 0)
  );
}

function wordBreak(tokens: readonly Token[], at: number, token: Token, open: Open): Cut | null {
  const empty = !open.filled;
  const next = tokens[at + 1];
  if (token.text === 'as' && isWord(next, 'soon') && isWord(tokens[at + 3], 'possible')) return null;
  if (token.text === 'as' && isWord(next, 'soon', 'long') && isWord(tokens[at + 2], 'as'))
    return { lead: 'condition', word: 'once', skip: 3 };
  if (token.text === 'in' && isWord(next, 'case')) return { lead: 'condition', word: 'if', skip: 2 };
  if (token.text === 'even' && isWord(next, 'if', 'when', 'though'))
    return { lead: 'condition', word: 'even', skip: 2 };
  if (token.text === 'once' && isWord(next, 'more', 'again')) return null;
  if (token.text === 'so' && !empty && explainsAim(tokens, at))
    return { lead: 'reason', word: 'so', skip: 1 };
  if (open.lead === 'aside' && !empty && leadsToPlace(tokens, at))
    return { lead: 'comma', word: '', skip: 0 };
  if (CONDITION.has(token.text) && !isWord(tokens[at - 1], 'at', 'all') && token.services.length === 0)
    return { lead: 'condition', word: token.text, skip: 1 };
  if (token.text === 'should' && empty && next !== undefined && !SUBJECTS.has(next.text))
    return { lead: 'condition', word: 'if', skip: 1 };
  const noun =
    token.text === 'cause' &&
    isWord(tokens[at - 1], 'root', 'the', 'a', 'likely', 'probable', 'main', 'real');
  if (REASON.has(token.text) && !noun) return { lead: 'reason', word: token.text, skip: 1 };
  if (isTime(tokens, at, token)) return { lead: 'time', word: token.text, skip: 1 };
  const explains = open.lead === 'reason' || open.lead === 'relative' || open.lead === 'condition';
  if (
    !empty &&
    !explains &&
    opensOrder(tokens, at) &&
    !isWord(tokens[at - 1], 'if', 'that', 'what', 'and', 'when', 'as')
  )
    return { lead: 'runon', word: '', skip: 0 };
  if (
    token.text === 'that' &&
    !empty &&
    isWord(
      tokens[at - 1],
      'agreed',
      'decided',
      'request',
      'requested',
      'ask',
      'asked',
      'propose',
      'suggest',
      'proposed',
    )
  )
    return { lead: 'start', word: 'that', skip: 1 };
  if (isWord(token, 'which', 'whose') && empty && open.lead === 'comma')
    return { lead: 'relative', word: token.text, skip: 1 };
  if (RELATIVE.has(token.text) && !empty && isRelative(tokens, at))
    return { lead: 'relative', word: token.text, skip: 1 };
  if (JOINERS.has(token.text)) return joint(tokens, at, token, open, empty);
  if (!empty && isAside(tokens, at, token)) return { lead: 'aside', word: token.text, skip: 1 };
  if (token.text === 'to' && !empty && isPurpose(tokens, at, open))
    return { lead: 'reason', word: 'to', skip: 1 };
  return !empty && isRunOn(tokens, at, token, open) ? { lead: 'runon', word: '', skip: 0 } : null;
}

/** "so that they can try it", "so we can demo it": what it is good for. */
function explainsAim(tokens: readonly Token[], at: number): boolean {
  if (isWord(tokens[at + 1], 'that')) return true;
  const modal = isWord(tokens[at + 2], 'can', 'could', 'may', "can't", 'will', 'have', 'get', 'know');
  return modal && SUBJECTS.has(tokens[at + 1]?.text ?? '');
}

/** "with the rounding fix to production": back to what is asked. */
function leadsToPlace(tokens: readonly Token[], at: number): boolean {
  if (!isWord(tokens[at], 'to', 'on', 'in', 'onto', 'into')) return false;
  const place = DETERMINERS.has(tokens[at + 1]?.text ?? '') ? tokens[at + 2] : tokens[at + 1];
  return (place?.environments.length ?? 0) > 0;
}

function joint(tokens: readonly Token[], at: number, token: Token, open: Open, empty: boolean): Cut | null {
  if (empty) return null;
  const inside =
    open.lead === 'condition' ||
    open.lead === 'time' ||
    open.lead === 'reason' ||
    open.lead === 'relative' ||
    open.lead === 'aside';
  if (token.text === 'then' && inside) return { lead: 'comma', word: 'then', skip: 1 };
  return startsClause(tokens, at + 1) ? { lead: 'and', word: token.text, skip: 1 } : null;
}

/** "after the tests pass", "before merging"; not "after staging", which is an order of environments. */
function isTime(tokens: readonly Token[], at: number, token: Token): boolean {
  if (token.text !== 'after' && token.text !== 'before') return false;
  let next = at + 1;
  while (DETERMINERS.has(tokens[next]?.text ?? '')) next += 1;
  const named = tokens[next];
  if (isWord(named, 'and', 'then') || named?.kind === 'punct') return false;
  if (named === undefined || isWord(tokens[at + 1], 'that', 'this', 'which')) return false;
  if (named.environments.length === 0) return true;
  const verb = tokens[next + 1];
  return (
    verb !== undefined &&
    verb.kind === 'word' &&
    (BE.has(verb.text) ||
      FINITE.has(verb.text) ||
      verbOf(verb.text)?.form === 'third' ||
      isWord(verb, 'tests', 'looks', 'has'))
  );
}

function isRelative(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text ?? '';
  if (tokens[at]?.text !== 'that') return true;
  const next = tokens[at + 1]?.text ?? '';
  if (PREPOSITIONS.has(before) || verbsOf(before).some((verb) => verb.form === 'base')) return false;
  return isFinite_(next) || BE.has(next) || SUBJECTS.has(next) || MODALS.has(next);
}
