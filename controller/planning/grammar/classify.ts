import type { TokenKind } from './token.js';

export interface Shape {
  readonly kind: TokenKind;
  readonly value: number;
}

const MAX_RUN = 120;
const NAN = Number.NaN;

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001, msec: 0.001, msecs: 0.001, millis: 0.001, millisecond: 0.001, milliseconds: 0.001,
  s: 1, sec: 1, secs: 1, second: 1, seconds: 1,
  m: 60, min: 60, mins: 60, minute: 60, minutes: 60, mn: 60,
  h: 3600, hr: 3600, hrs: 3600, hour: 3600, hours: 3600,
}; // biome-ignore format: a table

/** Seconds in one unit of time; undefined when the word is none. */
export function unitSeconds(word: string): number | undefined {
  return Object.hasOwn(UNIT_SECONDS, word) ? UNIT_SECONDS[word] : undefined;
}

/** Product without binary dust: 0.5 % is 0.005, 0.1 h is 360 s. */
export function times(left: number, right: number): number {
  return Number((left * right).toPrecision(12));
}

export function toNumber(text: string): number {
  return Number(text.replace(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.'));
}

const DATE =
  /^(?:\d{4}-\d{1,2}-\d{1,2}(?:t[\d:.+z-]*)?|\d{4}\/\d{1,2}\/\d{1,2}|\d{1,2}\/\d{1,2}\/(?:\d{2}|\d{4})|\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d{2}|(?:19|20)\d{2}(?:q[1-4]|w\d{1,2}))$/;
const TIME =
  /^(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:am|pm|z|h)?$|^(?:0?[1-9]|1[0-2])(?:am|pm)$/;
const ADDRESS = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+|\/\d+)?$/;
const TICKET =
  /^(?:[A-Z][A-Z0-9]{1,9}-\d+|CVE-\d+-\d+|GHSA(?:-\w{4}){3}|[A-Z]{2,10}#\d+|(?:RFC|PR|MR|GH)\d+)$/;
const LOWER_TICKET =
  /^(?:cve-\d+-\d+|ghsa(?:-\w{4}){3}|(?:jira|pr|gh|issue|ticket|bug|inc|chg|rfc|ops|incident)-?#?\d+)$/;
const QUANTITY = /^(\d+(?:[.,]\d+)?)([a-z]+)$/;
const SEMVER = /^v?\d+(?:\.\d+){1,3}(?:[-+_.]?[a-z][a-z0-9.+_-]*|[-+_][a-z0-9.+_-]+)?$/;
const SHORT_VERSION = /^v\d+(?:[-.+][a-z0-9]+)*$/;
const NAMED_VERSION = /^(?:release|rel|hotfix|build|rc|nightly|snapshot)[-_](?=[a-z._-]*\d)[a-z0-9._-]+$/;
const WILDCARD = /^v?\d+(?:\.\d+)?\.x$/;
const SHA = /^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}$/;
const UNIT_LIKE = /^\d+[a-f]$/;
const LONG_HEX = /^[0-9a-f]{40}$/;
const REF =
  /^(?:feature|feat|hotfix|bugfix|fix|release|releases|refs|heads|tags|origin|users?|dependabot|renovate|chore|topic|wip|task|experiment)\/[a-z0-9._/-]+$/;

/** What a run of characters is by its shape alone; null: look inside it. */
export function shapeOf(lower: string, raw: string): Shape | null {
  if (lower.length > MAX_RUN) return { kind: 'opaque', value: NAN };
  if (/^\d+(?:[.,]\d+)?%$/.test(lower))
    return { kind: 'rate', value: times(toNumber(lower.slice(0, -1)), 0.01) };
  if (DATE.test(lower)) return { kind: 'date', value: NAN };
  if (TIME.test(lower)) return { kind: 'time', value: NAN };
  if (ADDRESS.test(lower)) return { kind: 'address', value: NAN };
  if (TICKET.test(raw) || LOWER_TICKET.test(lower)) return { kind: 'ticket', value: NAN };
  if (/^\d{1,3}(?:,\d{3})+$/.test(lower) || /^\d+$/.test(lower)) return whole(lower);
  if (/^\d+,\d+$/.test(lower)) return { kind: 'number', value: toNumber(lower) };
  if (SHA.test(lower) && !UNIT_LIKE.test(lower)) return { kind: 'version', value: NAN };
  return hoursAndMinutes(lower) ?? quantity(lower) ?? versionShape(lower);
}

function whole(lower: string): Shape {
  return LONG_HEX.test(lower) ? { kind: 'version', value: NAN } : { kind: 'number', value: toNumber(lower) };
}

function hoursAndMinutes(lower: string): Shape | null {
  const match = /^(\d{1,3})h(\d{1,2})(?:m|min)?$/.exec(lower) ?? /^(\d{1,3})m(\d{1,2})s$/.exec(lower);
  if (match === null) return null;
  const unit = lower.includes('h') ? 3600 : 60;
  return { kind: 'duration', value: Number(match[1]) * unit + Number(match[2]) * (unit / 60) };
}

function quantity(lower: string): Shape | null {
  const match = QUANTITY.exec(lower);
  if (match === null) return null;
  const amount = toNumber(match[1] ?? '');
  const unit = match[2] ?? '';
  if (/^5\d\ds$/.test(lower) || lower === '5xx' || lower === '4xx') return { kind: 'word', value: NAN };
  const seconds = unitSeconds(unit);
  if (seconds !== undefined) return { kind: 'duration', value: times(amount, seconds) };
  if (unit === 'pct' || unit === 'percent') return { kind: 'rate', value: times(amount, 0.01) };
  if (/^(?:st|nd|rd|th)$/.test(unit)) return { kind: 'word', value: amount };
  if (/^(?:k|x|d|w|gb|mb|kb|gi|mi|ki|tb|g|rps|qps|bn|vcpu|cpu|cores?)$/.test(unit) && !lower.includes('.x'))
    return { kind: 'amount', value: amount };
  return null;
}

function versionShape(lower: string): Shape | null {
  if (/^v?\d+(?:\.\d+){4,}$/.test(lower)) return { kind: 'opaque', value: NAN };
  if (SEMVER.test(lower) || SHORT_VERSION.test(lower) || NAMED_VERSION.test(lower) || WILDCARD.test(lower))
    return { kind: 'version', value: NAN };
  if (REF.test(lower)) return { kind: 'path', value: NAN };
  return null;
}
