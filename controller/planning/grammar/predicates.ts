import { JOINERS, type Open } from './open-clause.js';
import { tellsSomebody } from './telling.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbSlip } from './typos.js';
import { isBase, verbOf } from './verbs.js';
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

export const CONDITION = words('if when whenever once unless until till provided assuming');

export const REASON = words('because since although though whereas cause cuz bc while');

const BEFORE_VERB_NOT = words(
  'to for of in on at with from by after before about than as not never no maybe perhaps probably possibly eventually smoke sanity unit integration e2e regression',
);

export const SKIPPED = words(
  'then also please just finally afterwards afterward immediately subsequently next later now kindly pls directly automatically simply only and so go ahead lastly first instead maybe perhaps either both quickly',
);

const GOES_ON = words('continue proceed go move promote deploy ship roll release advance progress push');

/** Missing punctuation: "prod is broken roll back checkout", "if errors spike restart the pods". */
export function isRunOn(tokens: readonly Token[], at: number, token: Token, open: Open): boolean {
  if (token.services.length > 0 && open.tokens.length < 2) return false;
  const before = tokens[at - 1];
  if (
    before === undefined ||
    isPunct(before, ':', '/', '-', '[', '(', '@', '!', '=', ']', '"', '`') ||
    before.kind === 'arrow'
  )
    return false;
  // "Apple Pay": a name of two words.
  if (/^\p{Lu}\p{Ll}/u.test(token.raw) && /^\p{Lu}\p{Ll}/u.test(before.raw)) return false;
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
  // "that memory leak": what stands behind a determiner is a noun.
  const noun =
    DETERMINERS.has(tokens[at - 2]?.text ?? '') &&
    before.kind === 'word' &&
    verbOf(before.text) === undefined;
  if (noun && verb?.class === 'other') return false;
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

/** "signups fail with a 500": what things do that are many. */
const FAILS = words('fail hang crash break die stall disappear');

/** Does a new clause begin here: a predicate, or a subject that has one? */
export function startsClause(tokens: readonly Token[], from: number): boolean {
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
  if (subject.kind === 'word' && /[a-z]s$/.test(subject.text) && FAILS.has(tokens[at + 1]?.text ?? ''))
    return true;
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

export function startsPredicate(tokens: readonly Token[], from: number): boolean {
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
  if (isWord(token, 'tag') && next?.kind === 'version' && endsAfter(tokens, at + 2)) return false;
  if (isWord(token, 'not') && isWord(next, 'to')) return true;
  if (!isBase(token.text) && verbSlip(token.text) === null) return false;
  return !isNounUse(token, next);
}

/** "build admissions, tag v9.1.0": which one, and no order to tag. */
function endsAfter(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return (
    token === undefined ||
    token.kind === 'punct' ||
    token.kind === 'newline' ||
    isWord(token, 'to', 'in', 'on')
  );
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
