import { times, unitSeconds } from './classify.js';
import { isPunct, isWord, NOTHING, type Token, type TokenKind, textOf } from './token.js';

const SMALL: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13, fourteen: 14,
  fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
}; // biome-ignore format: a table
const TENS: Readonly<Record<string, number>> = {
  twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
}; // biome-ignore format: a table
const SCALES: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000 };

interface Amount {
  readonly value: number;
  readonly next: number;
}

/** Joins "ten minutes", "2 %", "half a second", "1 in 50" into one token each, with its value. */
export function joinQuantities(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  let at = 0;
  while (at < tokens.length) {
    const joined = ratio(tokens, at) ?? rate(tokens, at) ?? duration(tokens, at);
    const token = tokens[at];
    if (joined !== null) {
      out.push(joined.token);
      at = joined.next;
    } else {
      if (token !== undefined) out.push(token);
      at += 1;
    }
  }
  return out;
}

interface Joined {
  readonly token: Token;
  readonly next: number;
}

export function join(
  tokens: readonly Token[],
  from: number,
  to: number,
  kind: TokenKind,
  value: number,
): Token {
  const first = tokens[from];
  const last = tokens[to - 1];
  if (first === undefined || last === undefined) throw new RangeError(`No tokens in [${from}, ${to})`);
  const part = tokens.slice(from, to);
  const text = part.map((token) => token.text).join(' ');
  return {
    kind,
    text,
    raw: part.map((token) => token.raw).join(' '),
    start: first.start,
    end: last.end,
    spaced: first.spaced,
    value,
    fold: part.map((token) => token.fold).join(' '),
    odd: part.some((token) => token.odd),
    services: NOTHING,
    environments: NOTHING,
  };
}

/** "1 in 50", "one out of every 20", "2 of 100 requests". */
function ratio(tokens: readonly Token[], at: number): Joined | null {
  const part = plainNumber(tokens, at);
  if (part === null || !Number.isInteger(part.value)) return null;
  let next = part.next;
  if (isWord(tokens[next], 'in')) next += 1;
  else if (isWord(tokens[next], 'out') && isWord(tokens[next + 1], 'of')) next += 2;
  else if (isWord(tokens[next], 'per')) next += 1;
  else return null;
  if (isWord(tokens[next], 'every', 'each')) next += 1;
  const whole = plainNumber(tokens, next);
  if (
    whole === null ||
    whole.value <= part.value ||
    whole.value < 2 ||
    unitSeconds(textOf(tokens[whole.next])) !== undefined
  )
    return null;
  const value = Number((part.value / whole.value).toPrecision(12));
  return { token: join(tokens, at, whole.next, 'rate', value), next: whole.next };
}

function rate(tokens: readonly Token[], at: number): Joined | null {
  const number = amount(tokens, at);
  if (number === null) return null;
  const mille = isWord(tokens[number.next], 'per') && isWord(tokens[number.next + 1], 'mille', 'mil');
  const next = mille ? number.next + 2 : afterPercent(tokens, number.next);
  if (next === null) return null;
  if (mille) return { token: join(tokens, at, next, 'rate', times(number.value, 0.001)), next };
  return { token: join(tokens, at, next, 'rate', times(number.value, 0.01)), next };
}

function afterPercent(tokens: readonly Token[], at: number): number | null {
  if (isPunct(tokens[at], '%') || isWord(tokens[at], 'percent', 'pct', 'procent', 'percents')) return at + 1;
  return isWord(tokens[at], 'per') && isWord(tokens[at + 1], 'cent') ? at + 2 : null;
}

function duration(tokens: readonly Token[], at: number): Joined | null {
  const first = oneDuration(tokens, at);
  if (first === null) return null;
  let { value, next } = first;
  const and = isWord(tokens[next], 'and') ? next + 1 : next;
  if (and > next && isWord(tokens[and], 'a') && isWord(tokens[and + 1], 'half')) {
    value = times(value, 1.5);
    next = and + 2;
  } else {
    const more = oneDuration(tokens, and);
    if (
      more !== null &&
      more.value < value &&
      (more.next > and + 1 || tokens[and]?.kind === 'duration') &&
      tokens[and]?.spaced === true &&
      !isWord(tokens[and], 'a', 'an')
    ) {
      value += more.value;
      next = more.next;
    }
  }
  return next === at + 1 && tokens[at]?.kind === 'duration'
    ? null
    : { token: join(tokens, at, next, 'duration', value), next };
}

function oneDuration(tokens: readonly Token[], at: number): Amount | null {
  const token = tokens[at];
  if (token?.kind === 'duration') return { value: token.value, next: at + 1 };
  const number = amount(tokens, at);
  if (number === null) return null;
  const dash = isPunct(tokens[number.next], '-') ? number.next + 1 : number.next;
  const unit = unitSeconds(textOf(tokens[dash]));
  if (unit === undefined || tokens[dash]?.kind !== 'word') return null;
  return { value: times(number.value, unit), next: dash + 1 };
}

/** A number in digits or words, with halves and quarters: "2", "1.5", "twenty five", "one and a half", "half a", "a quarter of an". */
function amount(tokens: readonly Token[], at: number): Amount | null {
  const fraction = halfOrQuarter(tokens, at);
  if (fraction !== null) return fraction;
  const number = slashed(tokens, at) ?? plainNumber(tokens, at) ?? article(tokens, at);
  if (number === null) return null;
  const more = number.next === at + 1 && Number.isInteger(number.value) ? slashed(tokens, number.next) : null;
  if (more !== null) return { value: number.value + more.value, next: more.next };
  const { value, next } = number;
  if (isWord(tokens[next], 'and') && isWord(tokens[next + 1], 'a') && isWord(tokens[next + 2], 'half'))
    return { value: value + 0.5, next: next + 3 };
  if (isWord(tokens[next], 'point')) {
    const decimals = plainNumber(tokens, next + 1);
    if (decimals !== null) return { value: Number(`${value}.${decimals.value}`), next: decimals.next };
  }
  return number;
}

/** "1/2", "3/4". */
function slashed(tokens: readonly Token[], at: number): Amount | null {
  const [over, slash, under] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (over?.kind !== 'number' || under?.kind !== 'number' || !isPunct(slash, '/') || slash?.spaced !== false)
    return null;
  return under.value > over.value && under.value <= 10
    ? { value: over.value / under.value, next: at + 3 }
    : null;
}

function article(tokens: readonly Token[], at: number): Amount | null {
  if (!isWord(tokens[at], 'a', 'an', 'another')) return null;
  if (isWord(tokens[at + 1], 'single', 'full', 'whole', 'good', 'solid')) return { value: 1, next: at + 2 };
  if (isWord(tokens[at + 1], 'couple'))
    return { value: 2, next: isWord(tokens[at + 2], 'of') ? at + 3 : at + 2 };
  return { value: 1, next: at + 1 };
}

function halfOrQuarter(tokens: readonly Token[], at: number): Amount | null {
  let next = at;
  let value = 1;
  if (isWord(tokens[next], 'three') && isWord(tokens[next + 1], 'quarters')) value = 3;
  if (isWord(tokens[next], 'a', 'one', 'three')) next += 1;
  const word = textOf(tokens[next]);
  if (word !== 'half' && word !== 'quarter' && word !== 'quarters') return null;
  value *= word === 'half' ? 0.5 : 0.25;
  next += 1;
  if (isWord(tokens[next], 'of')) next += 1;
  if (isWord(tokens[next], 'a', 'an', 'one')) next += 1;
  return { value, next };
}

function plainNumber(tokens: readonly Token[], at: number): Amount | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'number' || (token.kind === 'version' && /^\d+\.\d+$/.test(token.text))) {
    return { value: token.kind === 'number' ? token.value : Number(token.text), next: at + 1 };
  }
  return token.kind === 'word' ? spelled(tokens, at) : null;
}

function spelled(tokens: readonly Token[], at: number): Amount | null {
  const word = textOf(tokens[at]);
  const [tens, ones] = word.includes('-') ? word.split('-') : [word, ''];
  if (own(TENS, tens ?? '') !== undefined) {
    const after = ones === '' ? own(SMALL, textOf(tokens[at + 1])) : own(SMALL, ones ?? '');
    const value = (own(TENS, tens ?? '') ?? 0) + (after !== undefined && after > 0 && after < 10 ? after : 0);
    return { value, next: ones === '' && after !== undefined && after > 0 && after < 10 ? at + 2 : at + 1 };
  }
  const small =
    own(SMALL, word) ?? (word === 'a' && own(SCALES, textOf(tokens[at + 1])) !== undefined ? 1 : undefined);
  if (small === undefined) return null;
  const scale = own(SCALES, textOf(tokens[at + 1]));
  return scale === undefined ? { value: small, next: at + 1 } : { value: small * scale, next: at + 2 };
}

function own(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
