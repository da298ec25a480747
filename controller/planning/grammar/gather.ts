import type { Action } from '../../domain/intent.js';
import { type EnvironmentScan, scanEnvironments } from './environments.js';
import { meaningOf } from './meaning.js';
import type { NameIndex } from './names.js';
import { soundsLikeOrder } from './odd-orders.js';
import type { Reading } from './reading.js';
import { isWord, type Token } from './token.js';
import { scanVersions, type VersionScan } from './versions.js';
import { words } from './words.js';

/** One order for one of our actions, with what its clause names. */
export interface Act {
  readonly reading: Reading;
  readonly action: Action;
  readonly weak: boolean;
  readonly environments: EnvironmentScan;
  readonly versions: VersionScan;
}

export interface Gathered {
  readonly acts: readonly Act[];
  readonly byReading: ReadonlyMap<Reading, Act>;
  /** Is there an order for something else than a test? */
  readonly beyondTests: boolean;
  /** Sentences in which a weak order goes on to another environment. */
  readonly goingOn: ReadonlySet<number>;
  /** Orders that nobody here understands. */
  readonly unknown: readonly Reading[];
  readonly cancels: Reading | null;
  /** Rolls back on a condition: what guards mean, not an order of its own. */
  readonly fallback: Reading | null;
}

const TROUBLE = words(
  'trouble problem problems issue issues failure failures error errors wrong sign regression regressions breach breached breaches unhealthy bad worse fails fail fire anomaly anomalies spike spikes degradation failing breaks automatically automatic auto auto-rollback threshold degraded degrades alarm breakage necessary needed must',
);
const NEEDED = words('necessary needed must');
const CHOOSES = words('otherwise else');

/** Sorts the readings of a text into orders for us, the way back that guards mean, and orders nobody understands. */
export function gather(readings: readonly Reading[], index: NameIndex): Gathered {
  const acts: Act[] = [];
  const unknown: Reading[] = [];
  let cancels: Reading | null = null;
  let fallback: Reading | null = null;
  for (const [at, reading] of readings.entries()) {
    if (soundsLikeOrder(reading)) unknown.push(reading);
    if (reading.mood !== 'order') continue;
    const meaning = meaningOf(reading);
    if (meaning.kind === 'unknown') unknown.push(reading);
    else if (meaning.kind === 'cancel') cancels = reading;
    else if (meaning.kind === 'act') {
      if (meaning.action === 'rollback' && isConditional(reading, readings[at - 1], readings[at + 1]))
        fallback = reading;
      else acts.push(toAct(reading, meaning.action, meaning.weak, index));
    }
  }
  return withActs({ unknown, cancels, fallback }, acts);
}

const ON = words('continue proceed go move carry follow progress advance');

export function withActs(
  rest: Pick<Gathered, 'unknown' | 'cancels' | 'fallback'>,
  acts: readonly Act[],
): Gathered {
  const on = acts.filter((act) => act.weak && ON.has(act.reading.verb?.lemma ?? ''));
  return {
    unknown: rest.unknown,
    cancels: rest.cancels,
    fallback: rest.fallback,
    acts,
    byReading: new Map(acts.map((act) => [act.reading, act])),
    beyondTests: acts.some((act) => act.action !== 'test'),
    goingOn: new Set(on.map((act) => act.reading.clause.sentence)),
  };
}

function toAct(reading: Reading, action: Action, weak: boolean, index: NameIndex): Act {
  return {
    reading,
    action,
    weak,
    environments: scanEnvironments(scope(reading), index),
    versions: scanVersions(scope(reading)),
  };
}

/** The clause without its verb, which may be spelt like a name. */
export function scope(reading: Reading): readonly Token[] {
  const token = reading.tokens[reading.at];
  if (token === undefined || (token.environments.length === 0 && token.services.length === 0))
    return reading.tokens;
  if (reading.verb === null || !(reading.mood === 'order' || reading.mood === 'forbid'))
    return reading.tokens;
  if (reading.verb.form !== 'base' || token.text !== reading.verb.lemma) return reading.tokens;
  return reading.tokens.map((other) =>
    other === token ? { ...token, environments: [], services: [] } : other,
  );
}

function isConditional(reading: Reading, before: Reading | undefined, after: Reading | undefined): boolean {
  if (CHOOSES.has(reading.clause.word)) return true;
  const placed = reading.tokens.some((token) => token.environments.length > 0);
  if (
    reading.tokens.some(
      (token) =>
        token.kind === 'rate' ||
        (token.kind === 'word' && TROUBLE.has(token.text) && !(placed && NEEDED.has(token.text))),
    )
  )
    return true;
  return [before, after].some((other) => isTrigger(other, reading));
}

function isTrigger(other: Reading | undefined, reading: Reading): boolean {
  if (other === undefined || other.clause.sentence !== reading.clause.sentence) return false;
  if (other.clause.word === 'until' || other.clause.word === 'till') return false;
  return other.mood === 'condition' && other.clause.lead !== 'time' && !isCourtesy(other);
}

/** "if possible", "when you get a chance". */
export function isCourtesy(reading: Reading): boolean {
  const { tokens } = reading;
  if (tokens.length > 8 || tokens.some((token) => token.kind === 'rate' || token.kind === 'duration'))
    return false;
  if (
    tokens.length <= 2 &&
    tokens.some((token) => isWord(token, 'possible', 'ready', 'convenient', 'able', 'free'))
  )
    return true;
  const you = tokens.some((token) =>
    isWord(token, 'you', "you're", 'u', 'someone', 'somebody', 'anyone', 'they', 'possible'),
  );
  return you && tokens.some((token) => COURTEOUS.has(token.text));
}

const COURTEOUS = words(
  'possible can could chance moment minute sec second ready mind free time convenient able please around online awake get have like',
);
