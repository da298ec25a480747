import type { Freeze, Guards } from '../../domain/catalog.js';
import { parseDuration, parseRate } from '../../domain/duration.js';
import { type Fields, show, type TextRule } from './fields.js';

/** Names of services and environments: safe in file names, container names and queue names. */
export const NAME: TextRule = {
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  rule: 'up to 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit',
};

export const ALIAS: TextRule = {
  pattern: /^[^\p{Cc}\p{Cf}\p{Surrogate}]{1,63}$/u,
  rule: 'each one as text of up to 63 characters',
};

export const URL_PATH: TextRule = {
  pattern: /^\/[!-~]{0,500}$/,
  rule: 'a path that starts with "/", without spaces',
};

/** `errorRate`, `latencyP95`, `logErrors`, `healthFailures` and `watch`; what is missing or wrong is not guarded. */
export function readGuards(fields: Fields): Guards {
  const guards: Guards = {
    errorRate: rate(fields, 'errorRate'),
    latencyP95Ms: milliseconds(fields, 'latencyP95'),
    logErrorsPerMinute: perMinute(fields, 'logErrors'),
    healthFailures: fields.integer('healthFailures', 1, 1000),
    watchSeconds: fields.duration('watch'),
  };
  fields.finish();
  return guards;
}

function rate(fields: Fields, key: string): number | null {
  const value = fields.raw(key);
  if (value === null) return null;
  const found = typeof value === 'string' || typeof value === 'number' ? parseRate(value) : null;
  return (
    found ??
    fields.wrong(
      key,
      `"${show(value)}" is not a rate`,
      'Write a percentage like 2%, or a fraction like 0.02.',
    )
  );
}

function milliseconds(fields: Fields, key: string): number | null {
  const value = fields.raw(key);
  if (value === null) return null;
  const seconds = typeof value === 'string' ? parseDuration(value) : null;
  if (seconds !== null && seconds > 0) return Number((seconds * 1000).toPrecision(12));
  return fields.wrong(
    key,
    `"${show(value)}" is not a time`,
    'Write a number and a unit, like 500ms or 1.5s.',
  );
}

const PER_MINUTE: Readonly<Record<string, number>> = { s: 60, m: 1, h: 1 / 60 };

/** "5/m", "1/s", "100/h"; a bare number counts per minute. */
function perMinute(fields: Fields, key: string): number | null {
  const value = fields.raw(key);
  if (value === null) return null;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)\s*\/\s*(s|m|h|min)$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  const factor = PER_MINUTE[unit === 'min' ? 'm' : (unit ?? '')];
  if (count !== undefined && factor !== undefined) return Number((Number(count) * factor).toPrecision(12));
  return fields.wrong(key, `"${show(value)}" is not a rate of lines`, 'Write a number per time, like 5/m.');
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A freeze; null when it cannot be understood. `name` is what it is called when it does not say. */
export function readFreeze(fields: Fields, name: string): Freeze | null {
  const freeze = {
    name: fields.text('name') ?? name,
    from: weekTime(fields, 'from'),
    to: weekTime(fields, 'to'),
    timezone: timezone(fields) ?? 'UTC',
    environments: fields.texts('environments', NAME) ?? [],
  };
  fields.finish();
  const { from, to } = freeze;
  if (from === null || to === null) return null;
  if (from === to)
    return fields.wrong('to', 'is the same time as "from"', 'Give the time when the freeze ends.');
  return { ...freeze, from, to };
}

/** "Fri 16:00", also from "friday 16:00" and "Friday, 9:30". */
function weekTime(fields: Fields, key: string): string | null {
  const value = fields.raw(key);
  const fix = 'Write a weekday and a time, like "Fri 16:00".';
  if (value === null) return fields.wrong(key, 'is missing', fix);
  const [, day, hour, minute] =
    /^([A-Za-z]{3,9}),?\s+(\d{1,2}):(\d{2})$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  const name = DAYS.find((known) => isDay(known, day ?? ''));
  if (name === undefined || Number(hour) > 23 || Number(minute) > 59) {
    return fields.wrong(key, `"${show(value)}" is not a time of the week`, fix);
  }
  return `${name} ${String(hour).padStart(2, '0')}:${minute}`;
}

const FULL_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function isDay(short: string, written: string): boolean {
  const full = FULL_DAYS.find((day) => day.startsWith(short.toLowerCase())) ?? '';
  return written.length >= 3 && full.startsWith(written.toLowerCase());
}

function timezone(fields: Fields): string | null {
  const zone = fields.text('timezone');
  if (zone === null) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return fields.wrong(
      'timezone',
      `"${show(zone)}" is not a time zone`,
      'Write an IANA name, like UTC or Europe/Berlin.',
    );
  }
}
