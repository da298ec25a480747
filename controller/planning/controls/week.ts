import type { Freeze } from '../../domain/catalog.js';

const MINUTES_A_DAY = 24 * 60;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Minutes since Sunday 00:00, [from, to); `to` may lie in the next week. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The same time of day on some days; one that ends before it begins ends on the next day. */
export function daily(days: readonly number[], from: number, to: number): readonly Span[] {
  const length = to > from ? to - from : to - from + MINUTES_A_DAY;
  return days.map((day) => ({ from: day * MINUTES_A_DAY + from, to: day * MINUTES_A_DAY + from + length }));
}

/** From a moment of the week to another; to the same one: the whole week. */
export function between(fromDay: number, from: number, toDay: number, to: number): Span {
  const start = fromDay * MINUTES_A_DAY + from;
  const end = toDay * MINUTES_A_DAY + to;
  return { from: start, to: end > start ? end : end + MINUTES_A_WEEK };
}

/** What touches or overlaps becomes one, also around the end of the week. Sorted by its beginning. */
export function merge(spans: readonly Span[]): readonly Span[] {
  const unrolled = spans.flatMap(({ from, to }) => {
    const start = from % MINUTES_A_WEEK;
    const end = start + Math.min(to - from, MINUTES_A_WEEK);
    return end > MINUTES_A_WEEK
      ? [
          { from: start, to: MINUTES_A_WEEK },
          { from: 0, to: end - MINUTES_A_WEEK },
        ]
      : [{ from: start, to: end }];
  });
  const merged: { from: number; to: number }[] = [];
  for (const span of unrolled.sort((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  const [first] = merged;
  const last = merged.at(-1);
  if (
    first === undefined ||
    last === undefined ||
    merged.length === 1 ||
    first.from > 0 ||
    last.to < MINUTES_A_WEEK
  )
    return merged;
  return [...merged.slice(1, -1), { from: last.from, to: MINUTES_A_WEEK + first.to }];
}

/** The rest of the week. */
export function complement(spans: readonly Span[]): readonly Span[] {
  const merged = merge(spans);
  return merge(
    merged.flatMap((span, at) => {
      const next = merged[(at + 1) % merged.length] ?? span;
      const from = span.to % MINUTES_A_WEEK;
      const to = next.from > from ? next.from : next.from + MINUTES_A_WEEK;
      return merged.length === 1 && span.to - span.from >= MINUTES_A_WEEK ? [] : [{ from, to }];
    }),
  );
}

/** One freeze for each span, all with one name that says the whole: "Fri 16:00 to Sat 00:00 (UTC)". */
export function freezesOf(spans: readonly Span[], timezone: string): readonly Freeze[] {
  const merged = merge(spans);
  const name = `${nameOf(merged)} (${timezone})`;
  return merged.map(({ from, to }) => ({
    name,
    from: moment(from),
    to: moment(to),
    timezone,
    environments: [],
  }));
}

function nameOf(spans: readonly Span[]): string {
  const [first] = spans;
  const days = spans.map(({ from, to }) => `${from % MINUTES_A_DAY} ${to - from}`);
  if (first !== undefined && spans.length === 7 && new Set(days).size === 1)
    return `every day ${moment(first.from).slice(4)} to ${moment(first.to).slice(4)}`;
  const [named, more] = [spans.slice(0, MOST_NAMED), spans.length - MOST_NAMED];
  const words = named.map(({ from, to }) => `${moment(from)} to ${moment(to)}`).join(', ');
  return more > 0 ? `${words} and ${more} more` : words;
}

/** A name is to be read. */
const MOST_NAMED = 7;

function moment(minutes: number): string {
  const inWeek = minutes % MINUTES_A_WEEK;
  const ofDay = inWeek % MINUTES_A_DAY;
  const clock = [Math.floor(ofDay / 60), ofDay % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${DAYS[Math.floor(inWeek / MINUTES_A_DAY)] ?? 'Sun'} ${clock}`;
}
