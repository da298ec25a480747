import type { PostStep } from '../../domain/intent.js';
import type { Reading } from './reading.js';
import { tellsSomebody } from './telling.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbOf, verbsOf } from './verbs.js';
import { DETERMINERS, words } from './words.js';

export interface StepMention {
  readonly step: PostStep;
  readonly wanted: boolean;
  readonly token: Token;
}

const LEAVES = words(
  "without no not skip skipping omit omitting minus sans w/o avoid don't never exclude excluding nor neither",
);
const OFF = words('no none skip off false disabled skipped n never');
const TEST_KINDS = words(
  'unit integration e2e end-to-end regression acceptance functional api contract full whole complete automated existing entire ui system usual standard test',
);
const PEOPLE = words(
  'team teams us me everyone everybody channel slack them him her people stakeholders folks support ops oncall on-call customers qa owner owners devs dev crew lead leads manager sre sres all group author management engineers engineering pm product users marketing sales security release company anyone office mailing teams guild guilds desk helpdesk colleague colleagues board squad squads tribe chapter nurses doctors managers leader leaders head heads director directors supervisor supervisors coordinator coordinators department departments dept division ward wards reception dispatcher dispatchers staff committee council representatives reps clinicians physicians surgeons midwives partners vendors suppliers auditors lawyers drivers pilots teachers students cashiers traders brokers advisers advisors moderators players subscribers passengers guests',
);
const NOTES = words(
  'message note notification notifications heads-up headsup update announcement email mail line word summary notice ping msg status report shout-out shoutout memo',
);
const NOT_TESTS = words(
  'environment env data results result page user users bed plan plans coverage account accounts cluster server pipeline runner failure failures report reports case cases database db namespace',
);

/** Finds tests, smoke tests and notifications in a clause, in order. `conditional`: do conditions on them count as asking for them? */
export function scanSteps(reading: Reading, conditional: boolean, next?: Reading): StepMention[] {
  const { mood, tokens } = reading;
  if (mood === 'context' || mood === 'ask' || mood === 'muse') return [];
  if (mood === 'state' && !isObligation(tokens)) return [];
  if (mood === 'condition' && !conditional) return [];
  const out: StepMention[] = [];
  const leaves = leavesOut(reading);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const step = token === undefined ? null : stepAt(reading, at);
    if (step === null || token === undefined) continue;
    if (step === 'notify' && (mood === 'condition' || (isWord(token, 'let') && isPleasantly(next)))) continue;
    const wanted = !(leaves || leftOut(tokens, at) || OFF.has(labelValue(tokens, at)));
    out.push({ step, wanted, token });
  }
  return out;
}

/** "the smoke tests must pass": they are asked for. */
function isObligation(tokens: readonly Token[]): boolean {
  const must = tokens.findIndex((token) => isWord(token, 'must', 'should', 'need', 'have', 'shall'));
  return (
    must > 0 &&
    tokens
      .slice(must + 1, must + 4)
      .some((token) => isWord(token, 'pass', 'succeed', 'green', 'run', 'complete'))
  );
}

/** "skip the tests" leaves out, "don't skip the tests" does not. */
function leavesOut(reading: Reading): boolean {
  const skips = reading.verb?.class === 'leave';
  return reading.mood === 'forbid' ? !skips : skips && reading.mood === 'order';
}

function leftOut(tokens: readonly Token[], at: number): boolean {
  for (let step = 1; step <= 5; step += 1) {
    const token = tokens[at - step];
    if (token === undefined || isPunct(token, ',', ':') || isWord(token, 'but', 'then', 'only')) return false;
    if (token.kind === 'word' && LEAVES.has(token.text))
      return (
        !isWord(tokens[at - step + 1], 'only', 'just', 'forget') &&
        !isWord(tokens[at - step - 1], "don't", 'not', 'never')
      );
    if (token.environments.length > 0 || token.services.length > 0) return false;
  }
  return false;
}

function labelValue(tokens: readonly Token[], at: number): string {
  let next = at + 1;
  while (isWord(tokens[next], 'tests', 'test', 'checks', 'suite')) next += 1;
  return isPunct(tokens[next], ':', '=') ? (tokens[next + 1]?.text ?? '') : '';
}

function stepAt(reading: Reading, at: number): PostStep | null {
  const { tokens } = reading;
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word') return null;
  if (isSmoke(tokens, at)) return 'smoke_tests';
  if (isTests(reading, at)) return 'run_tests';
  const meant = token.services.length === 0 || tellsSomebody(tokens, at);
  return meant && notifies(reading, at) ? 'notify' : null;
}

function isSmoke(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (isWord(token, 'smoketest', 'smoketests', 'smoketesting')) return true;
  if (isWord(token, 'smoke', 'smoek', 'smke', 'somke'))
    return (
      isWord(
        tokens[at + 1],
        'test',
        'tests',
        'testing',
        'check',
        'checks',
        'suite',
        'it',
        'tested',
        'tets',
        'tset',
        'run',
      ) ||
      tokens[at + 1] === undefined ||
      tokens[at + 1]?.kind === 'punct' ||
      (tokens[at + 1]?.services.length ?? 0) > 0 ||
      isWord(tokens[at + 1], 'and', 'then', 'in', 'on', 'after', 'afterwards', 'them', 'both', 'the')
    );
  return isWord(token, 'sanity') && isWord(tokens[at + 1], 'test', 'tests', 'check', 'checks', 'checked');
}

function isTests(reading: Reading, at: number): boolean {
  const { tokens } = reading;
  const token = tokens[at];
  const next = tokens[at + 1];
  if (
    token === undefined ||
    isWord(
      tokens[at - 1],
      'smoke',
      'sanity',
      'load',
      'stress',
      'pen',
      'penetration',
      'ab',
      'a/b',
      'smoek',
      'smke',
      'somke',
    )
  )
    return false;
  if (next !== undefined && next.kind === 'word' && NOT_TESTS.has(next.text)) return false;
  if (isWord(token, 'tests', 'testsuite', 'tets', 'testsuites'))
    return token.services.length === 0 && token.environments.length === 0;
  if (isWord(token, 'test') && isWord(next, 'suite', 'suites', 'run')) return true;
  if (
    isWord(token, 'suite', 'suites') &&
    TEST_KINDS.has(tokens[at - 1]?.text ?? '') &&
    !isWord(tokens[at - 1], 'test')
  )
    return token.services.length === 0;
  if (!isWord(token, 'test', 'testing', 'tested', 'retest')) return false;
  if (token.services.length > 0 && at !== reading.at) return false;
  if (at === reading.at) return reading.verb?.class === 'test' && !isWord(next, 'suite');
  if (token.environments.length > 0) return false;
  return DETERMINERS.has(tokens[at - 1]?.text ?? '') || TEST_KINDS.has(tokens[at - 1]?.text ?? '')
    ? reading.verb?.class === 'run' || TEST_KINDS.has(tokens[at - 1]?.text ?? '')
    : reading.verb?.class === 'test' && reading.at === at;
}

function notifies(reading: Reading, at: number): boolean {
  const { tokens, mood, verb } = reading;
  const token = tokens[at];
  if (token === undefined || mood === 'condition') return false;
  if (isWord(token, 'notification', 'notifications')) return at !== reading.at;
  if (at !== reading.at) return isInline(tokens, at);
  if (mood === 'name' && isWord(token, 'notify')) return true;
  return (
    verb !== null &&
    verbsOf(verb.lemma).some((reading_) => reading_.class === 'tell') &&
    isTelling(tokens, at, verb.lemma)
  );
}

function isInline(tokens: readonly Token[], at: number): boolean {
  if (
    isWord(tokens[at], 'notify', 'notifying', 'pinging', 'informing', 'announcing', 'alerting', 'messaging')
  )
    return true;
  const announces =
    isWord(tokens[at], 'heads-up', 'headsup', 'announcement') && !isPunct(tokens[at + 1], ':');
  return announces && verbOf(tokens[0]?.text ?? '') !== undefined && !isWord(tokens[at - 1], 'a');
}

/** Is this order one to tell somebody something? The verb alone says so, or what it takes does. */
export function isTelling(tokens: readonly Token[], at: number, lemma: string): boolean {
  const rest = tokens.slice(at + 1, at + 10);
  if (lemma === 'let') return rest.some((token) => isWord(token, 'know')) && !isPleasantry(rest);
  if (handsOver(rest)) return false;
  if (
    lemma === 'notify' ||
    lemma === 'announce' ||
    lemma === 'ping' ||
    lemma === 'inform' ||
    lemma === 'slack' ||
    lemma === 'alert' ||
    lemma === 'broadcast'
  )
    return true;
  if (lemma === 'tell')
    return (
      (rest.some(isRecipient) || isPersonsName(rest[0]) || rest.slice(0, 3).some(isProfession)) &&
      !rest.some((token) => isWord(token, 'joke', 'password', 'story', 'secret'))
    );
  if (lemma === 'email' || lemma === 'mail' || lemma === 'message' || lemma === 'page' || lemma === 'update')
    return rest.slice(0, 4).some(isRecipient);
  if (lemma === 'report')
    return rest.some((token) => isWord(token, 'back', 'in')) || rest.some(isRecipient) || rest.length === 0;
  if (lemma === 'drop')
    return rest.slice(0, 4).some((token) => token.kind === 'word' && NOTES.has(token.text));
  const noted = rest.some((token) => token.kind === 'word' && NOTES.has(token.text));
  if (lemma === 'shout' && rest.length === 0) return true;
  if (['send', 'give'].includes(lemma)) return noted;
  return noted || rest.some(isRecipient);
}

/** "let me know if you have any questions". */
function isPleasantly(next: Reading | undefined): boolean {
  return next?.mood === 'condition' && isPleasantry(next.tokens);
}

/** "tell Sam". */
function isPersonsName(token: Token | undefined): boolean {
  return token?.kind === 'word' && token.services.length === 0 && /^\p{Lu}\p{Ll}+$/u.test(token.raw);
}

/** "the pharmacists", "our physicians". */
function isProfession(token: Token): boolean {
  return (
    token.kind === 'word' &&
    token.services.length === 0 &&
    /(?:ists|icians|ologists|keepers|testers)$/.test(token.text)
  );
}

function isRecipient(token: Token): boolean {
  return (
    token.kind === 'channel' || token.kind === 'mention' || (token.kind === 'word' && PEOPLE.has(token.text))
  );
}

const TOLD = words(
  'result results outcome status link summary news rest people support oncall release rollout deploy deployment progress',
);

/** "email me the customer list", "post the logs": things are handed out, nobody is told. */
function handsOver(rest: readonly Token[]): boolean {
  for (let at = 0; at < Math.min(rest.length, 3); at += 1) {
    const [token, noun] = [rest[at], rest[at + 1]];
    if (isWord(token, 'how', 'what', 'when', 'if', 'whether', 'once', 'that')) return false;
    if (token === undefined || !isWord(token, 'the', 'all', 'our', 'your', 'every')) continue;
    const named =
      noun === undefined || noun.kind !== 'word' || noun.services.length > 0 || noun.environments.length > 0;
    return !(
      named ||
      rest
        .slice(at + 1, at + 4)
        .some(
          (later) =>
            PEOPLE.has(later.text) || NOTES.has(later.text) || TOLD.has(later.text) || isProfession(later),
        )
    );
  }
  return false;
}

function isPleasantry(rest: readonly Token[]): boolean {
  return rest.some((token) =>
    isWord(
      token,
      'questions',
      'question',
      'need',
      'concerns',
      'thoughts',
      'objections',
      'unclear',
      'think',
      'anything',
    ),
  );
}
