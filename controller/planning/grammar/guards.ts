import { unitSeconds } from './classify.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { words } from './words.js';

export type GuardField = 'errorRate' | 'latencyP95Ms' | 'watchMinutes';
export interface GuardMention {
  readonly field: GuardField;
  readonly value: number;
  readonly token: Token;
}

export interface GuardScan {
  readonly mentions: readonly GuardMention[];
  /** A bound that we cannot keep as it is put: the words it is put in. */
  readonly unclear: readonly Token[];
  /** A time in which to start, not to watch: "in 20 minutes". */
  readonly delay: Token | null;
}

const ERRORS = words(
  'error errors err errs failure failures fail fails failing failed 5xx 500s 5xxs 503s 502s errored erroring unsuccessful failrate errorrate error-rate failure-rate err-rate errorbudget',
);
const SUCCESS = words('success successes successful succeed succeeds availability uptime');
const LATENCY = words(
  'p95 latency latencies latencyp95 p95latency latency-p95 p95s percentile 95th slow slower slowest response responses ttfb longer respond responding 95p p95-latency p.95 q95 lag',
);
const OTHER_PERCENTILE = words(
  'p99 p50 p90 p99.9 p999 p75 99th 50th 90th median mean average avg p98 p100 99p',
);
const OTHER_METRIC = words(
  'cpu memory mem ram disk heap conversion conversions traffic coverage users load saturation utilization utilisation revenue orders signups requests/s rps throughput queue',
);
const BOUNDS = words(
  `above over exceed exceeds exceeding more than greater higher under below less lower max maximum most threshold limit limits budget tolerance ceiling cap stay stays keep within up reach reaches hits hit pass passes cross crosses goes rises climbs
  rise climb reached tolerate allow beyond past surpass surpasses bound guard guards guardrail guardrails trigger top tops at upper larger longer gt lt min minimum drops falls drop fall breach breaches`,
);
const PRESENT = words(
  'currently now yesterday was were already today ago been lately recently spiked jumped rose climbed dropped fell had last',
);
const MUST = words("must should may can't shouldn't mustn't cannot has have needs need shall never");
const WATCHING = words(
  'watch watching watched monitor monitoring monitored observe observing observation bake baking baked soak soaking soaked eye babysit guarded guarding hold wait waiting sit track tracking keep let leave stable healthy green clean quiet probation cooldown cool-down stay stays window period surveillance eyes bake-time look settle',
);
const LIMITS = words('budget threshold limit max maximum tolerance ceiling slo cap guardrail');
const MULTIPLES = words('double doubles doubled triple triples twice tenfold');
const CALM = words(
  'healthy stable green clean quiet ok okay fine good errors issues problems alright happy calm error-free',
);

/** Reads bounds and watch times of one clause. `sentence`: all words of its sentence. */
export function scanGuards(reading: Reading, sentence: ReadonlySet<string>): GuardScan {
  const mentions: GuardMention[] = [];
  const unclear: Token[] = [];
  let delay: Token | null = null;
  const { tokens } = reading;
  const own = new Set(tokens.map((token) => token.text));
  // "while we look at it for 25 minutes" asks for it, whatever else a context tells.
  const watches = reading.clause.word === 'while' && has(own, WATCHING);
  if ((reading.mood === 'context' && !watches) || reading.mood === 'ask' || reading.mood === 'muse')
    return { mentions, unclear, delay };
  const unread = tokens.find((token) => token.kind === 'word' && (unitSeconds(token.text) ?? 0) >= 60);
  if (unread !== undefined && reading.mood === 'order' && reading.verb?.class === 'watch')
    unclear.push(unread);
  const binding = binds(reading, own);
  if (reading.mood === 'condition' && has(own, MULTIPLES) && (has(own, ERRORS) || has(own, LATENCY)))
    unclear.push(...tokens.slice(0, 1));
  tokens.forEach((token, at) => {
    if (token.kind === 'rate' || isFraction(tokens, at, own))
      readRate(tokens, at, own, sentence, binding, mentions, unclear);
    else if (token.kind === 'duration') {
      const read = readDuration(reading, at, own, sentence, binding);
      if (
        read === null &&
        reading.mood === 'order' &&
        isWord(tokens[at - 1], 'for') &&
        ['deploy', 'rollback', 'move'].includes(reading.verb?.class ?? '')
      )
        unclear.push(token);
      if (read === 'unclear') unclear.push(token);
      else if (read === 'delay') delay = token;
      else if (read !== null)
        mentions.push({
          field: read,
          value:
            read === 'latencyP95Ms'
              ? Number((token.value * 1000).toPrecision(12))
              : Number((token.value / 60).toPrecision(12)),
          token,
        });
    } else if (token.kind === 'number' && binding && isCount(tokens, at, own)) unclear.push(token);
  });
  return { mentions, unclear, delay };
}

function has(own: ReadonlySet<string>, some: ReadonlySet<string>): boolean {
  for (const word of own) if (some.has(word)) return true;
  return false;
}

/** Does the clause set a bound, or does it tell how things are? */
function binds(reading: Reading, own: ReadonlySet<string>): boolean {
  if (reading.mood === 'condition')
    return reading.clause.lead !== 'time' || own.has('errors') || own.has('error');
  if (reading.mood === 'state')
    return (
      ((has(own, MUST) && has(own, BOUNDS)) || has(own, LIMITS)) && !own.has('was') && !own.has('yesterday')
    );
  if (reading.mood === 'name') return !has(own, PRESENT);
  return true;
}

function isFraction(tokens: readonly Token[], at: number, own: ReadonlySet<string>): boolean {
  const token = tokens[at];
  return (
    token?.kind === 'version' &&
    /^0?\.\d+$/.test(token.text) &&
    own.has('rate') &&
    (isPunct(tokens[at - 1], '>', '<', '=', ':') || BOUNDS.has(tokens[at - 1]?.text ?? ''))
  );
}

function readRate(
  tokens: readonly Token[],
  at: number,
  own: ReadonlySet<string>,
  sentence: ReadonlySet<string>,
  binding: boolean,
  mentions: GuardMention[],
  unclear: Token[],
): void {
  const token = tokens[at];
  if (token === undefined || !binding) return;
  const value = token.kind === 'rate' ? token.value : Number(token.text);
  if (isWord(tokens[at - 1], 'by') || has(own, OTHER_METRIC) === true) {
    if (isWord(tokens[at - 1], 'by') || !has(own, ERRORS)) return void unclear.push(token);
  }
  if (
    isWord(tokens[at + 1], 'of') &&
    isWord(
      tokens[at + 2] === undefined || !isWord(tokens[at + 2], 'the') ? tokens[at + 2] : tokens[at + 3],
      'traffic',
      'users',
      'customers',
      'pods',
      'instances',
      'nodes',
    )
  )
    return void unclear.push(token);
  if (has(own, SUCCESS) && !has(own, ERRORS))
    return void mentions.push({ field: 'errorRate', value: Number((1 - value).toPrecision(12)), token });
  if (has(own, ERRORS) || (!has(own, LATENCY) && (has(sentence, ERRORS) || own.has('requests'))))
    mentions.push({ field: 'errorRate', value, token });
  else unclear.push(token);
}

function readDuration(
  reading: Reading,
  at: number,
  own: ReadonlySet<string>,
  sentence: ReadonlySet<string>,
  binding: boolean,
): GuardField | 'unclear' | 'delay' | null {
  const { tokens } = reading;
  const token = tokens[at];
  if (token === undefined) return null;
  const before = isWord(
    tokens[at - 1],
    'the',
    'about',
    'around',
    'roughly',
    'least',
    'approximately',
    'a',
    'full',
    'another',
  )
    ? tokens[at - 2]
    : tokens[at - 1];
  const after = tokens[at + 1];
  if (
    isWord(after, 'ago') ||
    isWord(before, 'every', 'took', 'takes', 'last') ||
    (isWord(before, 'past') && reading.mood !== 'condition')
  )
    return null;
  const short = token.value <= 60 && (token.value < 10 || !/m(?:in|$)/.test(token.text));
  if (binding && short && !isWatched(tokens, at, own)) {
    if (has(own, LATENCY) || (own.has('requests') && own.has('take')) || own.has('takes'))
      return has(own, OTHER_PERCENTILE) && !own.has('p95') && !own.has('95th') ? 'unclear' : 'latencyP95Ms';
    if (has(own, OTHER_PERCENTILE)) return 'unclear';
    if (has(own, BOUNDS) && has(sentence, LATENCY) && !has(own, WATCHING) && !isWord(before, 'within', 'for'))
      return 'latencyP95Ms';
  }
  return durationRole(reading, at, before, own, sentence);
}

/** "watch p95 for 30 s": the time belongs to the watching. */
function isWatched(tokens: readonly Token[], at: number, own: ReadonlySet<string>): boolean {
  return has(own, WATCHING) && isWord(tokens[at - 1], 'for') && !has(own, words('above over exceeds exceed'));
}

function durationRole(
  reading: Reading,
  at: number,
  before: Token | undefined,
  own: ReadonlySet<string>,
  sentence: ReadonlySet<string>,
): GuardField | 'delay' | null {
  const { tokens, mood } = reading;
  const after = tokens[at + 1];
  if (mood === 'state' && !has(own, MUST)) return null;
  if (mood === 'forbid') return null;
  if (isWord(before, 'within', 'first', 'during', 'next') || isWord(tokens[at - 1], 'first', 'next'))
    return watchable(own, sentence, mood) ? 'watchMinutes' : isWord(before, 'within') ? null : 'watchMinutes';
  if (isWatchNoun(tokens, at)) return 'watchMinutes';
  if (mood === 'condition') return conditionTime(reading, at, before, own);
  if (isWord(before, 'in') && !has(own, words('watch monitor observe'))) return 'delay';
  if (
    isWord(reading.tokens[reading.at], 'wait') &&
    isWord(tokens[reading.at - 1], 'first') &&
    mood === 'order'
  )
    return 'watchMinutes';
  if (
    has(own, WATCHING) ||
    own.has('guards') ||
    (isWord(before, 'for') && has(sentence, words('watch monitor observe bake soak eye healthy stable')))
  )
    return 'watchMinutes';
  void after;
  return isWord(before, 'over', 'for') && has(own, ERRORS) ? 'watchMinutes' : null;
}

function watchable(own: ReadonlySet<string>, sentence: ReadonlySet<string>, mood: string): boolean {
  return (
    mood === 'condition' ||
    has(own, WATCHING) ||
    has(own, ERRORS) ||
    sentence.has('roll') ||
    sentence.has('rollback') ||
    sentence.has('errors') ||
    sentence.has('error')
  );
}

function isWatchNoun(tokens: readonly Token[], at: number): boolean {
  for (let step = 1; step <= 3; step += 1) {
    const token = tokens[at + step];
    if (token === undefined || token.kind === 'punct') return false;
    if (
      isWord(
        token,
        'watch',
        'soak',
        'bake',
        'monitoring',
        'observation',
        'window',
        'watching',
        'watch-period',
        'probation',
        'soaking',
        'baking',
      )
    )
      return true;
    if (!isWord(token, 'of', 'post-deploy', 'error', 'health', 'a', 'the')) return false;
  }
  return false;
}

/** "once it was healthy for ten minutes" is a watch; "if errors stay above 2 % for five minutes" is not. */
function conditionTime(
  reading: Reading,
  at: number,
  before: Token | undefined,
  own: ReadonlySet<string>,
): GuardField | 'delay' | null {
  if (has(own, ERRORS) && !own.has('no') && !own.has('without'))
    return isWord(before, 'in', 'over') ? 'watchMinutes' : null;
  if (isWord(before, 'for') && (has(own, CALM) || has(own, WATCHING))) return 'watchMinutes';
  if (reading.clause.lead === 'time' && (has(own, WATCHING) || has(own, CALM))) return 'watchMinutes';
  if (reading.clause.lead === 'time' && at <= 2 && reading.clause.word === 'after') return 'watchMinutes';
  return isWord(before, 'for') && has(own, words('running run been up live')) ? 'watchMinutes' : null;
}

/** "more than 5 errors a minute", "p95 > 400": a bound without a unit we know. */
function isCount(tokens: readonly Token[], at: number, own: ReadonlySet<string>): boolean {
  const next = tokens[at + 1];
  const bounded = BOUNDS.has(tokens[at - 1]?.text ?? '') || isPunct(tokens[at - 1], '>', '<');
  return (
    bounded &&
    (ERRORS.has(next?.text ?? '') ||
      ((has(own, LATENCY) || has(own, ERRORS)) && (next === undefined || next.kind === 'punct')))
  );
}
