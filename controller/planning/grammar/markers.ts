import type { Mood } from './reading.js';

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
  {
    moods: ['order', 'name', 'forbid', 'muse'],
    pattern: /\bnot (?:just |quite )?yet\b(?! (?:to|in|on|into|for)\b)/i,
  },
  {
    moods: null,
    pattern: new RegExp(`${I_WILL} (?:\\w+ ){0,2}(?:shout|holler|yell|ping|whistle|signal|call you)\\b`, 'i'),
  },
  { moods: null, pattern: /\b(?:perhaps|maybe|possibly)\b/i },
  {
    moods: null,
    pattern:
      /\b(?:i|we|he|she|they|\w+ (?:has|have)) (?:clearly |just )?(?:said|say|says|answered|replied) (?:a (?:clear|firm) )?no\b(?! (?:more|less)\b)|\b(?:answer|reply|verdict|decision) (?:is|was|remains) (?:a (?:clear|firm) )?no\b|\b(?:i|we|he|she|they) (?:refused|declined|objected|vetoed|turned (?:it|that|this|them) down)\b/i,
  },
  {
    moods: null,
    pattern:
      /\b(?:would|could|should|might)(?: have|['’]ve) (?:been|\w+ed|gone|done|had|written|sent|said|put|gotten)\b|\bif only\b/i,
  },
  {
    moods: null,
    pattern:
      /\b(?:hypothetical\w*|theoretical\w*|imagine|suppose|joke|joking|kidding|pretend|just for fun|draft)\b/i,
  },
];

/** The first marker in a clause, in its words; null: there is none. */
export function findMarker(mood: Mood, text: string): string | null {
  for (const { moods, pattern } of MARKERS) {
    if (moods !== null && !moods.includes(mood)) continue;
    const found = pattern.exec(text);
    if (found !== null) return found[0].trim();
  }
  return null;
}
