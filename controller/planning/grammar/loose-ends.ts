import type { Request } from '../../domain/interpretation.js';
import { scheduledAt } from './conditions.js';
import { ask, isNamed, type LooseEnd, textOf } from './loose-end.js';
import { findLooseField } from './loose-fields.js';
import { findMarker } from './markers.js';
import type { Reading } from './reading.js';
import { isWord } from './token.js';
import { SUBJECTS, words } from './words.js';

/** "Nobody will notice", "don't let them see it": whoever says so wants to go around somebody. */
const UNNOTICED: readonly RegExp[] = [
  /\b(?:nobody|no ?one)\b.{0,4}(?:will|would|['’]ll|has to|have to|needs to|is going to|must|should|ever) (?:\w+ )?(?:notice|know|find out|mind|care|miss|see|ask)s?\b/i,
  /\bwithout (?:any ?(?:one|body)|them|him|her) (?:noticing|knowing|seeing|finding out)\b/i,
  /\b(?:don['’]?t|do not|never|not) let (?:[\w-]+ ){1,6}(?:notice|know|see|find out|hear|learn)\b/i,
  /\bbehind (?:[\w-]+ ){0,3}[\w-]+['’]?s? backs?\b/i,
  /\bkeep (?:it|this|that) (?:quiet|secret|under wraps|between us|to (?:yourself|ourselves))\b/i,
];

/** What stands in the way of taking a text for the request that was found in it; null: nothing. */
export function findLooseEnd(readings: readonly Reading[], request: Request): LooseEnd | null {
  const open = readings.filter(({ clause }) => !clause.told);
  for (const reading of open)
    if (UNNOTICED.some((pattern) => pattern.test(textOf(reading))))
      return { kind: 'beyond', question: 'it asks to act without somebody knowing', tokens: reading.tokens };
  return (
    marked(open) ??
    questioned(open) ??
    contrasted(open) ??
    addressed(open) ??
    scheduled(open) ??
    reported(open) ??
    findLooseField(open, request)
  );
}

function marked(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    const found = findMarker(reading.mood, textOf(reading));
    if (found !== null)
      return ask(`"${found}": is it to be done, now, as it is written? Please say only that.`, reading);
  }
  return null;
}

/** "api 4.1.1 to prod. Or shall we talk first?": a question of its own beside an order. */
function questioned(open: readonly Reading[]): LooseEnd | null {
  const ordered = new Set(open.filter(({ mood }) => mood === 'order').map(({ clause }) => clause.sentence));
  const asked = open.find(
    ({ mood, clause }) => mood !== 'order' && clause.question && !ordered.has(clause.sentence),
  );
  return asked === undefined
    ? null
    : ask(`"${textOf(asked)}?": is it to be done, or is that the question?`, asked);
}

const CONTRASTS = words('although though however');

/** "…, but I know that they aren't happy with it": an objection of whoever asks. */
function contrasted(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    if (reading.mood === 'order' || reading.mood === 'name') continue;
    const [first, second] = reading.tokens.filter(({ kind }) => kind === 'word');
    const subject = isWord(first, 'but') ? second : reading.clause.word === 'but' ? first : undefined;
    const objects = subject !== undefined && SUBJECTS.has(subject.text);
    if (objects || CONTRASTS.has(reading.clause.word) || (first !== undefined && CONTRASTS.has(first.text)))
      return ask(`"${textOf(reading)}": is it to be done nevertheless?`, reading);
  }
  return null;
}

const OUR_NAMES =
  /bot|commander|ops|team|here|all|everyone|channel|sre|platform|oncall|on-call|release|deploy|agent/i;

/** "@nadia please take over from me": an order to somebody else. */
function addressed(open: readonly Reading[]): LooseEnd | null {
  for (const reading of open) {
    const first = reading.tokens.find(
      (token) => !isWord(token, 'hey', 'hi', 'hello', 'please', 'dear', 'ok'),
    );
    if ((reading.mood !== 'order' && reading.mood !== 'name') || first?.kind !== 'mention') continue;
    if (!OUR_NAMES.test(first.raw))
      return ask(`Is that for ${first.raw} to do, or for this controller?`, reading);
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

const SAYS = words(
  `writes wrote says said asks asked told quote quotes reads answered replied phoned called calls emailed mailed texted messaged pinged demands demanded insists insisted shouted yelled ordered requested requests
  announced announces states stated claims claimed begs begged commented comments posted suggested suggests mumbled muttered`,
);

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
