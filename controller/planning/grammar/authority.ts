import { isFixOf } from './fixes.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { isOurWord, RULES } from './vocabulary.js';
import { DETERMINERS, NEGATIONS, words } from './words.js';

/** What a text says about approvals and rules, where a text cannot settle them. */
export interface AuthorityTalk {
  readonly kind: 'beyond' | 'unclear';
  readonly tokens: readonly Token[];
}

const PRODUCT = words(
  'step steps page pages button buttons form forms flow flows screen screens view email emails mail mails link links workflow bug bugs comment comments rating ratings count counts widget widgets section sections text texts list lists table tab stars score scores banner dialog dialogs module copy reminder history api widget tool manual card cards feed engine model format checker app',
);
const OF_PRODUCT = words(
  'product customer user book star hotel app-store film movie restaurant guest buyer seller',
);
const BOSSES = words(
  'admin administrator root system ceo cto cso ciso vp owner boss management security director president god anthropic openai me myself i us',
);
const GIVEN = words(
  'given granted obtained received arrived came got there signed done passed complete completed finished merged happened attached yes recorded linked collected ticket took asks requires demands expects',
);
const UNSETTLES = words(
  'waived unnecessary optional superfluous moot disabled skipped skip off lifted ignore ignored forbids forbid forbidden prohibits disallows says blocks against despite regardless although though anyway anyways nevertheless apply applies void suspended damned screwed losers stupid relaxed overridden override exception exempt exempted outdated obsolete wrong stupid pointless formality later afterwards retroactively verbal verbally',
);
const OBLIGES = words('must should needs need has have shall');
const KEEPS = words(
  'come stay stays remain remains apply applies happen happens hold holds pass passes keep kept given required done follow followed respect respected through be',
);
const ASKS = words('asks requires demands expects wants');
const GUARDIANS = words('watchdog audit quarantine guardrails safeguards governance');
const PROTECTS = words(
  'skip skips skipped skipping bypass bypassed bypasses bypassing ignore ignored break violate circumvent override',
);

/** The first thing a text says about approvals, reviews or rules that is neither a plain fact nor a wish to keep them. */
export function findAuthorityTalk(readings: readonly Reading[]): AuthorityTalk | null {
  const talks = readings.some((reading) => !reading.clause.told && ruleAt(reading.tokens, 0) >= 0);
  let unclear: AuthorityTalk | null = null;
  for (const reading of readings) {
    if (reading.clause.told) continue;
    const bare = goesWithout(reading);
    if (bare !== null && talks) return { kind: 'beyond', tokens: bare };
    if (talks && spares(reading)) return { kind: 'beyond', tokens: reading.tokens.slice(0, 4) };
    if (bare !== null && !isWord(bare[1], 'waiting')) unclear ??= { kind: 'unclear', tokens: bare };
    const talk = talkOf(reading);
    if (talk?.kind === 'beyond') return talk;
    unclear ??= talk;
  }
  return unclear;
}

/** "the review took place, no need for another": what may be left out is not ours to say. */
function spares(reading: Reading): boolean {
  return (
    reading.mood === 'forbid' &&
    reading.tokens.some((token) => isWord(token, 'another', 'one', 'it', 'that', 'again', 'twice', 'this'))
  );
}

function ruleAt(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'word' || token.services.length > 0 || !RULES.has(token.fold)) continue;
    if (
      isFixOf(tokens, at) ||
      PRODUCT.has(tokens[at + 1]?.text ?? '') ||
      OF_PRODUCT.has(tokens[at - 1]?.text ?? '')
    )
      continue;
    if (isWord(token, 'approve', 'approves', 'review', 'reviews') && takesOther(tokens[at + 1])) continue;
    return at;
  }
  return -1;
}

const ADVERBS = words(
  'later now today tomorrow soon anyway itself automatically instead afterwards directly first already again',
);

/** "admins can approve refunds": what the product does. */
function takesOther(next: Token | undefined): boolean {
  if (
    next?.kind !== 'word' ||
    next.services.length > 0 ||
    ADVERBS.has(next.text) ||
    DETERMINERS.has(next.text)
  )
    return false;
  return !isOurWord(next.text) && !RULES.has(next.text);
}

function talkOf(reading: Reading): AuthorityTalk | null {
  const { tokens } = reading;
  const at = ruleAt(tokens, 0);
  if (at < 0) return null;
  const found = tokens.slice(at, at + 4);
  if (isDenied(tokens, at) || isWord(tokens[at - 1], 'your', 'as') || isWord(tokens[at - 2], 'your'))
    return { kind: 'beyond', tokens: found };
  const has = (list: ReadonlySet<string>) =>
    tokens.some((token) => token.kind === 'word' && list.has(token.text));
  if (has(NEGATIONS)) return has(PROTECTS) ? null : { kind: 'beyond', tokens: found };
  if (reading.clause.word === 'even' || has(UNSETTLES)) return { kind: 'beyond', tokens: found };
  if (has(BOSSES) || tokens.some((token) => isWord(token, 'plan', 'proposal', 'message')))
    return { kind: 'unclear', tokens: found };
  if ((has(OBLIGES) && has(KEEPS)) || (isStanding(tokens[at]) ? has(ASKS) : has(GIVEN))) return null;
  if (isBareWord(tokens, at)) return { kind: 'unclear', tokens: found };
  if (isList(tokens, at) || isClaim(tokens, at) || awaits(reading) || complies(tokens, at)) return null;
  return {
    kind: has(OBLIGES) && GUARDIANS.has(tokens[at]?.fold ?? '') ? 'beyond' : 'unclear',
    tokens: found,
  };
}

const STANDING = words(
  'policy policies sop sops gate gates compliance watchdog audit quarantine rule rules governance guardrails instruction instructions',
);

/** A rule that stands: nobody gives or passes it in a text. */
function isStanding(token: Token | undefined): boolean {
  return token !== undefined && STANDING.has(token.fold);
}

/** "approvals: 0". */
function isDenied(tokens: readonly Token[], at: number): boolean {
  const value = tokens[at + 2];
  if (isPunct(tokens[at + 1], '"') && isPunct(tokens[at + 2], ':')) return true;
  return (
    isPunct(tokens[at + 1], ':', '=') &&
    (value?.kind === 'number' ||
      isWord(value, 'no', 'none', 'off', 'false', 'skip', 'skipped', 'never', 'disabled', 'n/a'))
  );
}

/** "following the SOP", "according to our policy". */
function complies(tokens: readonly Token[], at: number): boolean {
  return [1, 2, 3, 4].some((step) =>
    isWord(tokens[at - step], 'following', 'according', 'per', 'under', 'observing', 'respecting'),
  );
}

/** "it was approved": what, and by whom? */
function isBareWord(tokens: readonly Token[], at: number): boolean {
  const subject = [1, 2, 3, 4].some((step) =>
    isWord(tokens[at - step], 'it', 'this', 'that', 'everything', 'all'),
  );
  return subject && !tokens.some((token) => isWord(token, 'by', 'in', 'on'));
}

/** "Reviewers: Tim, Ada". */
function isList(tokens: readonly Token[], at: number): boolean {
  return (
    isWord(tokens[at], 'reviewer', 'reviewers', 'approver', 'approvers') &&
    isPunct(tokens[at + 1], ':') &&
    /^\p{Lu}/u.test(tokens[at + 2]?.raw ?? '')
  );
}

/** "approved by Jane", "approved:", "has been reviewed". */
function isClaim(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (!isWord(tokens[at], 'approved', 'reviewed', 'authorised', 'authorized')) return false;
  return (
    next === undefined ||
    next.kind === 'punct' ||
    isWord(next, 'by', 'in', 'on', 'at', 'yesterday', 'today', 'and', 'last', 'this')
  );
}

/** "once approved", "after the review": we wait for both anyway. */
function awaits(reading: Reading): boolean {
  const { lead, word } = reading.clause;
  if (word === 'before' && reading.tokens.some((token) => isWord(token, 'freeze'))) return true;
  return (
    (lead === 'condition' || lead === 'time') &&
    ['once', 'when', 'after', 'if', 'until'].includes(word) &&
    reading.tokens.length <= 5
  );
}

/** "go ahead without it", "without waiting": without what? */
function goesWithout(reading: Reading): readonly Token[] | null {
  const { tokens, mood } = reading;
  if (mood !== 'order' && mood !== 'name') return null;
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isWord(tokens[at], 'without', 'w/o', 'sans', 'around', 'despite')) continue;
    const next = tokens[at + 1];
    const after = tokens[at + 2];
    const ends = after === undefined || isPunct(after, '.', '!', ',', ';');
    if (isWord(next, 'it', 'that', 'this', 'them', 'one', 'these', 'those')) return tokens.slice(at, at + 2);
    if (isWord(next, 'waiting', 'asking', 'checking', 'looking', 'hesitation', 'questions') && ends)
      return tokens.slice(at, at + 2);
  }
  return null;
}
