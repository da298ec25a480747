import { type EnvironmentScan, scanEnvironments } from './environments.js';
import type { Act, Gathered } from './gather.js';
import { scope } from './gather.js';
import type { NameIndex } from './names.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { words } from './words.js';

export interface Targets {
  readonly environments: readonly string[];
  /** "From staging": where the version comes from when none is written. */
  readonly source: string | null;
  readonly tokens: readonly Token[];
  readonly problem: 'none' | 'missing' | 'unknown' | 'ambiguous' | 'alternatives' | 'excluded';
  /** The word that is the problem. */
  readonly word: string;
  readonly choices: readonly string[];
}

interface Entry {
  readonly name: string;
  readonly token: Token;
}

/** Which environments a text asks for, in which order. */
export function findTargets(gathered: Gathered, readings: readonly Reading[], index: NameIndex): Targets {
  const scans = [...readings]
    .filter((reading) => contributes(reading, gathered))
    .map((reading) => ({ reading, scan: scanOf(reading, gathered, index) }));
  const problem = firstProblem(
    scans.map(({ scan }) => scan),
    index,
  );
  if (problem !== null) return problem;
  const excluded = new Set(readings.flatMap((reading) => excludedBy(reading, gathered, index)));
  let entries: Entry[] = [];
  let all: Token | null = null;
  for (const { reading, scan } of scans) {
    entries = collect(entries, reading, scan, gathered);
    all ??= scan.all ?? everything(reading, scan);
  }
  const leads = scans.some(({ scan }) => scan.mentions.some((mention) => mention.place === 'front'));
  if (all !== null && (entries.length === 0 || leads)) entries = withRest(entries, all, index.order);
  if (entries.length === 0) entries = fallback(gathered, readings, index);
  const kept = entries.filter((entry) => !excluded.has(entry.name));
  if (kept.length === 0) return none(entries.length > 0 ? 'excluded' : 'missing', '', index.order);
  return {
    environments: kept.map((entry) => entry.name),
    source: sourceOf(scans, kept, gathered),
    tokens: kept.map((entry) => entry.token),
    problem: 'none',
    word: '',
    choices: [],
  };
}

/** All environments in promotion order, behind those that are to come first. */
function withRest(first: readonly Entry[], token: Token, order: readonly string[]): Entry[] {
  const rest = order.filter((name) => !first.some((entry) => entry.name === name));
  return [...first, ...rest.map((name) => ({ name, token }))];
}

/** The one environment that the orders for a deploy take their version from. */
function sourceOf(
  scans: readonly { readonly reading: Reading; readonly scan: EnvironmentScan }[],
  kept: readonly Entry[],
  gathered: Gathered,
): string | null {
  const found = new Set<string>();
  for (const { reading, scan } of scans) {
    const act = gathered.byReading.get(reading);
    if (act === undefined ? reading.mood !== 'name' : act.action !== 'deploy') continue;
    const targets = scan.mentions.filter((mention) => mention.role === 'target');
    const led = promotes(act, reading, targets) ? targets.slice(0, 1) : [];
    for (const mention of [...scan.mentions.filter((other) => other.role === 'source'), ...led])
      for (const name of mention.names) found.add(name);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined && !kept.some((entry) => entry.name === only) ? only : null;
}

function none(problem: Targets['problem'], word: string, choices: readonly string[]): Targets {
  return { environments: [], source: null, tokens: [], problem, word, choices };
}

function scanOf(reading: Reading, gathered: Gathered, index: NameIndex): EnvironmentScan {
  return gathered.byReading.get(reading)?.environments ?? scanEnvironments(scope(reading), index);
}

/** Orders for our actions, and fragments without a predicate ("Staging first, then production."). */
function contributes(reading: Reading, gathered: Gathered): boolean {
  if (gathered.byReading.has(reading)) return !(isStepOnly(reading, gathered) && gathered.acts.length > 1);
  if (reading.mood === 'name')
    return (
      !reading.clause.told &&
      !isReport(reading) &&
      (reading.tokens.some((token) => token.services.length > 0) ||
        !reading.tokens.some((token) => token.kind === 'rate')) &&
      gathered.fallback !== reading
    );
  if (reading.mood === 'condition') return followsOn(reading, gathered);
  return (
    reading.mood === 'order' &&
    isWord(reading.tokens[reading.at], 'use', 'target', 'include', 'start', 'stop', 'begin', 'set') &&
    reading.tokens.some((token) => token.environments.length > 0)
  );
}

const WELL = words('green fine happy healthy good stable ok okay tested verified done passed clean quiet');

/** "All green on staging", "Nothing for production yet": how it went, not where it is to go. */
function isReport({ tokens }: Reading): boolean {
  if (isWord(tokens[0], 'nothing', 'none', 'nowhere')) return true;
  if (tokens.some(({ kind, services }) => kind === 'version' || services.length > 0)) return false;
  return tokens.some(
    (token, at) => token.kind === 'word' && WELL.has(token.text) && isWord(tokens[at + 1], 'on', 'in'),
  );
}

function isStepOnly(reading: Reading, gathered: Gathered): boolean {
  const act = gathered.byReading.get(reading);
  return act?.action === 'test' && gathered.beyondTests && !leadsOn(reading);
}

/** "run the tests, then on to production if they pass" */
function leadsOn({ tokens }: Reading): boolean {
  return tokens.some(
    (token, at) =>
      token.environments.length > 0 &&
      tokens.slice(Math.max(0, at - 4), at).some((before) => isWord(before, 'then', 'onwards', 'afterwards')),
  );
}

/** "once staging is green, continue with production": staging comes first, asked for or not. */
function followsOn(reading: Reading, gathered: Gathered): boolean {
  if (reading.clause.lead !== 'condition' && reading.clause.lead !== 'time') return false;
  if (reading.tokens.some((token) => token.kind === 'rate')) return false;
  return gathered.goingOn.has(reading.clause.sentence);
}

function firstProblem(scans: readonly EnvironmentScan[], index: NameIndex): Targets | null {
  for (const scan of scans) {
    if (scan.either) return none('alternatives', '', index.order);
    const stranger = scan.unknown[0];
    if (stranger !== undefined) return none('unknown', stranger.text, index.order);
    const unclear = scan.mentions.find((mention) => mention.names.length > 1 && mention.role === 'target');
    if (unclear !== undefined) return none('ambiguous', unclear.token.text, unclear.names);
  }
  return null;
}

function excludedBy(reading: Reading, gathered: Gathered, index: NameIndex): readonly string[] {
  if (reading.mood === 'forbid' || (reading.mood === 'order' && reading.verb?.class === 'leave'))
    return scanEnvironments(scope(reading), index).mentions.flatMap((mention) => mention.names);
  if (reading.mood !== 'order' && reading.mood !== 'name') return [];
  return scanOf(reading, gathered, index)
    .mentions.filter((mention) => mention.role === 'excluded')
    .flatMap((mention) => mention.names);
}

function collect(
  before: readonly Entry[],
  reading: Reading,
  scan: EnvironmentScan,
  gathered: Gathered,
): Entry[] {
  let entries = [...before];
  const act = gathered.byReading.get(reading);
  const targets = scan.mentions.filter((mention) => mention.role === 'target');
  const sources = scan.mentions.filter((mention) => mention.role === 'source');
  const chosen =
    targets.length === 0 && act?.action === 'rollback'
      ? sources
      : promotes(act, reading, targets)
        ? targets.slice(1)
        : targets;
  if (restates(before, reading, chosen)) entries = [];
  for (const mention of chosen) {
    const name = mention.names[0];
    if (name === undefined) continue;
    const known = entries.findIndex((entry) => entry.name === name);
    if (known >= 0 && mention.place === 'next') continue;
    const entry = { name, token: mention.token };
    entries = entries.filter((other) => other.name !== name);
    if (mention.place === 'front') entries.unshift(entry);
    else if (mention.place === 'before-last') entries.splice(Math.max(0, entries.length - 1), 0, entry);
    else entries.push(entry);
  }
  return entries;
}

/** "… in production by noon. First staging, then pilot, then production.": all that was named, once more and in its order. */
function restates(
  before: readonly Entry[],
  { tokens }: Reading,
  chosen: EnvironmentScan['mentions'],
): boolean {
  const names = new Set(chosen.flatMap((mention) => mention.names));
  const ordered = tokens.some((token) => isWord(token, 'first', 'then') || token.kind === 'arrow');
  return ordered && names.size > before.length && before.every(({ name }) => names.has(name));
}

/** "promote checkout staging to production", "checkout staging -> prod": the first is where it comes from. */
function promotes(act: Act | undefined, reading: Reading, targets: EnvironmentScan['mentions']): boolean {
  if (targets.length !== 2) return false;
  const [first, second] = targets;
  if (first === undefined || second === undefined || first.place !== 'next') return false;
  const verb = act?.reading.verb?.lemma ?? '';
  const at = reading.tokens.findIndex((token) => token.start === first.token.start);
  const joiner = reading.tokens[at + 1];
  const arrow =
    joiner?.kind === 'arrow' ||
    (isWord(joiner, 'to', 'into', 'onto') && reading.tokens[at + 2]?.start === second.token.start);
  const led =
    isWord(reading.tokens[at - 1], 'to', 'onto', 'into', 'through', 'via', 'on', 'in') ||
    reading.tokens[at - 1]?.kind === 'arrow' ||
    (isPunct(reading.tokens[at - 1], ':') && reading.tokens.some((token) => token.kind === 'version'));
  if (!arrow || led) return false;
  return verb === 'promote' || act === undefined || !reading.tokens.some((token) => token.kind === 'version');
}

function everything(reading: Reading, scan: EnvironmentScan): Token | null {
  const token = reading.tokens.find((other) =>
    isWord(other, 'everything', 'everywhere', 'anywhere', 'anything'),
  );
  return token !== undefined && scan.mentions.some((mention) => mention.role === 'excluded') ? token : null;
}

const BROKEN = words(
  'broken down failing throwing crashing crashed errors error 500s slow unhealthy bad issues issue problem problems incident outage degraded timing returning leaking broke is has in on was since runs running',
);

/** Where something to be rolled back is running, when the order itself does not say. */
function fallback(gathered: Gathered, readings: readonly Reading[], index: NameIndex): Entry[] {
  const moves = gathered.acts.some(
    (act) =>
      act.reading.verb?.class === 'move' &&
      act.reading.tokens.some((token) => isWord(token, 'it', 'that')) &&
      act.versions.mentions.length > 0,
  );
  if (!moves && !gathered.acts.some((act) => act.action === 'rollback')) return [];
  const found = new Map<string, Entry>();
  for (const reading of readings) {
    const tells = reading.mood === 'state' || reading.mood === 'name';
    if (reading.clause.told || !(tells || reading.tokens.some((token) => BROKEN.has(token.text)))) continue;
    for (const token of reading.tokens)
      for (const name of token.environments)
        if (token.environments.length === 1) found.set(name, { name, token });
  }
  void index;
  return found.size === 1 ? [...found.values()] : [];
}
