import { type Guards, NO_GUARDS } from '../../domain/catalog.js';
import { parseWeekMoment } from '../../domain/freeze.js';
import { POST_STEPS, type PostStep } from '../../domain/intent.js';
import type { Demand, SopScope } from '../../domain/sop.js';
import type { Answer } from './answer.js';
import type { Said } from './said.js';

const MOST_HOURS = 90 * 24;
const MOST_APPROVALS = 10;
const MOST_WATCH_SECONDS = 7 * 86_400;
const MINUTES_A_DAY = 1440;

/**
 * The demand that a model names, if the sentence has what it is made of: the numbers literally, and words that are about such
 * a thing at all. null otherwise.
 */
export function demandOf(
  fields: Answer,
  said: Said,
  scope: SopScope,
  sop: string,
  environmentOf: (name: string) => string | null,
): Demand | null {
  const about = (pattern: RegExp) => pattern.test(said.text);
  switch (fields.text('kind')) {
    case 'require-steps':
      return requireSteps(fields, about);
    case 'environments-first':
      return environmentsFirst(fields, said, scope, environmentOf);
    case 'freeze':
      return freeze(fields, said, scope, sop);
    case 'pinned-version':
      return about(/version|\btag|latest|branch|commit|\bpin|\brelease/i) ? { kind: 'pinned-version' } : null;
    case 'signed-version':
      return about(/\bsign(?!s?[ -]?off)|signier/i) ? { kind: 'signed-version' } : null;
    case 'guards':
      return guardsOf(fields, said, about);
    case 'approvals':
      return approvals(fields, said, about);
    case 'approver':
      return approver(fields, said, about);
    case 'alone':
      return about(ALONE) ? { kind: 'alone' } : null;
    default:
      return null;
  }
}

type About = (pattern: RegExp) => boolean;

const ALONE =
  /\bother\b|another|same time|simultan|parallel|concurren|at once|at a time|\balone\b|by itself|gleichzeitig/i;
const APPROVAL =
  /approv|review|sign[ -]?off|signed off|accept|agree|consent|permission|genehmig|zustimm|freig/i;

const STEP_WORDS: Readonly<Record<PostStep, RegExp>> = {
  run_tests: /\btest|\bsuite/i,
  smoke_tests: /smoke|sanity/i,
  notify: /notif|\btell|\btold|inform|announc|messag|\bpost(?:ed)?\b|benachrichtig|informier/i,
};

function requireSteps(fields: Answer, about: About): Demand | null {
  const asked = fields.texts('steps') ?? [];
  const steps = POST_STEPS.filter((step) => asked.includes(step));
  if (steps.length === 0 || steps.length !== new Set(asked).size) return null;
  return steps.every((step) => about(STEP_WORDS[step])) ? { kind: 'require-steps', steps } : null;
}

function environmentsFirst(
  fields: Answer,
  said: Said,
  scope: SopScope,
  environmentOf: (name: string) => string | null,
): Demand | null {
  const environments = (fields.texts('first') ?? []).map(environmentOf);
  const named = environments.filter((name): name is string => name !== null && said.environments.has(name));
  if (named.length === 0 || named.length !== environments.length) return null;
  if (named.some((name) => scope.environments.includes(name))) return null;
  const hours = fields.number('hours');
  const first = { kind: 'environments-first', environments: [...new Set(named)] } as const;
  if (hours === null) return { ...first, hours };
  const inSentence = said.durations.has(hours * 3600) || said.numbers.has(hours);
  return inSentence && hours > 0 && hours <= MOST_HOURS ? { ...first, hours } : null;
}

/** "Never on Fridays after 16:00" ends on Saturday at 00:00: the day after one that is named, and midnight, need not be. */
function freeze(fields: Answer, said: Said, scope: SopScope, sop: string): Demand | null {
  const from = weekMoment(fields.text('from'));
  const to = weekMoment(fields.text('to'));
  const timezone = fields.text('timezone') ?? 'UTC';
  if (from === null || to === null || from === to) return null;
  const time = (moment: number) => moment % MINUTES_A_DAY;
  const day = (moment: number) => Math.floor(moment / MINUTES_A_DAY);
  const timeSaid = (moment: number) => time(moment) === 0 || said.times.has(time(moment));
  const daySaid = said.days.has(day(to)) || said.days.has((day(to) + 6) % 7);
  const zoneSaid = said.zones.size === 0 ? timezone === 'UTC' : said.zones.has(timezone);
  if (!said.days.has(day(from)) || !daySaid || !timeSaid(from) || !timeSaid(to) || !zoneSaid) return null;
  // Times that are named and not used are a reading of something else.
  if ([...said.times].some((named) => ![time(from), time(to)].includes(named % MINUTES_A_DAY))) return null;
  const written = { from: weekTime(from), to: weekTime(to), timezone, environments: scope.environments };
  return { kind: 'freeze', freeze: { name: sop, ...written } };
}

function weekMoment(text: string | null): number | null {
  return text === null ? null : parseWeekMoment(text);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function weekTime(moment: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = moment % MINUTES_A_DAY;
  const day = DAYS[Math.floor(moment / MINUTES_A_DAY)] ?? '';
  return `${day} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

interface GuardRule {
  readonly field: keyof Guards;
  /** In the answer, and what its unit is in ours. */
  readonly key: string;
  readonly factor: number;
  readonly words: RegExp;
  readonly limit: number;
  readonly said: (said: Said, value: number) => boolean;
}

const GUARD_RULES: readonly GuardRule[] = [
  {
    field: 'errorRate',
    key: 'errorRatePercent',
    factor: 0.01,
    words: /error|fail|5xx|fehler/i,
    limit: 1,
    said: ({ rates }, rate) => rates.has(rate),
  },
  {
    field: 'latencyP95Ms',
    key: 'latencyP95Ms',
    factor: 1,
    words: /latenc|p95|95th|percentile|slow|respon|antwort/i,
    limit: 600_000,
    said: ({ durations }, milliseconds) => durations.has(rounded(milliseconds / 1000)),
  },
  {
    field: 'logErrorsPerMinute',
    key: 'logErrorsPerMinute',
    factor: 1,
    words: /\blog/i,
    limit: 1_000_000,
    said: ({ numbers }, lines) => numbers.has(lines),
  },
  {
    field: 'healthFailures',
    key: 'healthFailures',
    factor: 1,
    words: /health|probe/i,
    limit: 1000,
    said: ({ numbers }, count) => numbers.has(count) && Number.isInteger(count),
  },
  {
    field: 'watchSeconds',
    key: 'watchMinutes',
    factor: 60,
    words: /watch|monitor|observ|\bbak|soak|beobacht|überwach/i,
    limit: MOST_WATCH_SECONDS,
    said: ({ durations }, seconds) => durations.has(seconds),
  },
];

/** One bound that is not in the sentence spoils the others: it was misread. */
function guardsOf(fields: Answer, said: Said, about: About): Demand | null {
  const bounds = GUARD_RULES.flatMap((rule) => {
    const written = fields.number(rule.key);
    return written === null ? [] : [{ rule, value: rounded(written * rule.factor) }];
  });
  const right = ({ rule, value }: (typeof bounds)[number]) =>
    value > 0 && value <= rule.limit && about(rule.words) && rule.said(said, value);
  if (bounds.length === 0 || !bounds.every(right)) return null;
  const found = Object.fromEntries(bounds.map(({ rule, value }) => [rule.field, value]));
  return { kind: 'guards', guards: { ...NO_GUARDS, ...found } };
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function approvals(fields: Answer, said: Said, about: About): Demand | null {
  const count = fields.number('count');
  if (count === null || !Number.isInteger(count) || count < 1 || count > MOST_APPROVALS) return null;
  return said.numbers.has(count) && about(APPROVAL) ? { kind: 'approvals', count } : null;
}

/** A login or team as written: with @, of several parts, or called a team. Any other word could be one, and a wrong one blocks. */
function approver(fields: Answer, said: Said, about: About): Demand | null {
  const names = fields.texts('names') ?? [];
  if (names.length === 0 || !about(APPROVAL)) return null;
  const words =
    said.text.match(
      /@?[\p{L}\p{N}](?:[\p{L}\p{N}._/-]{0,62}[\p{L}\p{N}])?(?: (?=team\b|group\b))?(?:team|group)?/giu,
    ) ?? [];
  const named = words.flatMap((word) => {
    const [name = '', called] = word.split(' ');
    return called !== undefined || /[@/_-]/.test(name) ? [name.toLowerCase()] : [];
  });
  const isSaid = (name: string) => named.includes(name.replace(/ (?:team|group)$/i, '').toLowerCase());
  return names.every(isSaid) ? { kind: 'approver', names: [...new Set(names)] } : null;
}
