import { isFixOf } from './fixes.js';
import { meaningOf } from './meaning.js';
import type { Objection } from './objection.js';
import { skipOpenings } from './prefixes.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbSlip } from './typos.js';
import { verbOf, verbsOf } from './verbs.js';
import { scanVersions } from './versions.js';
import { ACCESS, FOREIGN, isOurWord, RULES } from './vocabulary.js';
import { words } from './words.js';

/** What of a text was not understood, although it may ask for something. */
export type Uncovered =
  | { readonly kind: 'beyond'; readonly objection: Objection }
  | { readonly kind: 'unclear'; readonly tokens: readonly Token[] };

/**
 * A plan may only come out of a text whose orders are understood to the last word: the first word of an order, or of a fragment
 * beside one, that has no part in it. Null when there is none. What tells, explains or quotes is free to use any words.
 */
export function findUncovered(readings: readonly Reading[]): Uncovered | null {
  const sentences = new Set(
    readings.filter((reading) => reading.mood === 'order').map((reading) => reading.clause.sentence),
  );
  let unclear: Uncovered | null = null;
  for (const reading of readings) {
    const at = uncoveredAt(reading, sentences);
    if (at < 0) continue;
    const tokens = reading.tokens.slice(at, at + 4);
    const harm = tokens.find(
      (token, step) =>
        isHarm(token) ||
        (step === 0 && ['link', 'path', 'opaque'].includes(token.kind)) ||
        (step === 0 && verbOf(token.fold, 'other')?.form === 'gerund'),
    );
    if (harm !== undefined)
      return {
        kind: 'beyond',
        objection: { what: `it asks for something about "${harm.text}"`, tokens },
      };
    unclear ??= { kind: 'unclear', tokens };
  }
  return unclear;
}

const SHELL = words('curl wget ssh exec eval kubectl chmod chown sudo rm bash psql mysql nc');

function isHarm(token: Token): boolean {
  return ACCESS.has(token.fold) || FOREIGN.has(token.fold) || RULES.has(token.fold) || SHELL.has(token.fold);
}

function uncoveredAt(reading: Reading, sentences: ReadonlySet<number>): number {
  const { mood, clause, tokens } = reading;
  if (clause.told) return -1;
  const assigned = assignmentAt(tokens);
  if (assigned >= 0) return assigned;
  if (mood === 'order') return inOrder(reading);
  if (mood === 'state' && clause.word === 'or' && sentences.has(clause.sentence)) return 0;
  if (mood === 'name' && isReason(tokens)) return firstOf(tokens, 2, [ACCESS, RULES]);
  if (mood === 'name')
    return clause.word !== '(' && (sentences.has(clause.sentence) || isNominal(tokens))
      ? inStrict(tokens, 0)
      : oddFragment(reading);
  if (clause.lead === 'aside' && clause.word !== '(' && mood === 'context')
    return firstOf(tokens, 0, [ACCESS, FOREIGN]);
  return -1;
}

const REMARKS = words(`
  sorry apologies happy big small low high medium lots plenty customer customers internal external public release sprint backend frontend nice best warm kind many sent written posted hotfix urgent context background details summary reason impact risk change scope owner contact requested requester reviewed approved tested merged
  cheers regards greetings sincerely merry welcome congrats black cyber business traffic quarterly yearly end part first-time no-op bugfix maintenance planned another
`);

/** "Frobnicate widgets.": a sentence of its own that may as well be an order. */
function oddFragment(reading: Reading): number {
  const { tokens } = reading;
  const foreign = firstOf(tokens, 0, [ACCESS, FOREIGN]);
  if (foreign >= 0) return foreign;
  const at = skipOpenings(tokens).at;
  const [head, next] = [tokens[at], tokens[at + 1]];
  if (head?.kind !== 'word' || isName(head) || next?.kind !== 'word' || reading.clause.lead !== 'start')
    return -1;
  return isOurWord(head.text) ||
    verbsOf(head.text).length > 0 ||
    REMARKS.has(head.text) ||
    isFixOf(tokens, at) ||
    /(?:ly|ing|ed|s)$/.test(head.text)
    ? -1
    : at;
}

/** "checkout 2.4.1 -> prod": an order without a verb. */
function isNominal(tokens: readonly Token[]): boolean {
  const named = tokens.some((token) => token.services.length > 0);
  return named && tokens.some((token) => token.kind === 'version' || token.environments.length > 0);
}

const TELLS = words(
  'note remember see thank look refer hope feel know think expect understand appreciate believe guess suppose reckon hear recall enjoy celebrate relax breathe call',
);
const WISHES = words('await be want like wish love welcome mind care find try');

function inOrder(reading: Reading): number {
  const { verb, tokens, at } = reading;
  const meaning = meaningOf(reading);
  if (verb === null || meaning.kind === 'act') return inStrict(tokens, skipOpenings(tokens).at, at);
  if (verb.class === 'watch') return firstOf(tokens, at, [ACCESS, RULES]);
  if (TELLS.has(verb.lemma)) return firstOf(tokens, at, [ACCESS, RULES]);
  if (verb.class === 'keep' || WISHES.has(verb.lemma)) return firstOf(tokens, at, [ACCESS, FOREIGN, RULES]);
  if (verbsOf(verb.lemma).some((other) => other.class === 'tell')) return inTelling(tokens, at);
  return inStrict(tokens, at);
}

function firstOf(tokens: readonly Token[], from: number, lists: readonly ReadonlySet<string>[]): number {
  for (let at = from; at < tokens.length; at += 1) if (isListed(tokens, at, lists)) return at;
  return -1;
}

function isListed(tokens: readonly Token[], at: number, lists: readonly ReadonlySet<string>[]): boolean {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word' || isName(token)) return false;
  return lists.some((list) => list.has(token.fold)) && !isFixOf(tokens, at) && !isOfPeople(tokens, at);
}

function isName(token: Token): boolean {
  return token.services.length > 0 || token.environments.length > 0;
}

function isOfPeople(tokens: readonly Token[], at: number): boolean {
  return isWord(
    tokens[at + 1],
    'team',
    'teams',
    'folks',
    'people',
    'crew',
    'guild',
    'desk',
    'squad',
    'channel',
    'admins',
  );
}

const EXPLAINS = words(
  'for about regarding according because per due given during following concerning despite as behalf',
);
const RESUMES = words('and then plus also with but or');

/** Every word has to be known, up to where the clause only explains itself. */
function inStrict(tokens: readonly Token[], from: number, verbAt = -1): number {
  const versions = new Set(scanVersions(tokens).mentions.map((mention) => mention.token));
  let free = false;
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || at === verbAt || versions.has(token) || isName(token)) {
      if (token !== undefined && isName(token)) free = false;
      continue;
    }
    if (isPunct(token, '(', '[')) depth += 1;
    else if (isPunct(token, ')', ']')) depth = Math.max(0, depth - 1);
    else if (isPunct(token, ',') || token.kind === 'arrow') free = false;
    if (token.kind === 'word' && RESUMES.has(token.text)) free = false;
    if (token.kind === 'word' && EXPLAINS.has(token.text)) {
      free = true;
      continue;
    }
    if (free || depth > 0) {
      if (isListed(tokens, at, [ACCESS]) || doesMore(tokens, at) || isPart(tokens, at)) return at;
    } else if (!isCovered(tokens, at)) return at;
  }
  return -1;
}

/** "by deleting …": a way of doing that is none of ours. */
function doesMore(tokens: readonly Token[], at: number): boolean {
  return (
    verbOf(tokens[at]?.text ?? '', 'other')?.form === 'gerund' &&
    isWord(tokens[at - 1], 'by', 'after', 'before', 'via', 'for')
  );
}

/** "for half of the users": a release is for all of them. */
function isPart(tokens: readonly Token[], at: number): boolean {
  if (!isWord(tokens[at], 'users', 'customers', 'traffic', 'requests', 'tenants', 'sessions')) return false;
  return [1, 2, 3].some((step) =>
    isWord(
      tokens[at - step],
      'half',
      'some',
      'few',
      'part',
      'fraction',
      'subset',
      'third',
      'most',
      'selected',
      'internal',
      'beta',
    ),
  );
}

function isCovered(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return true;
  switch (token.kind) {
    case 'path':
    case 'opaque':
    case 'amount':
      return false;
    case 'address':
      return false;
    case 'link':
      return !isWord(tokens[at - 1], 'from', 'via', 'using', 'with', 'at', 'follow', 'run', 'use');
    case 'word':
      if (isWord(token, 'wherever', 'whatever', 'whichever', 'somewhere')) return false;
      if (isWord(token, 'same') && isWord(tokens[at + 1], 'as')) return false;
      if (isOfPeople(tokens, at) || isGreeted(tokens, at)) return true;
      return isOurWord(token.text) || isFixOf(tokens, at) || isLabel(tokens, at) || isHead(tokens, at);
    default:
      return true;
  }
}

/** "Hi Ben". */
function isGreeted(tokens: readonly Token[], at: number): boolean {
  const greets = isWord(tokens[at - 1], 'hi', 'hey', 'hello', 'dear', 'morning', 'thanks', 'cheers');
  return greets && isCapitalised(tokens[at] as Token);
}

const REASONS = words(
  'reason why because context background motivation cause impact description summary details',
);

/** "reason: typo in the pricing table". */
function isReason(tokens: readonly Token[]): boolean {
  return tokens[0]?.kind === 'word' && REASONS.has(tokens[0].text) && isPunct(tokens[1], ':');
}

function isHead(tokens: readonly Token[], at: number): boolean {
  return verbSlip(tokens[at]?.text ?? '') !== null;
}

function isLabel(tokens: readonly Token[], at: number): boolean {
  return isPunct(tokens[at + 1], ':') || (isPunct(tokens[at - 1], ':') && isPunct(tokens[at + 1], ':'));
}

const LEADS_TO_CONTENT = words('that about how when once if whether why because as after of');

/** "tell Anna and Bob from support that search is back": whom, and what. */
function inTelling(tokens: readonly Token[], from: number): number {
  for (let at = from + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (isListed(tokens, at, [ACCESS, FOREIGN, RULES])) return at;
    if (token.kind === 'word' && LEADS_TO_CONTENT.has(token.text))
      return firstOf(tokens, at, [ACCESS, FOREIGN, RULES]);
    const whom = at === from + 1 || (at === from + 2 && isWord(tokens[from + 1], 'the', 'our'));
    if (whom || isCapitalised(token) || isName(token)) continue;
    if (!isCovered(tokens, at)) return at;
  }
  return -1;
}

function isCapitalised(token: Token): boolean {
  return token.kind === 'word' && /^\p{Lu}/u.test(token.raw);
}

const LABELS = words(`
  version ver v tag ref branch commit sha image release service services svc app application component name env envs environment environments stage target targets to from action type operation do intent watch bake soak monitor
  error errors errorrate rate err p95 latency p test tests smoke steps step poststeps notify notification notifications channel ticket issue pr id title reason owner author by date time window priority risk link max min minutes duration guards threshold dry-run json note
`);

/** "DEBUG=true": a setting that is no field of an intent. */
function assignmentAt(tokens: readonly Token[]): number {
  for (let at = 1; at < tokens.length; at += 1) {
    const label = tokens[at - 1];
    if (!isPunct(tokens[at], '=') || label === undefined || label.kind === 'punct') continue;
    if (isPunct(tokens[at + 1], '=') || isPunct(tokens[at - 2], '<', '>')) continue;
    if (label.services.length === 0 && !LABELS.has(label.text)) return at - 1;
  }
  return -1;
}
