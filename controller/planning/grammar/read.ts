import { actionNoun, middleVerb } from './action-nouns.js';
import type { Clause } from './clause.js';
import { hasFinite, headVerb, isStatement } from './heads.js';
import { skipOpenings } from './prefixes.js';
import type { Mood, Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { type Verb, verbOf, verbsOf } from './verbs.js';
import { findWish } from './wishes.js';
import { BE, DETERMINERS, FINITE, HAVE, isFinite_, SUBJECTS, words } from './words.js';

const QUESTION_WORDS = words(
  'what why how who whose where which is are was were does did do has have had am should shall whats hows whos when',
);

/** Finds a clause's mood and its verb. */
export function readClause(clause: Clause, before: Reading | null): Reading {
  const { tokens } = clause;
  const opened = skipOpenings(tokens);
  const make = (mood: Mood, verb: Verb | null = null, at = opened.at): Reading => ({
    clause,
    tokens,
    mood,
    verb,
    at,
  });
  const head = headVerb(tokens, opened.at);
  if (clause.told) return make('context', head);
  if (clause.lead === 'condition')
    return polite(clause, opened.asks, head, before) ? make('order', head) : make('condition', head);
  const besides = inPassing(clause);
  if (besides !== null) return make('order', besides.verb, besides.at);
  if (clause.lead === 'time' && (explainsOn(clause, before) || happensWhile(clause, before)))
    return make('context', head);
  if (clause.lead === 'time' || carriesOn(clause, before, head)) return make('condition', head);
  if (
    clause.lead === 'reason' ||
    clause.lead === 'relative' ||
    (clause.lead === 'aside' && clause.word !== '(')
  )
    return make('context', head);
  if (opened.muses) return make('muse', head);
  if (opened.asks && isOwnPurpose(tokens, opened.at, head)) return make('context', head);
  if (opened.forbids && head === null && namesPlace(tokens, opened.at)) return make('name');
  if (opened.forbids && head !== null && turnsPositive(tokens, opened.at)) return make('order', head);
  if (opened.forbids) return make('forbid', head ?? verbOf(tokens[opened.at]?.text ?? '') ?? null);
  if (clause.question && !opened.asks && !leadsPolitely(before) && !asksOn(clause, before, head))
    return make(
      QUESTION_WORDS.has(tokens[opened.at]?.text ?? '') || isPunct(tokens.at(-1), '?') || head !== null
        ? 'ask'
        : hasFinite(tokens, opened.at) && !BE.has(tokens[opened.at]?.text ?? '')
          ? 'state'
          : 'name',
    );
  if (inherits(clause, before, tokens, opened.at)) return make(before?.mood ?? 'state', head);
  const commanded = isWord(tokens[opened.at], 'you')
    ? verbOf(tokens[opened.at + 1]?.text ?? '', 'other')
    : undefined;
  if (commanded?.form === 'base') return make('order', commanded, opened.at + 1);
  if (head !== null && (opened.asks || !isStatement(tokens, opened.at, head))) return make('order', head);
  return other(tokens, opened.at, opened.asks, make);
}

type Make = (mood: Mood, verb?: Verb | null, at?: number) => Reading;

export function other(tokens: readonly Token[], at: number, asks: boolean, make: Make): Reading {
  if (QUESTION_WORDS.has(tokens[at]?.text ?? '') && !asks && tokens[at]?.environments.length === 0)
    return make(BE.has(tokens[at]?.text ?? '') || HAVE.has(tokens[at]?.text ?? '') ? 'state' : 'ask');
  const gerund = verbOf(tokens[at]?.text ?? '');
  const clean = !hasFinite(tokens, at + 1);
  if (
    gerund?.form === 'gerund' &&
    (asks || (clean && ['deploy', 'rollback', 'test', 'build', 'move'].includes(gerund.class)))
  )
    return make('order', gerund);
  const wish = findWish(tokens, at);
  if (wish !== null) return make(wish.mood, wish.verb, wish.at);
  if (asks) return wanted(tokens, at, make);
  const middle = clean && !isSubject(tokens[at]) ? middleVerb(tokens, at) : null;
  if (middle !== null) return make('order', middle.verb, middle.at);
  const noun = clean ? actionNoun(tokens, at) : null;
  if (noun !== null) return make('order', noun.verb, noun.at);
  const head = tokens[at]?.text ?? '';
  const led = at > 0 && tokens[at - 1]?.kind === 'word';
  const tells = (led ? isFinite_(head) : FINITE.has(head)) && tokens.length > at + 1;
  return make(clean && !tells && !isSubject(tokens[at]) ? 'name' : 'state');
}

/** "… because it only broke after 90 minutes": part of the explanation. */
function explainsOn(clause: Clause, before: Reading | null): boolean {
  return (
    before?.mood === 'context' &&
    before.clause.lead === 'reason' &&
    before.clause.sentence === clause.sentence
  );
}

/** "Could you put it on staging, and run the smoke tests?": the second thing that is asked for. */
function asksOn(clause: Clause, before: Reading | null, head: Verb | null): boolean {
  const together = before?.mood === 'order' && before.clause.sentence === clause.sentence;
  const first = clause.tokens.find(({ text }) => text !== 'and' && text !== 'then')?.text ?? '';
  return together && clause.word !== 'or' && head?.form === 'base' && !QUESTION_WORDS.has(first);
}

const SHOWS = words('show present demo demonstrate');

/** "I need it for the demo", "we'd like to show it to our designer": what it is for, and done by who asks. */
function isOwnPurpose(tokens: readonly Token[], at: number, head: Verb | null): boolean {
  if (
    !isWord(tokens[0], 'i', 'we', "i'd", "we'd") ||
    tokens.some(({ environments }) => environments.length > 0)
  )
    return false;
  if (head !== null) return SHOWS.has(head.lemma);
  return (
    isWord(tokens[at], 'it', 'this', 'that', 'them') && isWord(tokens[at + 1], 'for', 'because', 'since')
  );
}

/** "users get a redirect loop after logging in": when what is told happens. */
function happensWhile({ tokens, sentence }: Clause, before: Reading | null): boolean {
  return (
    before?.mood === 'state' &&
    before.clause.sentence === sentence &&
    tokens[0]?.text.endsWith('ing') === true
  );
}

/** "while you're in there bump the pool": an order after all. */
function inPassing(clause: Clause): { verb: Verb; at: number } | null {
  const { tokens } = clause;
  if (clause.lead !== 'reason' && clause.lead !== 'time') return null;
  if (!isWord(tokens[0], "you're", 'you', "we're", 'we', 'at', 'there', 'on')) return null;
  for (let at = 1; at < Math.min(tokens.length, 8); at += 1) {
    const verb = verbsOf(tokens[at]?.text ?? '').find((other) => other.form === 'base');
    const led =
      isPunct(tokens[at - 1], ',') ||
      isWord(tokens[at - 1], 'there', 'it', 'that', 'this', 'here', 'in', 'on');
    if (verb !== undefined && led && tokens[at + 1] !== undefined && verb.lemma !== 'be') return { verb, at };
  }
  return null;
}

/** "not production, only staging: checkout 1.4.0": no verb is forbidden, only places are chosen. */
function namesPlace(tokens: readonly Token[], at: number): boolean {
  const first = isWord(tokens[at], 'to', 'in', 'on', 'the') ? tokens[at + 1] : tokens[at];
  return (
    (first?.environments.length ?? 0) > 0 &&
    tokens.some(
      (token) => token.kind === 'version' || token.services.length > 0 || isWord(token, 'only', 'just'),
    )
  );
}

/** "… or p95 goes over 400 ms": a second condition beside the first. */
function carriesOn(clause: Clause, before: Reading | null, head: Verb | null): boolean {
  return (
    clause.lead === 'and' &&
    head === null &&
    before?.mood === 'condition' &&
    before.clause.sentence === clause.sentence
  );
}

/** "don't deploy checkout to production, only to staging": the rest of the clause says where instead. */
function turnsPositive(tokens: readonly Token[], from: number): boolean {
  for (let at = from + 1; at < tokens.length; at += 1) {
    if (!isWord(tokens[at], 'only', 'just', 'but', 'rather', 'instead')) continue;
    let next = at + 1;
    while (isWord(tokens[next], 'to', 'in', 'on', 'only', 'just', 'into', 'the')) next += 1;
    if ((tokens[next]?.environments.length ?? 0) > 0 && hasPlaceBefore(tokens, from, at)) return true;
  }
  return false;
}

function hasPlaceBefore(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens.slice(from, to).some((token) => token.environments.length > 0);
}

function isSubject(token: Token | undefined): boolean {
  return token !== undefined && token.services.length === 0 && SUBJECTS.has(token.text);
}

/** "I want checkout rolled back", "we need 2.4.1 in production", "requesting a deploy of …". */
function wanted(tokens: readonly Token[], at: number, make: Make): Reading {
  for (let index = at; index < tokens.length; index += 1) {
    const token = tokens[index];
    const verb =
      token === undefined || token.services.length > 0
        ? undefined
        : verbOf(token.text, 'deploy', 'rollback', 'test', 'build');
    if (verb !== undefined && verb.form !== 'third') return make('order', verb, index);
    if (isDone(tokens, index)) return make('order', verbOf(token?.text ?? '', 'other') ?? null, index);
    if (isWord(token, 'rolled') || isWord(token, 'roll')) return make('order', verbOf('roll') ?? null, index);
  }
  const noun = actionNoun(tokens, at);
  if (noun !== null) return make('order', noun.verb, noun.at);
  const named = tokens.some((token) => token.services.length > 0 || token.kind === 'version');
  return named || tokens.some((token) => token.environments.length > 0)
    ? make('order', verbOf('get', 'move') ?? null)
    : make('order', null);
}

/** "… the users table deleted": something else is wanted done. */
function isDone(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (
    token === undefined ||
    verbOf(token.text, 'other')?.form !== 'past' ||
    DETERMINERS.has(before?.text ?? '')
  )
    return false;
  return (
    next === undefined ||
    next.kind === 'punct' ||
    ['in', 'on', 'from', 'to', 'now', 'please', 'and', 'asap', 'first', 'too'].includes(next.text)
  );
}

/** "it lets moderators ban users, drop messages": what others can do. */
function grants(tokens: readonly Token[]): boolean {
  return tokens.some((token) => isWord(token, 'allows', 'enables', 'helps') || token.raw === 'lets');
}

function inherits(clause: Clause, before: Reading | null, tokens: readonly Token[], at: number): boolean {
  if (before === null || before.clause.sentence !== clause.sentence) return false;
  if (clause.lead !== 'and' && !(clause.lead === 'comma' && grants(before.tokens))) return false;
  if (
    !['state', 'muse', 'ask', 'context'].includes(before.mood) ||
    ['so', 'but', 'then', 'otherwise', 'else', 'plus'].includes(clause.word)
  )
    return false;
  if (
    at > 0 &&
    tokens.slice(0, at).some((token) => ['please', 'pls', "let's", 'now', 'just'].includes(token.text))
  )
    return false;
  if (before.mood === 'muse') return true;
  const next = tokens[at + 1];
  return !(
    next !== undefined &&
    (DETERMINERS.has(next.text) ||
      next.services.length > 0 ||
      next.kind === 'version' ||
      ['it', 'this', 'back'].includes(next.text))
  );
}

const GLAD = words('great nice wondering grateful appreciate thankful awesome lovely good ideal cool');

function leadsPolitely(before: Reading | null): boolean {
  return before?.clause.tokens.some((token) => GLAD.has(token.text)) === true;
}

/** "it would be great if you could …", "when you get a chance …". */
function polite(clause: Clause, asks: boolean, head: Verb | null, before: Reading | null): boolean {
  if (head === null || !asks || (clause.word !== 'if' && clause.word !== 'when')) return false;
  return before !== null && before.clause.sentence === clause.sentence
    ? leadsPolitely(before) || before.mood === 'muse' || before.mood === 'ask'
    : true;
}
