/** One sample line, its labels still unread. */
export interface SampleLine {
  readonly name: string;
  /** Between the braces; empty when there are none. */
  readonly labels: string;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Metric name at the start of a sample line; null when it is not one (comment, blank, anything else). */
export function nameOf(line: string): string | null {
  return NAME.exec(line)?.[0] ?? null;
}

/** Reads `name{labels} value [timestamp]`, with what OpenMetrics appends after a `#`; null when it is not of that form. */
export function parseSample(line: string, name: string): SampleLine | null {
  let at = skipSpace(line, name.length);
  let labels = '';
  if (line[at] === '{') {
    const end = endOfLabels(line, at + 1);
    if (end === null) return null;
    labels = line.slice(at + 1, end);
    at = end + 1;
  }
  const value = parseNumber(line.slice(skipSpace(line, at)).split(/[ \t]/, 1)[0] ?? '');
  return value === null ? null : { name, labels, value };
}

/** Labels of a series; null when they are malformed. The later of two equal names counts. */
export function parseLabels(text: string): ReadonlyMap<string, string> | null {
  const labels = new Map<string, string>();
  const pair = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|$)/suy;
  const end = text.trimEnd().length;
  while (pair.lastIndex < end) {
    const match = pair.exec(text);
    if (match === null) return null;
    labels.set(match[1] ?? '', plain(match[2] ?? ''));
  }
  return labels;
}

/** Decimal, exponent, NaN, +Inf and -Inf; null for anything else. */
export function parseNumber(text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special === null) return null;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function plain(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(.)/gsu, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Index of the closing brace; braces inside quoted values do not count. */
function endOfLabels(line: string, from: number): number | null {
  let quoted = false;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '}') return at;
  }
  return null;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}
