import type { Request } from '../../domain/interpretation.js';
import { ask, isNamed, type LooseEnd, textOf } from './loose-end.js';
import type { Reading } from './reading.js';
import { isWord, type Token } from './token.js';
import { BE, words } from './words.js';

/** What is said of a service, a version or an environment besides the order, and does not go with it. */
export function findLooseField(open: readonly Reading[], request: Request): LooseEnd | null {
  return (
    otherService(open, request) ??
    allBut(open) ??
    asserted(open) ??
    otherPlace(open) ??
    unclearPronoun(open) ??
    otherwiseBound(open, request) ??
    onlyFor(open) ??
    describedVersion(open, request) ??
    disputedVersion(open, request)
  );
}

/** "build-cache 6.0.3 to dev, and roll back planner": a second request, without a verb. */
function otherService(open: readonly Reading[], { service }: Request): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood !== 'name' || reading.clause.lead === 'aside') continue;
    const other = reading.tokens.find(({ services }) => services.length === 1 && services[0] !== service);
    const requests = reading.tokens.some(
      ({ kind, environments }) => kind === 'version' || environments.length > 0,
    );
    if (other !== undefined && requests)
      return ask(
        `More than one service is named (${service}, ${other.raw}). Which one? One intent is about one service.`,
        reading,
      );
  }
  return null;
}

const ASSERTS = words("is was are were isn't wasn't aren't weren't would wouldn't will");

/** "Deploy checkout 5.5.0 to production is what we must not do": an order that is only spoken of. */
function asserted(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    const { mood, verb, tokens, at } = reading;
    if (mood !== 'order' || at !== 0 || verb?.form !== 'base') continue;
    const said = tokens.findIndex(
      (token, index) => ASSERTS.has(token.text) && index > 2 && isNamed(tokens[index - 1] as Token),
    );
    if (said >= 0 && !tokens.slice(0, said).some((token) => INTRODUCES.has(token.text)))
      return ask(`"${textOf(reading)}": is it to be done, or only spoken of?`, reading);
  }
  return null;
}

const INTRODUCES = words('what which that whatever whichever who where because since as and so but it');

const SEQUENCE = words(
  'then after afterwards next later also too finally once second and plus subsequently before',
);

/** "Subject: pass 6.0 to ops", "please deploy pass 6.0 to test": the same thing asked for twice, and not at the same place. */
function otherPlace(open: readonly Reading[]): LooseEnd | null {
  const whole = open.filter(
    ({ mood, tokens }) =>
      (mood === 'order' || mood === 'name') &&
      tokens.some(({ services }) => services.length > 0) &&
      tokens.some(({ kind }) => kind === 'version') &&
      tokens.some(({ environments }) => environments.length > 0),
  );
  const [first, second] = whole;
  // Two orders are one after the other.
  if (first === undefined || second === undefined || first.mood === second.mood) return null;
  if (first.clause.sentence === second.clause.sentence) return null;
  const places = ({ tokens }: Reading) => new Set(tokens.flatMap(({ environments }) => environments));
  const [before, after] = [places(first), places(second)];
  if ([...after].some((name) => before.has(name)) || second.tokens.some(({ text }) => SEQUENCE.has(text)))
    return null;
  return ask(`"${textOf(first)}", and "${textOf(second)}": which of the two?`, second);
}

/** "lobby and chat are both green. Ship it": which one is "it"? Of the nearest sentence before that names a service. */
function unclearPronoun(open: readonly Reading[]): LooseEnd | null {
  let nearest: Named = { sentence: -1, services: new Set(), ordered: false };
  for (const reading of open) {
    const services = reading.tokens.flatMap((token) => token.services);
    const pronoun = reading.tokens[reading.at + 1];
    const pointsBack = reading.mood === 'order' && services.length === 0 && isWord(pronoun, ...POINTING);
    if (pointsBack && nearest.services.size > 1 && !nearest.ordered)
      return ask(`What is "${pronoun?.raw}": ${[...nearest.services].join(' or ')}?`, reading);
    if (services.length === 0) continue;
    const { sentence } = reading.clause;
    if (nearest.sentence !== sentence) nearest = { sentence, services: new Set(), ordered: false };
    for (const name of services) nearest.services.add(name);
    nearest.ordered ||= reading.mood === 'order';
  }
  return null;
}

/** The services that a sentence names. */
interface Named {
  readonly sentence: number;
  readonly services: Set<string>;
  ordered: boolean;
}

const POINTING = ['it', 'them', 'both', 'that', 'this'];

const OBLIGES = words('has have must should needs need ought shall');

/** "Ireland has to be the first region": said of a place that is asked for, and no order. */
function otherwiseBound(open: readonly Reading[], { environments }: Request): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood !== 'state') continue;
    if (ranks(reading))
      return ask(`What does "${textOf(reading)}" mean for the order of environments?`, reading);
    const place = reading.tokens.findIndex((token) =>
      token.environments.some((name) => environments.includes(name)),
    );
    const obliged = reading.tokens.findIndex(
      (token, at) => at > place && token.kind === 'word' && OBLIGES.has(token.text),
    );
    const infinitive = reading.tokens.slice(obliged, obliged + 3).some((token) => isWord(token, 'to', 'be'));
    if (place >= 0 && obliged === place + 1 && infinitive)
      return ask(`What does "${textOf(reading)}" mean for the order of environments?`, reading);
  }
  return null;
}

/** "America has to be first". */
function ranks({ tokens }: Reading): boolean {
  const at = tokens.findIndex((token) => token.kind === 'word' && OBLIGES.has(token.text));
  return at >= 0 && tokens.slice(at, at + 6).some((token) => isWord(token, 'first', 'last'));
}

/** "but only for the paediatric wards": a release is for all of an environment. */
function onlyFor(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood !== 'order' && reading.mood !== 'name') continue;
    const [at, rest] = limitedTo(reading.tokens);
    if (
      at >= 0 &&
      !rest.some((token) => isNamed(token) || token.kind === 'duration' || isWord(token, ...TIMES))
    )
      return ask(
        `"${textOf({ ...reading, tokens: reading.tokens.slice(at) })}": a release is for all of an environment. Is it meant so?`,
        reading,
      );
  }
  return null;
}

const TIMES = ['now', 'today', 'tonight', 'moment', 'time', 'minutes', 'hours'];

/** Where "only for the wards" or "for the wards only" begins, and for what it is. */
function limitedTo(tokens: readonly Token[]): readonly [number, readonly Token[]] {
  const only = tokens.findIndex((token) => isWord(token, 'only'));
  if (only < 0) return [-1, []];
  if (isWord(tokens[only + 1], 'for')) return [only, tokens.slice(only + 2, only + 6)];
  const last = tokens.findLastIndex(
    (token, at) => at < only && (isWord(token, 'for') || token.kind === 'punct'),
  );
  const ends = tokens[only + 1] === undefined || tokens[only + 1]?.kind === 'punct';
  if (!ends || !isWord(tokens[last], 'for') || only - last > 6) return [-1, []];
  return [last, tokens.slice(last + 1, only)];
}

/** "Deploy anything but checkout": all services but one are no one service. */
function allBut(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    const but = reading.tokens.findIndex(
      (token, at) =>
        isWord(token, 'anything', 'everything', 'all', 'any') &&
        isWord(reading.tokens[at + 1], 'but', 'except', 'besides') &&
        reading.tokens.slice(at + 2, at + 5).some(({ services }) => services.length > 0),
    );
    if (but >= 0)
      return ask(`"${textOf(reading)}": which service is that? One intent is about one service.`, reading);
  }
  return null;
}

const DESCRIBES =
  /\b(?:version|release|build|tag|one) (?:that|which|where|whose|without|with the|before (?:the|that|it|we|he|she|they|last|this)|after (?:the|that|it|we|last)|from (?:last|before)|we had|i (?:had|sent|built|gave)|he|she|they)\b|\b(?:other|right|correct) (?:version|release|build|one|tag)\b|\bwhat (?:it|we|there) (?:was|were|had)\b|\bthat one\b/i;
const CHOOSES = /\b(?:other|right|correct) (?:version|release|build|one|tag)\b/i;

/** "the version that doesn't have the cookie banner", "the ticket says 1.12.1, the chat says 1.13.0": which one that is, people know. */
function describedVersion(open: readonly Reading[], { version, action }: Request): LooseEnd | null {
  const ordered = open.filter(({ mood }) => mood === 'order' || mood === 'name');
  const chosen = ordered.find((reading) => reading.mood === 'order' && CHOOSES.test(textOf(reading)));
  if (chosen !== undefined) return ask(`"${textOf(chosen)}": which version is that?`, chosen);
  if (version !== null && ordered.some(({ tokens }) => tokens.some(({ raw }) => raw === version)))
    return null;
  if (version === 'latest') return null;
  const sentences = new Map<number, string>();
  for (const { clause, tokens } of open) {
    const text = [clause.word, ...tokens.map(({ raw }) => raw)].join(' ');
    sentences.set(clause.sentence, `${sentences.get(clause.sentence) ?? ''} ${text}`);
  }
  for (const reading of open) {
    const found = (version === null ? DESCRIBES : CHOOSES).exec(sentences.get(reading.clause.sentence) ?? '');
    if (found !== null) return ask(`"${found[0]}": which version is that?`, reading);
  }
  const lost = open.find(
    ({ mood, tokens }) =>
      action === 'deploy' &&
      (mood === 'forbid'
        ? tokens.some(({ kind }) => kind === 'version')
        : ['order', 'name'].includes(mood) && tokens.some(isNumbered)),
  );
  if (version === null && lost !== undefined)
    return ask(`Which version is meant in "${textOf(lost)}"?`, lost);
  const told = open.filter(
    ({ mood, tokens }) => mood === 'state' && tokens.some(({ kind }) => kind === 'version'),
  );
  const versions = new Set(
    told.flatMap(({ tokens }) => tokens.filter(({ kind }) => kind === 'version').map(({ raw }) => raw)),
  );
  const [first] = told;
  const enough = version === null && action !== 'rollback' ? 1 : 2;
  if (first === undefined || versions.size < enough) return null;
  return ask(`Which version is meant: ${[...versions].join(' or ')}?`, first);
}

/** "release 3.1": a number that says that it is a version. */
function isNumbered(token: Token, at: number, tokens: readonly Token[]): boolean {
  return token.kind === 'version' && isWord(tokens[at - 1], 'version', 'release', 'tag', 'build', 'v');
}

const BAD = words('broken bad wrong faulty buggy withdrawn yanked revoked unusable not no');

/** "Max says 4.2.0 is the broken one": said of the version that is asked for. */
function disputedVersion(open: readonly Reading[], { version }: Request): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood === 'order' || reading.mood === 'name') continue;
    const at = reading.tokens.findIndex(({ raw }) => raw === version);
    if (at < 0 || !BE.has(reading.tokens[at + 1]?.text ?? '')) continue;
    const said = reading.tokens.slice(at + 1, at + 5);
    if (said.some((token) => token.kind === 'word' && (BAD.has(token.text) || token.text.endsWith("n't"))))
      return ask(`"${textOf(reading)}": is ${version} to be taken nevertheless?`, reading);
  }
  return null;
}
