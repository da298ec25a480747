import { ENVIRONMENT_WORDS, type NameIndex } from './names.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbsOf } from './verbs.js';
import { CONJUNCTIONS, DETERMINERS, ENV_PREPOSITIONS, words } from './words.js';

export interface EnvironmentMention {
  /** One when clear; several when the word may mean any of them. */
  readonly names: readonly string[];
  readonly role: 'target' | 'source' | 'excluded';
  readonly place: 'next' | 'front' | 'before-last';
  readonly token: Token;
}

export interface EnvironmentScan {
  readonly mentions: readonly EnvironmentMention[];
  /** "all environments", "everywhere". */
  readonly all: Token | null;
  readonly only: boolean;
  /** Alternatives ("staging or production"). */
  readonly either: boolean;
  /** Words that stand where an environment should and are none of the catalog's. */
  readonly unknown: readonly Token[];
}

const ATTRIBUTE_OF = words(
  `database databases db dbs url urls traffic users user customers customer incident incidents outage outages data bug bugs config configs configuration logs log account accounts team teams dashboard dashboards alerts
  alert tests test issue issues error errors credentials secrets secret password passwords key keys readiness ready-ness approval approvals freeze schema table tables numbers results result metrics metric support hours release-train
  problem problems fire fires failure failures monitoring backup backups crash crashes deploys deployments deploys load watch requests`,
);
const BUILD_OF = words('build builds image version release tag artifact');
const ENDS_EXCLUSION = words('but only just then to instead rather so');
const EXCLUDES = words(
  'not except excluding without minus skip skipping avoid never no exclude omit besides neither nor leave',
);

/** Finds the environments that a clause names, and what part each plays in it. */
export function scanEnvironments(tokens: readonly Token[], index: NameIndex): EnvironmentScan {
  const mentions: EnvironmentMention[] = [];
  const unknown: Token[] = [];
  let all: Token | null = null;
  let [only, either, excluding, source] = [false, false, false, false];
  let excluded = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (
      isPunct(token, ',') ||
      (token.kind === 'word' &&
        ENDS_EXCLUSION.has(token.text) &&
        !isNot(tokens, at + 1) &&
        !(isWord(token, 'to') && excluded === 0))
    ) {
      excluding = excluding && isPunct(token, ',') && continuesExclusion(tokens, at + 1);
    }
    if (
      token.kind === 'word' &&
      EXCLUDES.has(token.text) &&
      !isWord(tokens[at + 1], 'only', 'later', 'longer')
    )
      excluding = true;
    if (
      isWord(token, 'but') &&
      isWord(
        tokens[at - 1],
        'environments',
        'environment',
        'envs',
        'env',
        'everywhere',
        'everything',
        'all',
        'stages',
        'stage',
        'anywhere',
        'anything',
      )
    )
      excluding = true;
    if (token.text.endsWith("n't")) excluding = true;
    if (isWord(token, 'nothing') && isWord(tokens[at + 1], 'to', 'in', 'on', 'into', 'onto', 'for', 'at'))
      excluding = true;
    if (isWord(token, 'than') && isWord(tokens[at - 1], 'other')) excluding = true;
    if (isWord(token, 'from') && isWord(tokens[at - 1], 'apart', 'aside')) excluding = true;
    if (isWord(token, 'instead', 'rather') && isWord(tokens[at + 1], 'of', 'than')) excluding = true;
    if (isWord(token, 'from') || (isWord(token, 'out') && isWord(tokens[at + 1], 'of'))) source = true;
    if (isWord(token, "what's", 'whatever', 'what') && !isWord(tokens[at + 2], 'need', 'want')) source = true;
    if (isWord(token, 'to', 'onto', 'into') || token.kind === 'arrow' || isPunct(token, ':')) source = false;
    if (isWord(token, 'only', 'just', 'solely', 'exclusively') && nearEnvironment(tokens, at)) only = true;
    all ??= allAt(tokens, at);
    if (token.environments.length > 0 && counts(tokens, at)) {
      const from = source || isBuildOf(tokens, at) || isWhereItIs(tokens, at);
      const role = excluding ? 'excluded' : from ? 'source' : 'target';
      if (role === 'excluded') excluded += 1;
      mentions.push({ names: token.environments, role, place: placeOf(tokens, at, mentions.length), token });
      source = source && isWord(tokens[at + 1], 'and', 'or');
      either ||= isWord(tokens[at + 1], 'or') && (tokens[at + 2]?.environments.length ?? 0) > 0;
    } else if (token.environments.length === 0 && isUnknown(tokens, at, mentions)) unknown.push(token);
  }
  void index;
  return { mentions, all, only, either, unknown };
}

function isNot(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], 'not', 'never', 'no');
}

/** "not dev, test or qa": a list goes on unless it turns positive. */
function continuesExclusion(tokens: readonly Token[], at: number): boolean {
  return (tokens[at]?.environments.length ?? 0) > 0 && isWord(tokens[at + 1], 'or', 'nor', 'and');
}

function nearEnvironment(tokens: readonly Token[], at: number): boolean {
  for (const step of [-1, 1, 2, 3]) if ((tokens[at + step]?.environments.length ?? 0) > 0) return true;
  return false;
}

function allAt(tokens: readonly Token[], at: number): Token | null {
  const token = tokens[at];
  if (isWord(token, 'everywhere')) return token ?? null;
  if (!isWord(token, 'all', 'every', 'each', 'both')) return null;
  let next = at + 1;
  while (isWord(tokens[next], 'of', 'the', 'our', 'its', 'other', 'these', 'two', 'three', 'four')) next += 1;
  const noun = tokens[next];
  return isWord(noun, 'environments', 'environment', 'envs', 'env', 'stages') ? (noun ?? null) : null;
}

/** Is an environment's word used as one here? Words such as "test" or "live" need a place where only an environment fits. */
function counts(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const next = tokens[at + 1];
  if (token === undefined) return false;
  const after = next?.text === "'s" ? tokens[at + 2] : next;
  if (
    next?.text === "'s" &&
    after !== undefined &&
    after.kind === 'word' &&
    !isWord(after, 'environment', 'env')
  )
    return false;
  if (
    after !== undefined &&
    after.kind === 'word' &&
    ATTRIBUTE_OF.has(after.text) &&
    after.environments.length === 0 &&
    !(after.text === 'deploys') &&
    !stepsFollow(tokens, at + 1)
  )
    return false;
  if (
    verbsOf(token.text).length === 0 &&
    token.text !== 'live' &&
    token.text !== 'local' &&
    token.text !== 'edge'
  )
    return true;
  return isPlace(tokens, at);
}

/** "deploy to staging tests after" is rare; "in staging smoke tests" is not an attribute either. */
function stepsFollow(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], 'watch') && tokens[at + 1] !== undefined;
}

function isPlace(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (isWord(next, 'environment', 'env', 'first', 'only', 'cluster') || isPunct(next, ']')) return true;
  const before = tokens[at - 1];
  if (before === undefined) return false;
  if (tokens[at]?.text === 'live' && isWord(before, 'go', 'goes', 'it', 'going', 'be') === true) return true;
  if (
    tokens[at]?.text === 'live' &&
    (before.services.length > 0 || before.kind === 'version' || isWord(before, 'put', 'make', 'this', 'that'))
  )
    return true;
  if (before.kind === 'arrow' || isPunct(before, '/', '[', '(', ':', '=', '>', '|')) return true;
  if (before.kind === 'version') return true;
  if (before.services.length > 0 && (next === undefined || next.kind === 'punct')) return true;
  const article = before.kind === 'word' && DETERMINERS.has(before.text) ? tokens[at - 2] : before;
  if (
    article?.kind === 'word' &&
    (ENV_PREPOSITIONS.has(article.text) || isWord(article, 'only', 'just', 'not', 'after', 'before'))
  )
    return true;
  if (
    isPunct(before, ',') ||
    (before.kind === 'word' && CONJUNCTIONS.has(before.text)) ||
    isPunct(before, '&', '+')
  )
    return listed(tokens, at);
  return false;
}

function listed(tokens: readonly Token[], at: number): boolean {
  for (let step = 2; step <= 4; step += 1) if ((tokens[at - step]?.environments.length ?? 0) > 0) return true;
  const next = tokens[at + 1];
  if (next !== undefined && next.kind !== 'punct') return false;
  // "alpha, 10 min soak, beta, 10 min soak, live"
  for (let step = 5; step <= 8; step += 1) if ((tokens[at - step]?.environments.length ?? 0) > 0) return true;
  return false;
}

/** "is already in staging": where it runs, not where it is to go. */
function isWhereItIs(tokens: readonly Token[], at: number): boolean {
  const place = isWord(tokens[at - 1], 'the', 'our') ? at - 2 : at - 1;
  return (
    isWord(tokens[place], 'in', 'on', 'at') && isWord(tokens[place - 1], 'already', 'been', 'sits', 'sat')
  );
}

function isBuildOf(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next !== undefined && next.kind === 'word' && BUILD_OF.has(next.text);
}

function placeOf(tokens: readonly Token[], at: number, found: number): EnvironmentMention['place'] {
  const before = isWord(tokens[at - 1], 'the', 'our') ? tokens[at - 2] : tokens[at - 1];
  if (isWord(before, 'after') && found > 0 && !isWord(tokens[at + 1], 'first')) return 'before-last';
  const listedAfter = isWord(before, 'and') && (tokens[at - 2]?.environments.length ?? 0) > 0;
  if (listedAfter && found > 1 && isWord(tokens[at - 3], 'after')) return 'before-last';
  const next = tokens[at + 1];
  if (isWord(next, 'first') || (isWord(next, 'environment', 'env') && isWord(tokens[at + 2], 'first')))
    return 'front';
  if (isWord(before, 'first') && found > 0) return 'front';
  return 'next';
}

/** "to qa", "staging and uat": an environment's word that this catalog lacks, or a stranger in a list of environments. */
function isUnknown(tokens: readonly Token[], at: number, mentions: readonly EnvironmentMention[]): boolean {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token === undefined || before === undefined || token.kind !== 'word' || token.services.length > 0)
    return false;
  const the = before.kind === 'word' && DETERMINERS.has(before.text) ? tokens[at - 2] : before;
  const placed = the?.kind === 'word' && ['to', 'in', 'on', 'onto', 'into', 'against'].includes(the.text);
  if (placed || before.kind === 'arrow')
    return (
      isEnvironmentWord(token, tokens[at + 1]) ||
      (isWord(tokens[at + 1], 'environment', 'env', 'cluster') &&
        !isWord(token, 'the', 'all', 'every', 'each', 'both', 'other'))
    );
  const joined = isPunct(before, ',', '/', '&', '+') || isWord(before, 'and', 'then', 'or');
  if (!joined || mentions.length === 0 || (tokens[at - 2]?.environments.length ?? 0) === 0) return false;
  if (isEnvironmentWord(token, tokens[at + 1])) return true;
  const next = tokens[at + 1];
  const ends = next === undefined || (next.kind === 'punct' && !isPunct(next, '<', '>', '=', '≤', '≥'));
  return ends && verbsOf(token.text).length === 0 && !ORDINARY.has(token.text);
}

const ORDINARY = words(
  'please thanks pls thx ty tyvm tia asap now today only later cheers done both immediately too also first last it then nothing nowhere that this tests smoke us me everywhere again all finally verify vice-versa so on etc ok go good',
);

function isEnvironmentWord(token: Token, next: Token | undefined): boolean {
  const word = token.text.split('-')[0] ?? '';
  if (
    token.text === 'test' ||
    token.text === 'live' ||
    token.text === 'integration' ||
    token.text === 'performance' ||
    token.text === 'dev' ||
    token.text === 'edge' ||
    token.text === 'pilot' ||
    token.text === 'demo' ||
    token.text === 'shadow' ||
    token.text === 'blue' ||
    token.text === 'green'
  ) {
    return (
      next === undefined ||
      next.kind === 'punct' ||
      isWord(next, 'environment', 'env', 'and', 'then', 'first')
    );
  }
  return (
    ENVIRONMENT_WORDS.has(token.text) ||
    (ENVIRONMENT_WORDS.has(word) && token.text.includes('-')) ||
    /^non-?prod/.test(token.text)
  );
}
