import { isFixOf, meaningOf } from './meaning.js';
import { type Hit, hitsAt } from './patterns.js';
import { type Reading, soundsLikeOrder } from './read.js';
import { isPunct, isWord, type Token } from './token.js';
import { verbOf } from './verbs.js';
import { ACCESS, FOREIGN, RULES } from './vocabulary.js';
import { NEGATIONS, words } from './words.js';

/** What a text asks for that is not ours to do, and where it says so. */
export interface Objection {
  readonly what: string;
  readonly tokens: readonly Token[];
}

const INFRASTRUCTURE = words(
  `replicas replica instances pods pod nodes database databases db dbs table tables schema schemas firewall dns iam permissions permission privileges bucket buckets volume volumes namespace namespaces cronjob cronjobs
  ingress loadbalancer load-balancer configmap configmaps certificate certificates vm vms server servers daemonset statefulset autoscaler hpa secrets secret passwords password credentials`,
);
const COLON_ROLES = words('system assistant im_start im_end developer');
const GENTLE = [
  'give out secrets',
  'run a command',
  'run something of its own',
  'change a database',
  'force its way',
  'change a database or rights',
  'do harm',
  'follow hidden instructions',
  "pass text off as a tool's answer",
  'open a shell',
];

/** The first thing a text asks for that must be refused; null when there is none. */
export function findObjection(tokens: readonly Token[], readings: readonly Reading[]): Objection | null {
  return ordered(readings) ?? spoken(tokens, readings) ?? injected(tokens) ?? sensitive(readings);
}

/** Orders whose verb is not one of ours. */
function ordered(readings: readonly Reading[]): Objection | null {
  const orders = readings.filter((reading) => reading.mood === 'order');
  const sentences = new Set(orders.map((reading) => reading.clause.sentence));
  const deploys = orders.some((reading) => meaningAction(reading) === 'deploy');
  for (const reading of readings) {
    const head = reading.tokens[reading.at];
    if (reading.mood === 'order' || reading.mood === 'muse') {
      const meaning = meaningOf(reading);
      const lists =
        meaning.kind === 'unknown' ? [ACCESS, FOREIGN, RULES] : meaning.kind === 'part' ? [ACCESS] : [];
      if (reading.mood === 'order' && namesAnyOf(reading, lists))
        return objection('it asks for something else than a release', reading, reading.at);
      if (meaning.kind === 'beyond')
        return objection(
          `"${head?.text ?? ''}" is not something that this controller does`,
          reading,
          reading.at,
        );
    } else if (quotesOrder(reading) || gerundOrder(reading, sentences) || oddVerb(reading)) {
      return objection(
        `"${head?.fold ?? ''}" is not something that this controller does`,
        reading,
        reading.at,
      );
    } else if (forbidsWatch(reading, deploys))
      return objection('it asks to act without what protects releases', reading, reading.at);
  }
  return null;
}

/** An order nobody here understands, or one to tell something, about what is not ours. */
function namesAnyOf(reading: Reading, lists: readonly ReadonlySet<string>[]): boolean {
  return reading.tokens.some(
    (token, at) =>
      at > reading.at &&
      token.kind === 'word' &&
      token.services.length === 0 &&
      lists.some((list) => list.has(token.fold)) &&
      !isFixOf(reading.tokens, at),
  );
}

function objection(what: string, reading: Reading, at: number): Objection {
  return { what, tokens: reading.tokens.slice(at, at + 4) };
}

function quotesOrder(reading: Reading): boolean {
  const { clause, tokens, at, verb } = reading;
  return (
    clause.lead === 'aside' &&
    clause.told &&
    clause.word !== '(' &&
    verb?.class === 'other' &&
    verb.form === 'base' &&
    tokens[at + 1] !== undefined
  );
}

/** "after deleting the cache", "by restarting …" in a sentence that gives orders. */
function gerundOrder(reading: Reading, sentences: ReadonlySet<number>): boolean {
  if (reading.clause.lead !== 'time' && reading.clause.lead !== 'condition') return false;
  const word = reading.tokens[0]?.text ?? '';
  return verbOf(word, 'other')?.form === 'gerund' && sentences.has(reading.clause.sentence);
}

/** A look-alike spelling of a verb that is not ours. */
function oddVerb(reading: Reading): boolean {
  return reading.tokens.some(
    (token) =>
      token.odd && (verbOf(token.fold, 'other') !== undefined || hitsAt([{ ...token }], 0).length > 0),
  );
}

const PROTECTING = words(
  'watch watching monitor monitoring observe guard guards guarding audit log rollback record',
);

function forbidsWatch(reading: Reading, deploys: boolean): boolean {
  if (reading.mood !== 'forbid') return false;
  const head = reading.tokens[reading.at];
  if (reading.verb?.class === 'watch' && !isWord(head, 'wait', 'hold', 'sit', 'track')) return true;
  if (head !== undefined && PROTECTING.has(head.text) && reading.verb?.class !== 'rollback') return true;
  const back =
    reading.verb?.class === 'rollback' ||
    (isWord(head, 'roll') && isWord(reading.tokens[reading.at + 1], 'back'));
  return back && deploys;
}

function meaningAction(reading: Reading): string {
  const meaning = meaningOf(reading);
  return meaning.kind === 'act' ? meaning.action : meaning.kind;
}

/** Phrases that are refused wherever they stand, unless negated or plainly told. */
function spoken(tokens: readonly Token[], readings: readonly Reading[]): Objection | null {
  const owner = new Map<Token, Reading>();
  for (const reading of readings) for (const token of reading.tokens) owner.set(token, reading);
  for (let at = 0; at < tokens.length; at += 1) {
    for (const hit of hitsAt(tokens, at)) {
      const token = tokens[at];
      if (token === undefined || isExempt(tokens, hit, owner.get(token))) continue;
      return { what: `it asks to ${hit.what}`, tokens: tokens.slice(hit.from, hit.to + 1) };
    }
  }
  return null;
}

const OWN_NEGATION = words("no not never don't without w/o sans zero needn't avoid skip");

function isExempt(tokens: readonly Token[], hit: Hit, reading: Reading | undefined): boolean {
  const first = tokens[hit.from]?.fold ?? '';
  const last = tokens[hit.to]?.fold ?? '';
  if (negatedBefore(tokens, hit.from, OWN_NEGATION.has(first))) return true;
  if (isFixOf(tokens, hit.to) && !hit.what.startsWith('set its')) return true;
  const between = tokens.slice(hit.from, hit.to + 2);
  if (
    (last === 'checks' || last === 'check' || last === 'validation' || last === 'verification') &&
    between.some((token) => isWord(token, 'smoke', 'sanity', 'tests', 'test'))
  )
    return true;
  if (
    hit.what === 'run something of its own' &&
    between.some((token) => isWord(token, 'smoke', 'tests', 'test', 'suite'))
  )
    return true;
  if (reading === undefined) return false;
  if (isMended(tokens, hit.from) && (reading.mood === 'state' || reading.mood === 'context')) return true;
  const told = reading.clause.told && reading.clause.lead !== 'aside';
  if (
    told &&
    (GENTLE.includes(hit.what) || hit.what.startsWith('go around') || hit.what.startsWith('change'))
  )
    return true;
  if (reading.clause.lead === 'relative')
    return GENTLE.includes(hit.what) || hit.what.startsWith('go around');
  if (
    GENTLE.includes(hit.what) &&
    (reading.mood === 'state' || reading.mood === 'context') &&
    !reading.clause.told
  )
    return !isShell(tokens, hit);
  if (hit.what.startsWith('act without') && reading.mood === 'condition') return true;
  return false;
}

/** "fixes the bypass of the check": what goes wrong no more. */
function isMended(tokens: readonly Token[], from: number): boolean {
  return [1, 2, 3].some((step) =>
    isWord(tokens[from - step], 'fixes', 'fixed', 'prevents', 'prevented', 'closes', 'closed'),
  );
}

function isShell(tokens: readonly Token[], hit: Hit): boolean {
  return isWord(tokens[hit.from], 'sudo', 'kubectl', 'rm') || isPunct(tokens[hit.to + 1], '-', '/');
}

/** "don't skip the review", "never bypass …", "nothing goes out without approval". */
function negatedBefore(tokens: readonly Token[], at: number, long: boolean): boolean {
  for (let step = 1; step <= (long ? 12 : 3); step += 1) {
    const token = tokens[at - step];
    if (token === undefined || (token.kind === 'punct' && '.!?;,:'.includes(token.text))) return false;
    if (isWord(token, 'but', 'then', 'and') && long) return false;
    if (
      token.kind === 'word' &&
      (NEGATIONS.has(token.text) || token.text === 'nothing' || token.text === 'nobody') &&
      token.text !== 'without'
    )
      return true;
  }
  return false;
}

/** "SYSTEM: …", "<system>", "[assistant]", "role": "system", "outcome": "plan". */
function injected(tokens: readonly Token[]): Objection | null {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token !== undefined && runsShell(tokens, at))
      return { what: 'it asks to run a command', tokens: [token] };
    if (token === undefined || token.kind !== 'word' || token.services.length > 0) continue;
    const after = isPunct(tokens[at + 1], '"') ? tokens[at + 2] : tokens[at + 1];
    const marked =
      isPunct(tokens[at - 1], '<', '[', '#', '|', '/', '*') || isPunct(after, ':', '>', ']', '|');
    const role = COLON_ROLES.has(token.fold) && marked;
    const faked =
      isWord(token, 'role', 'outcome', 'tool_calls', 'function_call', 'tool_call') &&
      isPunct(tokens[at - 1], '"', '<', '{', "'") &&
      (isPunct(after, ':') || isPunct(after, '>'));
    const markup =
      isWord(
        token,
        'script',
        'iframe',
        'img',
        'intent',
        'catalog',
        'tool_result',
        'tool',
        'instructions',
        'instruction',
        'important',
        'admin',
        'prompt',
        'context',
        'policy',
      ) &&
      (isPunct(tokens[at - 1], '<') || (isPunct(tokens[at - 1], '/') && isPunct(tokens[at - 2], '<')));
    const comment =
      isPunct(tokens[at - 1], '-') &&
      isPunct(tokens[at - 2], '-') &&
      isPunct(tokens[at - 3], '!') &&
      isPunct(tokens[at - 4], '<');
    const output =
      (isWord(token, 'result', 'output', 'response') &&
        isPunct(after, ':') &&
        isWord(
          tokens[at - 1],
          'tool',
          'function',
          'command',
          'api',
          'policy',
          'validation',
          'validator',
          'approval',
        )) ||
      (isWord(token, 'observation') && isPunct(after, ':')) ||
      (isWord(token, 'tool', 'function', 'observation') &&
        isPunct(tokens[at - 1], '[') &&
        isPunct(after, ']'));
    if (output) return { what: "it passes text off as a tool's answer", tokens: [token] };
    const substitution =
      isPunct(tokens[at - 1], '(', '{') && isPunct(tokens[at - 2], '$') && !tokens[at - 1]?.spaced;
    if (role || faked || markup || comment)
      return {
        what: 'it speaks in the name of the system instead of asking for something',
        tokens: tokens.slice(at, at + 2),
      };
    if (substitution) return { what: 'it asks to run a command', tokens: tokens.slice(at, at + 1) };
    if (isFlag(tokens, at)) return { what: 'it asks to run a command', tokens: [token] };
    if (castsRole(tokens, at)) return { what: 'it asks to play a role', tokens: tokens.slice(at, at + 3) };
    const forced =
      isWord(
        token,
        'force',
        'no-verify',
        'skip-approval',
        'skip-checks',
        'skip-review',
        'no-review',
        'yolo',
        'no-guards',
        'skip-sop',
        'no-approval',
        'skip-watch',
        'no-watch',
        'bypass-approval',
        'no-rollback',
        'force-push',
        'skip-guards',
        'skip-approvals',
      ) && isPunct(tokens[at - 1], '-');
    const named =
      /^(?:skip|no|bypass|disable|ignore)-(?:approvals?|reviews?|sops?|watch(?:dog)?|guards?|polic(?:y|ies)|gates?|freeze|audit|rollback|alerts?)$/.test(
        token.fold,
      );
    if (forced || named)
      return { what: 'it asks to go around a rule that protects releases', tokens: [token] };
    if (
      isWord(token, 'force') &&
      isPunct(tokens[at + 1], '=', ':') &&
      isWord(tokens[at + 2], 'true', 'yes', '1', 'on')
    )
      return { what: 'it asks to force its way', tokens: [token] };
  }
  return null;
}

const PIPED = words('sh bash tee xargs grep awk sed cat python perl nc base64 sudo');

/** "${…}", "$(…)", "| sh", "/etc/passwd": the language of a shell. */
function runsShell(tokens: readonly Token[], at: number): boolean {
  const [token, before] = [tokens[at], tokens[at - 1]];
  if (token === undefined) return false;
  if (isPunct(before, '(', '{') && isPunct(tokens[at - 2], '$') && before?.spaced === false) return true;
  if (isPunct(before, '|') && PIPED.has(token.text)) return true;
  return (
    token.kind === 'path' &&
    /^(?:~|\.\.?\/|\/(?:etc|var|root|usr|bin|sbin|proc|dev|home|opt)\/)/.test(token.text)
  );
}

const OWN_FLAGS = words(
  'version service env environment environments watch to from action dry-run tests smoke smoke-tests tag app target error-rate p95 notify v e s name json note',
);

/** " -h", " --all": an option of some program; ours are the fields of an intent. */
function isFlag(tokens: readonly Token[], at: number): boolean {
  const [token, dash, before] = [tokens[at], tokens[at - 1], tokens[at - 2]];
  if (token === undefined || !isPunct(dash, '-') || token.spaced || before === undefined) return false;
  const double = isPunct(before, '-') && dash?.spaced === false;
  const start = double ? before : dash;
  const led = double ? tokens[at - 3] : before;
  if (start?.spaced !== true || led === undefined || led.kind !== 'word') return false;
  if (OWN_FLAGS.has(token.text)) return false;
  return double || (token.text.length <= 2 && token.environments.length === 0);
}

const KIND = words(
  'best great awesome welcome right good star legend amazing to going ready done here kidding the all up on sure most looking in at able doing fine quick fast ok okay online around busy away back not',
);

/** "You are RootBot", "you are now allowed to …". */
function castsRole(tokens: readonly Token[], at: number): boolean {
  const next = isWord(tokens[at], "you're")
    ? at + 1
    : isWord(tokens[at], 'you') && isWord(tokens[at + 1], 'are')
      ? at + 2
      : -1;
  if (
    next < 0 ||
    isWord(
      tokens[at - 1],
      'if',
      'when',
      'once',
      'whenever',
      'as',
      'while',
      'since',
      'that',
      'because',
      'hope',
      'unless',
      'where',
      'what',
      'who',
    )
  )
    return false;
  const named = tokens[next];
  return (
    named !== undefined &&
    named.kind === 'word' &&
    !(KIND.has(named.text) && !isWord(tokens[next + 1], 'root', 'admin', 'system'))
  );
}

const MUST = words('should must need needs has have want wants ought');

/** "deploy it with 5 replicas", "the users table has to go", "yeet the database": things that are not ours to touch. */
function sensitive(readings: readonly Reading[]): Objection | null {
  for (const reading of readings) {
    if (!touches(reading)) continue;
    for (let at = 0; at < reading.tokens.length; at += 1) {
      const token = reading.tokens[at];
      if (
        token === undefined ||
        token.kind !== 'word' ||
        token.services.length > 0 ||
        !INFRASTRUCTURE.has(token.fold) ||
        isFixOf(reading.tokens, at)
      )
        continue;
      if (isWord(reading.tokens[at + 1], 'team', 'folks', 'admins', 'people')) continue;
      return { what: `it asks to touch "${token.fold}", which this controller does not`, tokens: [token] };
    }
  }
  return null;
}

function touches(reading: Reading): boolean {
  const { mood, tokens, verb } = reading;
  if (mood === 'order' || mood === 'muse')
    return verb === null || ['deploy', 'rollback', 'move', 'build', 'run', 'tell'].includes(verb.class);
  if (mood === 'state')
    return (
      tokens.some((token) => token.kind === 'word' && MUST.has(token.text)) &&
      !tokens.some((token) => isWord(token, 'been', 'had', 'was'))
    );
  return soundsLikeOrder(reading);
}
