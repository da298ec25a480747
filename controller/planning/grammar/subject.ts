import { type Gathered, scope } from './gather.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { isBase, verbsOf } from './verbs.js';
import {
  BE,
  CONJUNCTIONS,
  DETERMINERS,
  MODALS,
  NEGATIONS,
  OBJECT_PRONOUNS,
  POLITE,
  PREPOSITIONS,
  SUBJECTS,
  words,
} from './words.js';

export interface Subject {
  readonly service: string | null;
  readonly token: Token | null;
  readonly problem: 'none' | 'missing' | 'unknown' | 'ambiguous' | 'several';
  readonly word: string;
  readonly choices: readonly string[];
}

const OF_OTHERS = words(
  'team teams squad folks people channel outage incident bug bugs issue issues database dashboard logs oncall owner owners guild crew leads lead repo repository ticket alert alerts',
);

const FILLER = words(
  `version release latest new build image code fix hotfix change changes update updates patch deploy deployment rollout rollback back out live forward now again service svc microservice thing one tag branch commit main
  master head same current candidate rc bugfix newest stable good known known-good working prior previous last next older old final only just all of off straight directly over up down first second both version's
  release-candidate artifact package container ahead also quickly immediately asap today tonight tomorrow soon possible yet once more very safely carefully gradually fully own safe`,
);

const VAGUE = words(
  'app application system site website backend frontend platform stack product services apps microservices software project component everything stuff',
);

const COMPONENTS = words(
  'frontend backend ui worker workers db gateway admin cron mobile client consumer sdk docs dashboard proxy cache sidecar scheduler',
);

/** Which service a text is about: named in the orders, else the only one the text names. */
export function findSubject(
  gathered: Gathered,
  readings: readonly Reading[],
  serviceNames: readonly string[],
): Subject {
  const ordered = gathered.acts.map((act) => act.reading);
  const named = mentions([
    ...ordered,
    ...readings.filter((reading) => reading.mood === 'name' || isSpecification(reading)),
  ]);
  const stranger = ordered.map((reading) => strangerIn(reading)).find((token) => token !== null) ?? null;
  const direct = mentions(ordered);
  const chosen =
    direct.length > 0
      ? merge(direct, mentions(readings.filter((reading) => reading.mood === 'name')))
      : named;
  if (stranger !== null && (direct.length === 0 || isJoined(ordered, stranger)))
    return { service: null, token: stranger, problem: 'unknown', word: stranger.text, choices: serviceNames };
  const found =
    chosen.length > 0
      ? chosen
      : mentions(readings.filter((reading) => !reading.clause.told && reading.mood !== 'forbid'));
  return settle(found, serviceNames);
}

function settle(found: readonly Token[], serviceNames: readonly string[]): Subject {
  const clear = found.filter((token) => token.services.length === 1);
  const names = [...new Set(clear.flatMap((token) => token.services))];
  const first = clear[0];
  if (names.length > 1)
    return { service: null, token: null, problem: 'several', word: names.join(', '), choices: names };
  const unclear = found.find((token) => token.services.length > 1);
  if (unclear !== undefined && !unclear.services.includes(names[0] ?? ''))
    return {
      service: null,
      token: unclear,
      problem: 'ambiguous',
      word: unclear.text,
      choices: unclear.services,
    };
  if (first === undefined)
    return { service: null, token: null, problem: 'missing', word: '', choices: serviceNames };
  return { service: first.services[0] ?? null, token: first, problem: 'none', word: '', choices: [] };
}

function merge(direct: readonly Token[], labels: readonly Token[]): readonly Token[] {
  const known = new Set(direct.flatMap((token) => token.services));
  return [...direct, ...labels.filter((token) => token.services.some((name) => known.has(name)))];
}

export function isSpecification(reading: Reading): boolean {
  return (
    reading.mood === 'order' &&
    isWord(reading.tokens[reading.at], 'use', 'target', 'include', 'consider', 'see')
  );
}

function mentions(readings: readonly Reading[]): Token[] {
  const out: Token[] = [];
  for (const reading of readings) {
    const tokens = scope(reading);
    tokens.forEach((token, at) => {
      if (token.services.length > 0 && !isOthers(tokens, at)) out.push(token);
    });
  }
  return out;
}

/** "the payments team", "not payments", "because of payments": named, but not asked for. */
function isOthers(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (next !== undefined && next.kind === 'word' && OF_OTHERS.has(next.text)) return true;
  const token = tokens[at];
  if (
    token !== undefined &&
    token.environments.length > 0 &&
    isWord(tokens[at - 1], 'to', 'in', 'on', 'onto', 'into', 'against') &&
    tokens.some((other, index) => index !== at && other.services.length > 0)
  )
    return true;
  for (let step = 1; step <= 2; step += 1) {
    const before = tokens[at - step];
    if (before === undefined || isPunct(before, ',')) return false;
    if (
      isWord(before, 'not', 'except', 'excluding', 'without', 'unlike') ||
      (isWord(before, 'of', 'than') &&
        isWord(tokens[at - step - 1], 'instead', 'rather', 'because', 'ahead', 'independent'))
    )
      return true;
  }
  return false;
}

/** A word that stands where the service should, and is none of the catalog's. */
function strangerIn(reading: Reading): Token | null {
  const tokens = scope(reading);
  for (let at = reading.at + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'arrow') return null;
    if (
      token.kind === 'word' &&
      PREPOSITIONS.has(token.text) &&
      !isWord(token, 'of', 'out', 'up', 'down', 'off', 'over', 'about', 'for') &&
      at > reading.at + 1
    )
      return null;
    if (isPunct(token, ',') && !goesOnListing(tokens, at + 1)) return null;
    if (isStranger(tokens, at)) return token;
  }
  return null;
}

/** After a comma, another thing to deploy, and not a remark. */
function goesOnListing(tokens: readonly Token[], from: number): boolean {
  const at = isWord(tokens[from], 'and', 'the') ? from + 1 : from;
  const [thing, next] = [tokens[at], tokens[at + 1]];
  if (thing === undefined || thing.kind !== 'word') return false;
  if (thing.services.length > 0) return true;
  return (
    next === undefined ||
    next.kind === 'version' ||
    isPunct(next, ',') ||
    isWord(next, 'to', 'in', 'on', 'and', 'onto')
  );
}

function isStranger(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || token.services.length > 0 || token.environments.length > 0) return false;
  if (token.kind !== 'word') return false;
  const word = token.text;
  if (COMPONENTS.has(word) && (tokens[at - 1]?.services.length ?? 0) > 0) return true;
  if (VAGUE.has(word)) return !tokens.slice(0, at).some((before) => before.services.length > 0);
  if (COMPONENTS.has(word) && (tokens[at - 1]?.services.length ?? 0) > 0) return true;
  if (
    FILLER.has(word) ||
    DETERMINERS.has(word) ||
    PREPOSITIONS.has(word) ||
    CONJUNCTIONS.has(word) ||
    POLITE.has(word) ||
    OBJECT_PRONOUNS.has(word) ||
    SUBJECTS.has(word) ||
    NEGATIONS.has(word) ||
    MODALS.has(word) ||
    BE.has(word)
  )
    return false;
  if (isBase(word) || verbsOf(word).length > 0 || word === "'s" || word === "'") return false;
  return ![
    'smoke',
    'tests',
    'test',
    'suite',
    'environments',
    'environment',
    'env',
    'envs',
    'everywhere',
    'if',
    'when',
    'because',
    'unit',
    'integration',
    'regression',
    'acceptance',
    'functional',
    'contract',
    'e2e',
    'end-to-end',
    'version',
    'v',
    'ver',
    'feature',
    'bug',
    'fixes',
    'including',
    'minutes',
    'deployed',
    'tests:',
    'me',
    'us',
    'time',
    'emergency',
    'regular',
    'weekly',
    'normal',
    'full',
    'clean',
    'quick',
    'fresh',
    'proper',
    'planned',
    'action',
    'sanity',
    'checks',
    'check',
    'promotion',
    'known-good',
    'instead',
    'through',
    'number',
    'that',
  ].includes(word);
}

/** "checkout and wibble": two things are asked for, and one of them is unknown; "checkout worker": may be something else. */
function isJoined(readings: readonly Reading[], stranger: Token): boolean {
  for (const reading of readings) {
    const at = reading.tokens.indexOf(stranger);
    if (at < 0) continue;
    const [before, after] = [reading.tokens[at - 1], reading.tokens[at + 1]];
    if (COMPONENTS.has(stranger.text) && (before?.services.length ?? 0) > 0) return true;
    const lead = isWord(before, 'the') ? reading.tokens[at - 2] : before;
    const joint = (token: Token | undefined) =>
      isPunct(token, ',', '&', '+', '/') || isWord(token, 'and', 'plus', 'or');
    if (joint(lead) && reading.tokens.slice(0, at).some((token) => token.services.length > 0)) return true;
    if (joint(after) && reading.tokens.slice(at).some((token) => token.services.length > 0)) return true;
  }
  return false;
}
