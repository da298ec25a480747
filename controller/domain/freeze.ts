import type { Freeze } from './catalog.js';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTES_A_WEEK = 7 * 24 * 60;

/** Minutes since Sunday 00:00 of "Fri 16:00"; null when it is not of that form. */
export function parseWeekMoment(text: string): number | null {
  const match = /^([A-Za-z]{3})[a-z]*\s+(\d{1,2}):(\d{2})$/.exec(text.trim());
  const day = DAYS.indexOf((match?.[1] ?? '').toLowerCase());
  const hour = Number(match?.[2]);
  const minute = Number(match?.[3]);
  if (day < 0 || !(hour < 24) || !(minute < 60)) return null;
  return (day * 24 + hour) * 60 + minute;
}

/**
 * When a freeze that holds at `now` ends; null when it does not hold. Weeks wrap around; a freeze that ends where it
 * begins lasts the whole week. Across a clock change the end can be an hour off: ask again then.
 */
export function frozenUntil(freeze: Freeze, now: Date): Date | null {
  const from = parseWeekMoment(freeze.from);
  const to = parseWeekMoment(freeze.to);
  if (from === null || to === null) return null;
  const length = (to - from + MINUTES_A_WEEK) % MINUTES_A_WEEK || MINUTES_A_WEEK;
  const elapsed = (minuteOfWeek(now, freeze.timezone) - from + MINUTES_A_WEEK) % MINUTES_A_WEEK;
  if (elapsed >= length) return null;
  const startOfMinute = Math.floor(now.getTime() / 60_000) * 60_000;
  return new Date(startOfMinute + (length - elapsed) * 60_000);
}

/** The freeze that holds longest for an environment; null when none holds. */
export function freezeOf(
  freezes: readonly Freeze[],
  environment: string,
  now: Date,
): { readonly freeze: Freeze; readonly until: Date } | null {
  const holding = freezes
    .filter((freeze) => freeze.environments.length === 0 || freeze.environments.includes(environment))
    .flatMap((freeze) => {
      const until = frozenUntil(freeze, now);
      return until === null ? [] : [{ freeze, until }];
    })
    .sort((left, right) => right.until.getTime() - left.until.getTime());
  return holding[0] ?? null;
}

function minuteOfWeek(now: Date, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return (
    (DAYS.indexOf(value('weekday').toLowerCase()) * 24 + Number(value('hour'))) * 60 + Number(value('minute'))
  );
}
