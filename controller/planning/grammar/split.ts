import type { Clause, Lead } from './clause.js';
import type { Laid } from './lines.js';
import { opensOrder } from './prefixes.js';
import { tellsSomebody } from './telling.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbSlip } from './typos.js';
import { isBase, verbOf, verbsOf } from './verbs.js';
import {
  BE,
  DETERMINERS,
  FINITE,
  isFinite_,
  MODALS,
  OBJECT_PRONOUNS,
  POLITE,
  PREPOSITIONS,
  SUBJECTS,
  words,
} from './words.js';

const CONDITION = words('if when whenever once unless until till provided assuming');
const REASON = words('because since although though whereas cause cuz bc while');
const RELATIVE = words('which who whose where that');
const JOINERS = words('and then but or plus also & + yet so otherwise else nor');
const BEFORE_VERB_NOT = words(
  'to for of in on at with from by after before about than as not never no maybe perhaps probably possibly eventually smoke sanity unit integration e2e regression',
);
const SKIPPED = words(
  'then also please just finally afterwards afterward immediately subsequently next later now kindly pls directly automatically simply only and so go ahead lastly first instead maybe perhaps either both quickly',
);
const GOES_ON = words('continue proceed go move promote deploy ship roll release advance progress push');
const STEP_NOUNS = words(
  'smoke test tests testing unit integration regression watch guard guards error errors failure p95 rate version tag notification notifications soak bake monitoring rollback health a an ten five fifteen thirty twenty one two sanity e2e max maximum threshold limit',
);

/** Cuts a laid-out text into clauses: at sentence ends, at subordinators, and at joiners that begin a new predicate. */
export function splitClauses(laid: readonly Laid[]): Clause[] {
  const out: Clause[] = [];
  let at = 0;
  while (at < laid.length) {
    const sentence = laid[at]?.sentence;
    let end = at;
    while (end < laid.length && laid[end]?.sentence === sentence) end += 1;
    splitSentence(laid.slice(at, end), out);
    at = end;
  }
  return out;
}

interface Open {
  tokens: Token[];
  /** Holds more than courtesies and joiners. */
  filled: boolean;
  /** Names a service or an environment. */
  named: boolean;
  /** Has a verb of ours. */
  acts: boolean;
  lead: Lead;
  word: string;
}

function opened(lead: Lead, word: string): Open {
  return { tokens: [], lead, word, filled: false, named: false, acts: false };
}

function take(open: Open, token: Token): void {
  open.tokens.push(token);
  open.filled ||= !(POLITE.has(token.text) || token.kind === 'punct' || JOINERS.has(token.text));
  open.named ||= token.environments.length > 0 || token.services.length > 0;
  open.acts ||= verbOf(token.text, 'deploy', 'rollback', 'test', 'build', 'move') !== undefined;
}

function splitSentence(sentence: readonly Laid[], out: Clause[]): void {
  const first = sentence[0];
  if (first === undefined) return;
  const tokens = sentence.map((item) => item.token);
  let open = opened('start', '');
  const close = (lead: Lead, word: string, told: boolean) => {
    if (open.tokens.length > 0)
      out.push({
        tokens: open.tokens,
        lead: open.lead,
        word: open.word,
        sentence: first.sentence,
        question: first.question,
        told,
      });
    open = opened(lead, word);
  };
  const asides = findAsides(tokens);
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    const told = sentence[at]?.told === true;
    const aside = asides.get(at);
    if (token === undefined) break;
    if (aside !== undefined) {
      const resume: Open = open;
      out.push({
        tokens: tokens.slice(at + 1, aside.end),
        lead: told ? 'relative' : 'aside',
        word: token.text,
        sentence: first.sentence,
        question: first.question,
        told: told || aside.quoted,
      });
      open = resume;
      at = aside.end + 1;
      continue;
    }
    const cut = breakAt(tokens, at, open);
    if (cut !== null) {
      close(cut.lead, cut.word, told);
      at += cut.skip;
      if (cut.skip > 0) continue;
    }
    const here = tokens[at];
    if (here !== undefined) take(open, here);
    at += 1;
  }
  close('start', '', sentence.at(-1)?.told === true);
}

interface Aside {
  readonly end: number;
  readonly quoted: boolean;
}

/** Brackets and quotes that hold a sentence of their own; those around a name or a value are looked through. */
function findAsides(tokens: readonly Token[]): Map<number, Aside> {
  const found = new Map<number, Aside>();
  const closing: Record<string, string> = { '(': ')', '"': '"', '`': '`', '\u300c': '\u300d' };
  const last = new Map<string, number>();
  for (const [index, token] of tokens.entries()) if (token.kind === 'punct') last.set(token.text, index);
  let at = 0;
  while (at < tokens.length) {
    const end = tokens[at]?.kind === 'punct' ? closing[tokens[at]?.text ?? ''] : undefined;
    const close = end === undefined || (last.get(end) ?? -1) <= at ? -1 : findClose(tokens, at + 1, end);
    if (close > 0) {
      const inner = tokens.slice(at + 1, close);
      const whole = at === 0 && close >= tokens.length - 2;
      const quoted = end !== ')';
      if (!whole && (quoted ? inner.length > 3 && inner.some((token) => isBase(token.text)) : speaks(inner)))
        found.set(at, { end: close, quoted });
      at = close;
    }
    at += 1;
  }
  return found;
}

function findClose(tokens: readonly Token[], from: number, text: string): number {
  for (let at = from; at < tokens.length && at < from + 80; at += 1) if (isPunct(tokens[at], text)) return at;
  return -1;
}

function speaks(inner: readonly Token[]): boolean {
  return inner.some(
    (token) =>
      token.kind === 'word' &&
      token.environments.length === 0 &&
      token.services.length === 0 &&
      (isFinite_(token.text) || BE.has(token.text) || SUBJECTS.has(token.text) || isBase(token.text)),
  );
}

interface Cut {
  readonly lead: Lead;
  readonly word: string;
  readonly skip: number;
}

function breakAt(tokens: readonly Token[], at: number, open: Open): Cut | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (resumesPlaces(tokens, at, open)) return { lead: 'comma', word: token.text, skip: 1 };
  if (isPunct(token, '-', '\u2014') && token.spaced && tokensState(tokens, at + 1))
    return { lead: 'start', word: token.text, skip: 1 };
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

/** " - the alert about disk space is unrelated": a remark of its own. */
function tokensState(tokens: readonly Token[], from: number): boolean {
  const third = verbsOf(tokens[from]?.text ?? '').some((verb) => verb.form === 'third');
  if (
    tokens[from]?.spaced === true &&
    third &&
    tokens[from]?.services.length === 0 &&
    !STEP_NOUNS.has(tokens[from]?.text ?? '')
  )
    return true;
  if (
    tokens[from]?.spaced !== true ||
    !(DETERMINERS.has(tokens[from]?.text ?? '') || SUBJECTS.has(tokens[from]?.text ?? ''))
  )
    return false;
  for (const token of tokens.slice(from, from + 12)) {
    if (token.kind === 'punct') return false;
    if (token.kind === 'word' && (BE.has(token.text) || isFinite_(token.text))) return true;
  }
  return false;
}

/** " - approved by Jane on Friday", ", tested in staging": said of the release, not to us. */
function isParticiple(tokens: readonly Token[], at: number): boolean {
  if (!isPunct(tokens[at], ',', '\u2014', '-') || tokens[at + 1]?.spaced !== true) return false;
  const [next, after] = [tokens[at + 1], tokens[at + 2]];
  return (
    next?.kind === 'word' &&
    next.text !== 'followed' &&
    next.text.endsWith('ed') &&
    isFinite_(next.text) &&
    isWord(after, 'by', 'in', 'on', 'at', 'from', 'yesterday', 'today', 'and', 'this', 'last')
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

/** "with the new search page", "including the fix": what the release has, not what we are to do. */
function isAside(tokens: readonly Token[], at: number, token: Token): boolean {
  if (
    !['with', 'including', 'containing', 'featuring', 'fixing', 'adding', 'incl', 'due', 'despite'].includes(
      token.text,
    )
  )
    return false;
  if (
    token.text === 'despite' ||
    isWord(tokens[at - 1], 'continue', 'proceed', 'replace', 'go', 'start', 'begin', 'on', 'ahead')
  )
    return false;
  const first = DETERMINERS.has(tokens[at + 1]?.text ?? '') ? tokens[at + 2] : tokens[at + 1];
  if (
    first !== undefined &&
    first.environments.length > 0 &&
    isWord(tokens[at - 1], 'start', 'starting', 'begin', 'beginning', 'on')
  )
    return false;
  for (let next = at + 1; next < Math.min(tokens.length, at + 4); next += 1) {
    const word = tokens[next];
    if (
      word === undefined ||
      word.kind === 'version' ||
      word.kind === 'duration' ||
      word.kind === 'rate' ||
      word.kind === 'number' ||
      word.kind === 'amount'
    )
      return false;
    if (word.kind === 'word' && STEP_NOUNS.has(word.text) && !isWord(word, 'a', 'an')) return false;
  }
  return true;
}

function isPurpose(tokens: readonly Token[], at: number, open: Open): boolean {
  const next = tokens[at + 1];
  if (next === undefined || next.environments.length > 0 || next.services.length > 0 || !isBase(next.text))
    return false;
  return (
    open.acts &&
    verbOf(next.text, 'deploy', 'rollback') === undefined &&
    !isWord(
      tokens[at - 1],
      'need',
      'needs',
      'want',
      'like',
      'have',
      'has',
      'ready',
      'forget',
      'remember',
      'not',
      'going',
      'try',
      'sure',
      'careful',
    )
  );
}

/** Missing punctuation: "prod is broken roll back checkout", "if errors spike restart the pods". */
function isRunOn(tokens: readonly Token[], at: number, token: Token, open: Open): boolean {
  if (token.services.length > 0 && open.tokens.length < 2) return false;
  const before = tokens[at - 1];
  if (
    before === undefined ||
    isPunct(before, ':', '/', '-', '[', '(', '@', '!', '=', ']', '"', '`') ||
    before.kind === 'arrow'
  )
    return false;
  const verb = verbOf(
    token.text,
    'deploy',
    'rollback',
    'tell',
    'run',
    'leave',
    'watch',
    'other',
    'move',
    'keep',
    'test',
    'build',
  );
  const orders = verb?.form === 'base' || isRollBack(tokens, at);
  if (!orders) return false;
  if (
    BEFORE_VERB_NOT.has(before.text) ||
    DETERMINERS.has(before.text) ||
    SUBJECTS.has(before.text) ||
    MODALS.has(before.text) ||
    POLITE.has(before.text) ||
    before.text === 'do' ||
    before.text === "let's" ||
    isBase(before.text)
  )
    return false;
  if (before.text.endsWith("n't") || isWord(before, 's', "'s")) return false;
  if ([1, 2, 3].some((step) => isGranting(tokens[at - step]))) return false;
  const next = tokens[at + 1];
  if (token.text === 'run' && before.environments.length > 0 && isWord(open.tokens[0], 'make', 'have', 'let'))
    return false;
  if (before.services.length > 0 && next?.kind === 'version' && verb?.class !== 'rollback') return false;
  const goesOn =
    (open.lead === 'condition' || open.lead === 'time') &&
    next !== undefined &&
    GOES_ON.has(token.text) &&
    (next.environments.length > 0 || isWord(next, 'to', 'with', 'on', 'ahead', 'in', 'live'));
  if (goesOn) return true;
  const object = isRollBack(tokens, at) || (next !== undefined && takesObject(next));
  if (!object) return false;
  if (verb?.class === 'other' && next?.kind === 'version') return false;
  return open.lead === 'condition' || open.lead === 'time' || verb?.class !== 'move';
}

function isGranting(token: Token | undefined): boolean {
  return (
    isWord(token, 'allows', 'enables', 'helps', 'makes', 'let') ||
    (isWord(token, "let's") && token?.raw === 'lets')
  );
}

function isRollBack(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], 'roll', 'back', 'go') && isWord(tokens[at + 1], 'back', 'out');
}

function takesObject(token: Token): boolean {
  if (
    token.services.length > 0 ||
    token.kind === 'version' ||
    token.kind === 'channel' ||
    token.kind === 'mention'
  )
    return true;
  return (
    token.kind === 'word' &&
    (DETERMINERS.has(token.text) ||
      OBJECT_PRONOUNS.has(token.text) ||
      ['us', 'me', 'them', 'smoke', 'tests'].includes(token.text))
  );
}

/** Does a new clause begin here: a predicate, or a subject that has one? */
function startsClause(tokens: readonly Token[], from: number): boolean {
  if (isWord(tokens[from], 'maybe', 'perhaps', 'possibly')) return true;
  if (startsPredicate(tokens, from)) return true;
  let at = from;
  while (SKIPPED.has(tokens[at]?.text ?? '')) at += 1;
  const subject = tokens[at];
  if (
    subject === undefined ||
    (subject.kind !== 'word' && subject.kind !== 'version') ||
    PREPOSITIONS.has(subject.text)
  )
    return false;
  for (let step = 1; step <= 4; step += 1) {
    const token = tokens[at + step];
    if (
      token === undefined ||
      token.kind === 'punct' ||
      token.kind === 'arrow' ||
      PREPOSITIONS.has(token.text) ||
      JOINERS.has(token.text)
    )
      return false;
    if (
      token.kind === 'word' &&
      (BE.has(token.text) || MODALS.has(token.text) || FINITE.has(token.text) || isFinite_(token.text))
    )
      return true;
  }
  return false;
}

function startsPredicate(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (SKIPPED.has(tokens[at]?.text ?? '') && (tokens[at]?.environments.length ?? 0) === 0) at += 1;
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word') return token?.kind === 'mention';
  const next = tokens[at + 1];
  if (
    token.services.length > 0 &&
    !tellsSomebody(tokens, at) &&
    !(next !== undefined && next.services.length > 0)
  )
    return false;
  if (isWord(token, 'back') && !isWord(tokens[at - 1], 'go') && isWord(next, 'on', 'to', 'in', 'into', 'at'))
    return false;
  if (token.environments.length > 0) return isBase(token.text) && next !== undefined && takesObject(next);
  if (
    SUBJECTS.has(token.text) ||
    MODALS.has(token.text) ||
    isWord(token, "don't", 'never', 'do', "let's", 'without', 'no')
  )
    return !(token.text === 'that' && next === undefined);
  if (CONDITION.has(token.text) || REASON.has(token.text)) return true;
  if (isWord(token, 'not') && isWord(next, 'to')) return true;
  if (!isBase(token.text) && verbSlip(token.text) === null) return false;
  return !isNounUse(token, next);
}

/** "… and release notes", "tests and build pipelines": a word that could be a verb, before a noun. */
function isNounUse(token: Token, next: Token | undefined): boolean {
  if (next === undefined || next.kind !== 'word') return false;
  return (
    [
      'release',
      'build',
      'test',
      'deploy',
      'rollback',
      'log',
      'check',
      'report',
      'update',
      'access',
      'support',
      'watch',
    ].includes(token.text) &&
    [
      'notes',
      'pipeline',
      'pipelines',
      'plan',
      'plans',
      'process',
      'failed',
      'was',
      'is',
      'server',
      'time',
      'times',
      'train',
      'branch',
      'results',
      'rate',
      'numbers',
      'number',
      'candidate',
      'manager',
      'window',
      'page',
      'for',
      'of',
    ].includes(next.text)
  );
}
