import { type OpenClause, pattern, type Taken, withoutKeepingNames } from './pattern.js';
import { between, complement, daily, freezesOf, type Span } from './week.js';

const TIME = '\\{[tn]=\\d+\\}';
const EXACT = '\\{t=\\d+\\}';
const DAY = '\\{D=\\d+\\}';
const DAYS = `(?:(?:on|at|over|during|in|the|every|any|all|of|a) )*${DAY}`;
const CLOCK_DAY = `(?:from |between )?${EXACT} (?:on )?${DAY},? ?(?:to|until|till|and|through|-) ?${EXACT} (?:on )?${DAY}`;
const WEEK_RANGE = `${CLOCK_DAY}|(?:from |between )?(?:on )?${DAY}(?: at|,)? ${EXACT},? ?(?:to|until|till|and|through|-) ?(?:on )?${DAY}(?: at|,)? ${EXACT}`;
const OF_DAY = `(?:(?:between |from )${TIME} ?(?:and|to|until|till|-) ?${TIME}|${EXACT} ?(?:to|until|till|-) ?${EXACT}|(?:after|from|past|as of|starting at|later than) ${EXACT}(?: on(?:wards?)?(?= (?:on|at|and|or|,|$|\\{)|$))?|(?:before|until|till|earlier than) ${EXACT})`;
const ITEM = `(?:${WEEK_RANGE}|${DAYS},? ${OF_DAY}|${OF_DAY},? ${DAYS}|${DAYS}|${OF_DAY})`;
const SEPARATOR = '(?:, (?:and |or |nor |and also |as well as )?| (?:and|or|nor|as well as) )';
const LIST = `(?:${ITEM}(?:${SEPARATOR}${ITEM})*)`;
const OUTSIDE =
  '(?:(?<outside>outside)(?: of)? (?:the )?(?:(?:business|office|working|core) hours,? ?)?(?:(?:of|window|period|times?|hours) )?\\(?)?';
const WINDOW = `${OUTSIDE}(?<list>${LIST})\\)?`;

const FORBIDDEN = pattern(WINDOW);
const HAPPEN =
  '(?:happen|take place|occur|start|be (?:deployed|released|done|made|performed|scheduled|started|executed|carried out|promoted|shipped|rolled out)|go(?: out| live)?|deploy|release)';
const ALLOWED = pattern(
  `(?:only (?:<P> )?(?:be )?(?:${HAPPEN}|allowed|permitted|deployed|done|made|performed|happens?)? ?(?:(?:to|in) <E> )?(?:during |within )?${WINDOW}|<MUST> (?:only )?${HAPPEN} (?:(?:to|in) <E> )?(?:only )?(?:during |within )?${WINDOW.replaceAll('?<', '?<second_')})`,
);
const ZONE = /\{z=([^}]+)\}/;

/** Times of the week in which nothing is deployed; where only some times are allowed, all the others. */
export function readFreeze(clause: OpenClause): Taken | null {
  const zones = [...clause.text.matchAll(new RegExp(ZONE, 'g'))];
  if (zones.length > 1) return null;
  const text = clause.text
    .replace(ZONE, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/\( *\)/g, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/ (?=,)/g, '')
    .trim();
  const match = (clause.negative ? FORBIDDEN : ALLOWED).exec(text);
  if (match === null) return null;
  const spans = spansOf(match.groups?.list ?? match.groups?.second_list ?? '');
  if (spans === null) return null;
  const outside = match.groups?.outside !== undefined || match.groups?.second_outside !== undefined;
  const frozen = outside === clause.negative ? complement(spans) : spans;
  if (frozen.length === 0 || frozen.length > MOST_SPANS) return null;
  const demands = freezesOf(frozen, zones[0]?.[1] ?? 'UTC').map((freeze) => ({
    kind: 'freeze' as const,
    freeze,
  }));
  return { demands, text: withoutKeepingNames(text, match) };
}

const MOST_SPANS = 14;

/** null: a list with a part that says no time of the week. */
function spansOf(list: string): readonly Span[] | null {
  if (
    /[^\s,]/.test(
      list.replace(new RegExp(ITEM, 'giu'), ' ').replace(/\b(?:and|or|nor|also|as well as)\b/gi, ' '),
    )
  )
    return null;
  const spans: Span[] = [];
  for (const [item] of list.matchAll(new RegExp(ITEM, 'giu'))) {
    const read = spanOf(item);
    if (read === null) return null;
    spans.push(...read);
  }
  return spans;
}

function spanOf(item: string): readonly Span[] | null {
  const days = [...item.matchAll(/\{D=(\d+)\}/g)].map(([, digits]) => [...(digits ?? '')].map(Number));
  const times = [...item.matchAll(/\{([tn])=(\d+)\}/g)].map(
    ([, kind, value]) => Number(value) * (kind === 'n' ? 60 : 1),
  );
  if (times.some((time) => time > MIDNIGHT)) return null;
  const [on = EVERY_DAY, until] = days;
  const [first, second] = times;
  if (until !== undefined) {
    const [fromDay, toDay] = [on[0], until[0]];
    if (on.length > 1 || until.length > 1 || fromDay === undefined || toDay === undefined) return null;
    return first === undefined || second === undefined ? null : [between(fromDay, first, toDay, second)];
  }
  if (first === undefined) return daily(on, 0, MIDNIGHT);
  if (second !== undefined) return first === second ? null : daily(on, first, second);
  return /\b(?:before|until|till|earlier than)\b/i.test(item)
    ? daily(on, 0, first)
    : first >= MIDNIGHT
      ? null
      : daily(on, first, MIDNIGHT);
}

const MIDNIGHT = 24 * 60;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
