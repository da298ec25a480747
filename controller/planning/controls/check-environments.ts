import { formatDuration } from '../../domain/duration.js';
import type { Finding } from '../../domain/sop.js';
import type { GoodIn } from '../advise-needs.js';
import type { Check } from './check.js';
import { hoursWords } from './describe.js';

export interface FirstChecked {
  readonly findings: readonly Finding[];
  readonly until: Date | null;
}

/** Has the version been good, and for the time that is asked, where it has to have been first? */
export function environmentsFirst(
  check: Check,
  first: readonly string[],
  hours: number | null,
): FirstChecked {
  const { grounded, item, finding } = check;
  const others = first.filter((name) => name !== item.environment.name);
  if (grounded.request.action !== 'deploy' || others.length === 0) return { findings: [], until: null };
  return hours === null || hours === 0
    ? passedFirst(check, others)
    : longEnough(check, others, hours, (message, fix) => finding('deviates', message, fix));
}

function passedFirst({ needs, grounded, item, finding }: Check, first: readonly string[]): FirstChecked {
  const { name } = item.environment;
  const asked = grounded.environments.map((other) => other.environment.name);
  const before = asked.slice(0, asked.indexOf(name));
  const missing = first.filter(
    (other) => !before.includes(other) && !needs.goodIn.some(({ environment }) => environment === other),
  );
  if (missing.length === 0)
    return {
      findings: [finding('complies', `${grounded.version.ref} is or comes to ${first.join(', ')} first`, '')],
      until: null,
    };
  return {
    findings: [
      finding(
        'deviates',
        `${grounded.version.ref} has not passed its watch in ${missing.join(', ')}, which comes before ${name}`,
        `Deploy to ${missing.join(', ')} first, in this intent ("to ${missing.join(', ')}, then ${name}") or in one before it`,
      ),
    ],
    until: null,
  };
}

function longEnough(
  { needs, grounded, item, finding }: Check,
  first: readonly string[],
  hours: number,
  deviates: (message: string, fix: string) => Finding,
): FirstChecked {
  const { ref } = grounded.version;
  const name = item.environment.name;
  const missing = first.filter((other) => hoursIn(needs.goodIn, other) < hours);
  if (missing.length === 0)
    return {
      findings: [
        finding(
          'complies',
          `${ref} was current in ${first.join(', ')} for ${hoursWords(hours)} or longer`,
          '',
        ),
      ],
      until: null,
    };
  const reached = missing.map((other) => needs.goodIn.find(({ environment }) => environment === other));
  const running = reached.flatMap((good) => (good?.current === true ? [good] : []));
  const seen = missing.map((other, at) => `${other}: ${seenWords(reached[at])}`).join('; ');
  const message = `${ref} has to have run in ${missing.join(', ')} for ${hoursWords(hours)} before ${name} (${seen})`;
  if (running.length < missing.length) {
    const where = missing.filter((other) => !running.some(({ environment }) => environment === other));
    const fix = `Deploy ${ref} to ${where.join(', ')} in an intent of its own, and let it run there for ${hoursWords(hours)}; one that goes on to ${name} at once cannot wait so long`;
    return { findings: [deviates(message, fix)], until: null };
  }
  const moments = running.map((good) => needs.now.getTime() + (hours * 3600 - good.seconds) * 1000);
  const until = new Date(Math.ceil(Math.max(...moments) / 1000) * 1000);
  return {
    findings: [deviates(message, `It is planned again by itself after ${until.toISOString()}`)],
    until,
  };
}

function hoursIn(goodIn: readonly GoodIn[], name: string): number {
  return (
    Math.max(0, ...goodIn.filter(({ environment }) => environment === name).map(({ seconds }) => seconds)) /
    3600
  );
}

function seenWords(good: GoodIn | undefined): string {
  if (good === undefined) return 'never good there';
  return `${formatDuration(good.seconds)} so far${good.current ? '' : ', and it is not current there now'}`;
}
