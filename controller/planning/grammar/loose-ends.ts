import type { Request } from '../../domain/interpretation.js';
import { scheduledAt } from './conditions.js';
import type { Mood, Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { words } from './words.js';

/** What a text leaves open although an order was found in it. */
export interface LooseEnd {
  readonly kind: 'ask' | 'beyond';
  readonly question: string;
  readonly tokens: readonly Token[];
}

interface Marker {
  /** null: wherever it stands, but where something is quoted or listed. */
  readonly moods: readonly Mood[] | null;
  readonly pattern: RegExp;
}

const I_WILL = String.raw`\b(?:i|we)(?:['’]ll| will| shall|['’](?:m|re) going to| (?:am|are) going to)`;
const HANDS_IN =
  'send|give|tell|confirm|provide|share|forward|follow|decide|check|add|post|let|pass|announce|say|name|pick|choose|update|come back|get back|report|write|clarify|specify|know|find';
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

/**
 * Words of closed classes: who uses one has not decided, does not know, takes something back, or speaks of more than this once. Each pattern
 * is bounded, so that the whole takes linear time. Of 1,166 texts that are plans, none has one of them.
 */
const MARKERS: readonly Marker[] = [
  { moods: null, pattern: new RegExp(`${I_WILL} (?:\\w+ ){0,2}(?:${HANDS_IN})\\b`, 'i') },
  {
    moods: null,
    pattern:
      /\b(?:tbd|tbc|tba|to be (?:confirmed|decided|determined|announced|defined|discussed|clarified|agreed))\b|\b(?:version|number|tag|details|name|rest)\b.{0,20}\b(?:will follow|follows|to follow)\b/i,
  },
  {
    moods: ['order', 'name'],
    pattern: new RegExp(
      `\\b(?:every|each) (?:other )?(?:day|night|week|month|hour|morning|evening|weekday|weekend|${DAY}|time|release|commit|merge|sprint|push|quarter)\\b|\\b(?:from now on|on a (?:regular|daily|weekly) basis|in future|whenever|regularly|periodically|repeatedly)\\b|\\b(?:daily|weekly|hourly|nightly)(?=$| [.;,!])`,
      'i',
    ),
  },
  {
    moods: null,
    pattern:
      /\b(?:never ?mind|second thoughts?|scratch that|strike that|forget (?:it|that|this|about)|changed? (?:my|our|his|her|their) minds?|on reflection|come to think of it|hold on|cancel (?:that|this|it)|ignore (?:that|this|my)|disregard|false alarm|(?:it|this|that) is no longer (?:needed|necessary|required|wanted)|not needed any ?more|call (?:it|that|this) off|leave it (?:for now|be|as it is)|let['’]s not|better not|rather not|on hold|take that back|or not)\b/i,
  },
  {
    moods: null,
    pattern:
      /\b(?:pretty|fairly|quite|almost|reasonably|half|rather|not(?: \w+)?) (?:sure|certain|positive)\b|\b(?:could|might|may) (?:also |well |just )?(?:be|have been)\b|\b(?:i|we) (?:think|believe|guess|suppose|assume|reckon|presume)\b|\b(?:probably|presumably|apparently|supposedly|allegedly|likely|iirc|afaik|afair|if i remember|if i['’]m not mistaken|from memory|or so|or something|something like|or thereabouts|unless i)\b/i,
  },
  {
    moods: ['order', 'name', 'context', 'muse', 'state'],
    pattern:
      /\bsame\b(?: [\w-]+){0,3} (?:as|like)\b|\b(?:identical|similar)\b(?: [\w-]+){0,3} (?:as|like|to)\b|\blike (?:last|before|always|usual|the (?:last|previous|other)|we did|in the|for the)\b|\bas (?:last time|before|usual|always|previously)\b/i,
  },
  {
    moods: null,
    pattern:
      /\b(?:wherever|whichever|whatever(?! is (?:the )?(?:newest|latest))|whoever|however many|depending on|depends on|subject to|as long as|only if|in the event|at (?:your|his|her|their) discretion|as you see fit|up to you|your (?:choice|call|pick))\b/i,
  },
];

/** "Nobody will notice": whoever says so wants to go around somebody. */
const UNNOTICED =
  /\b(?:nobody|no ?one)\b.{0,4}(?:will|would|['’]ll|has to|have to|needs to|is going to|must|should|ever) (?:\w+ )?(?:notice|know|find out|mind|care|miss|see|ask)s?\b|\bwithout (?:any ?(?:one|body)|them|him|her) (?:noticing|knowing|seeing|finding out)\b/i;

/** What stands in the way of taking a text for the request that was found in it; null: nothing. */
export function findLooseEnd(readings: readonly Reading[], request: Request): LooseEnd | null {
  const open = readings.filter(({ clause }) => !clause.told);
  for (const reading of open)
    if (UNNOTICED.test(textOf(reading)))
      return { kind: 'beyond', question: 'it asks to act without somebody knowing', tokens: reading.tokens };
  return (
    marked(open) ??
    scheduled(open) ??
    reported(open) ??
    otherService(open, request) ??
    unclearPronoun(open) ??
    otherwiseBound(open, request)
  );
}

function marked(open: readonly Reading[]): LooseEnd | null {
  for (const { moods, pattern } of MARKERS)
    for (const reading of open) {
      if (moods !== null && !moods.includes(reading.mood)) continue;
      const found = pattern.exec(textOf(reading));
      if (found !== null)
        return ask(
          `"${found[0].trim()}": is it to be done, now, as it is written? Please say only that.`,
          reading,
        );
    }
  return null;
}

/** "alpha today, beta tomorrow: mm 44.3": times in a list of places. */
function scheduled(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood !== 'name' || !reading.tokens.some(isNamed)) continue;
    const when = scheduledAt(reading.tokens, -1);
    if (when !== null)
      return ask(
        `Nothing can be planned for later ("${when.raw}"): commit the intent when it should happen. Should it happen now?`,
        reading,
      );
  }
  return null;
}

const SAYS = words('writes wrote says said asks asked told quote quotes reads answered replied');

/** `A customer writes: "Please deploy …"`: somebody else's order. */
function reported(open: readonly Reading[]): LooseEnd | null {
  for (const [at, reading] of open.entries()) {
    const next = open[at + 1];
    const says = reading.mood === 'state' && isWord(reading.tokens.at(-1), ...SAYS);
    if (says && next?.clause.word === ':' && ['order', 'name'].includes(next.mood))
      return ask(`Is what "${textOf(reading)}" to be done, or only told?`, next);
  }
  return null;
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

function isNamed(token: Token): boolean {
  return token.services.length > 0 || token.environments.length > 0 || token.kind === 'version';
}

function ask(question: string, { tokens }: Reading): LooseEnd {
  return { kind: 'ask', question, tokens };
}

function textOf({ tokens }: Reading): string {
  return tokens
    .filter((token) => !isPunct(token, '"', '“', '”'))
    .map(({ raw }) => raw)
    .join(' ');
}
