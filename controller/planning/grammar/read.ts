import type { Clause } from './clause.js';
import { skipOpenings } from './prefixes.js';
import { tellsSomebody } from './telling.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbSlip } from './typos.js';
import { isBase, type Verb, verbOf, verbsOf } from './verbs.js';
import { BE, DETERMINERS, FINITE, HAVE, isFinite_, MODALS, NEGATIONS, SUBJECTS, words } from './words.js';

/**
 * order: asks for something · forbid: asks to leave something out · condition: under which something happens · state: tells how things
 * are · ask: wants to know · muse: might happen · name: no predicate at all · context: explains.
 */
export type Mood = 'order' | 'forbid' | 'condition' | 'state' | 'ask' | 'muse' | 'name' | 'context';

export interface Reading {
  readonly clause: Clause;
  readonly tokens: readonly Token[];
  readonly mood: Mood;
  readonly verb: Verb | null;
  /** Index of the verb; where the verb is null, of what follows the openings. */
  readonly at: number;
}

const QUESTION_WORDS = words(
  'what why how who whose where which is are was were does did do has have had am should shall whats hows whos when',
);
const NOUNLIKE = words(
  'login root commit cycle profile trace benchmark archive mirror design research nudge bill wake boot bounce tail sync train release deploy build test rollback upgrade push update launch watch monitor report change check alert patch fix stage ship rollout backup log support run restart drop dump scale message page post drain access cut force record store export import copy paste merge issue return reset set revert',
);
export const ACTION_NOUNS: Readonly<Record<string, string>> = {
  deployment: 'deploy', deployments: 'deploy', deploy: 'deploy', redeployment: 'deploy', redeploy: 'deploy', release: 'deploy', rollout: 'deploy', promotion: 'deploy', upgrade: 'deploy', 'roll-out': 'deploy',
  rollback: 'rollback', revert: 'rollback', downgrade: 'rollback', reversion: 'rollback', 'roll-back': 'rollback', build: 'build', rebuild: 'build',
}; // biome-ignore format: a table
const WISH = words('needs need must should has have wants ought can shall gets');
const MIGHT = words("could might may would will won't 'll gonna");

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
  if (clause.lead === 'time' && explainsOn(clause, before)) return make('context', head);
  if (clause.lead === 'time' || carriesOn(clause, before, head)) return make('condition', head);
  if (
    clause.lead === 'reason' ||
    clause.lead === 'relative' ||
    (clause.lead === 'aside' && clause.word !== '(')
  )
    return make('context', head);
  if (opened.muses) return make('muse', head);
  if (opened.forbids && head === null && namesPlace(tokens, opened.at)) return make('name');
  if (opened.forbids && head !== null && turnsPositive(tokens, opened.at)) return make('order', head);
  if (opened.forbids) return make('forbid', head ?? verbOf(tokens[opened.at]?.text ?? '') ?? null);
  if (clause.question && !opened.asks && !leadsPolitely(before))
    return make(
      QUESTION_WORDS.has(tokens[opened.at]?.text ?? '') || isPunct(tokens.at(-1), '?') || head !== null
        ? 'ask'
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

function other(tokens: readonly Token[], at: number, asks: boolean, make: Make): Reading {
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

function isStatement(tokens: readonly Token[], at: number, verb: Verb): boolean {
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

export function hasFinite(tokens: readonly Token[], from: number): boolean {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.kind !== 'word' || token.services.length > 0) continue;
    if (
      token.text === "'s"
        ? BE.has(tokens[index + 1]?.text ?? '')
        : isFinite_(token.text) || BE.has(token.text) || HAVE.has(token.text) || MODALS.has(token.text)
    )
      return true;
  }
  return false;
}

interface Found {
  readonly mood: Mood;
  readonly verb: Verb;
  readonly at: number;
}

/** "checkout 2.4.1 should be deployed to …", "needs to go to …", "production must run …", "goes to staging". */
function findWish(tokens: readonly Token[], from: number): Found | null {
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
  return thing && tokens.slice(0, at).some((before) => before.environments.length > 0);
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

/** "[prod] release checkout", "for checkout: deploy 2.4.1". */
function middleVerb(tokens: readonly Token[], from: number): { verb: Verb; at: number } | null {
  for (let index = from + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    const previous = tokens[index - 1];
    if (token === undefined || token.kind !== 'word' || token.services.length > 0 || !isBase(token.text))
      continue;
    if (token.environments.length > 0 && !isOrderly(tokens, index)) continue;
    const verb =
      verbOf(token.text, 'deploy', 'rollback', 'test', 'build', 'run', 'leave', 'move') ??
      verbOf(token.text, 'other');
    if (verb === undefined || verb.form !== 'base') continue;
    if (
      previous !== undefined &&
      previous.kind === 'word' &&
      (DETERMINERS.has(previous.text) ||
        SUBJECTS.has(previous.text) ||
        ['to', 'of', 'for', 'in', 'on', 'and', 'or', 'not', 'with', "'s"].includes(previous.text))
    )
      continue;
    const anchored =
      previous === undefined ||
      previous.kind !== 'word' ||
      previous.services.length > 0 ||
      previous.environments.length > 0 ||
      ['roll', 'deploy', 'rollback', 'ship', 'promote', 'revert', 'redeploy'].includes(verb.lemma);
    if (
      anchored &&
      (['deploy', 'rollback', 'test', 'build'].includes(verb.class) ||
        token.text === 'roll' ||
        isOrderly(tokens, index))
    )
      return { verb, at: index };
  }
  return null;
}

function isOrderly(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    next !== undefined &&
    next.kind === 'word' &&
    (DETERMINERS.has(next.text) || next.services.length > 0 || isWord(next, 'smoke', 'tests', 'back', 'it'))
  );
}

function actionNoun(tokens: readonly Token[], from: number): { verb: Verb; at: number } | null {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.services.length > 0 || !Object.hasOwn(ACTION_NOUNS, token.text))
      continue;
    const verb = verbOf(ACTION_NOUNS[token.text] ?? '');
    const named = tokens.some((other) => other.services.length > 0);
    if (
      verb !== undefined &&
      named &&
      !isWord(
        tokens[index + 1],
        'notes',
        'train',
        'plan',
        'candidate',
        'status',
        'failure',
        'failed',
        'pipeline',
      )
    )
      return { verb, at: index };
  }
  return null;
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

const NO_ORDER = words(
  'heads sorry for in on after with about from not re regarding given of all because per see thanks thank thx cheers only just both also including plus same such what half once best kind warm many ciao over under by at to into onto as via during since until before no yes hi hey dear sorry oh ah so well and or but then now here there also that this these those if when while where during around considering following concerning pending minus without up down off out back new old next last first second',
);
const PARTICLES = words('up down off out away');
const OBJECTS_OF_ORDERS = words('it them everything all this that these those');

/** "yeet the database", "spin up two nodes": a word nobody knows, used like an order. */
export function soundsLikeOrder(reading: Reading): boolean {
  const { tokens, at, mood } = reading;
  const [head, next, later] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (
    mood !== 'name' ||
    head === undefined ||
    next === undefined ||
    head.kind !== 'word' ||
    next.kind !== 'word'
  )
    return false;
  if (
    head.services.length > 0 ||
    head.environments.length > 0 ||
    NO_ORDER.has(head.text) ||
    isBase(head.text) ||
    /(?:ly|ing|ed)$/.test(head.text)
  )
    return false;
  if (DETERMINERS.has(next.text)) return later !== undefined;
  return (PARTICLES.has(next.text) || OBJECTS_OF_ORDERS.has(next.text)) && !isPunct(later, ':');
}
