import { isWord, type Token } from './token.js';

/**
 * What people write who have not decided yet, or wait for somebody's word. Each pattern is bounded, so that the whole takes linear time.
 */
const UNDECIDED: readonly RegExp[] = [
  /(?:^|[.!?;,\n]\s{0,8}|\b(?:and|but|so)\s{1,4})(?:maybe|perhaps|possibly|eventually)\s{1,4}(?:we|you|i|they|it|the\s{1,4}team)\s{1,4}(?:should|could|can|might|will|may)\b/i,
  /\b(?:maybe|perhaps|possibly)\s{1,4}(?:deploy|release|ship|roll|promote|revert|build)\b/i,
  /\b(?:at\s{1,4}some\s{1,4}(?:point|time|stage)|some\s{0,4}day|one\s{1,4}of\s{1,4}these\s{1,4}days|sooner\s{1,4}or\s{1,4}later|one\s{1,4}day)\b/i,
];

/** "after Mrs. Haas has given her consent", "once I have the go-ahead": nobody but the proposal can tell whether that has happened. */
const AWAITS_CONSENT =
  /\b(?:after|once|when|if|as\s{1,4}soon\s{1,4}as|provided|assuming|until)\b(?:[^.!?;\n]|\b(?:Mr|Mrs|Ms|Dr|Prof|St)\.){1,90}?\b(?:consent|consents|consented|permission|blessing|go-ahead|goahead|thumbs[\s-]up|green[\s-]light|nod|sign-off|signoff|sign\s{1,4}off|signed\s{1,4}off|okays?|okayed)\b/i;

/** Orders that are taken back, reported, quoted, partial, or that wait for something; from texts that were once accepted wrongly. */
const NOT_AN_ORDER: readonly RegExp[] = [
  /\b(?:no|oh|hmm|er)\s{0,4},?\s{1,4}wait\b|\bor\s{1,4}rather\b|\b(?:just\s{1,4})?(?:kidding|joking)\b/i,
  /^\s{0,8}(?:we|i|they|he|she)\s{1,4}(?:already\s{1,4})?(?:deployed|released|shipped|promoted|reverted|rolled)\b(?:[^.!?\n]|\.(?=\S)){1,200}[.!]?\s{0,8}$/i,
  /\bhad\s{1,4}(?:we|i|they|you)\s{1,4}(?:deployed|released|shipped|promoted|reverted|rolled)\b/i,
  /\b(?:deploy|release|ship|promote)\s{1,4}[\w-]{1,60}\s{1,4}(?:[<>]=?|[~^])\s{0,2}v?\d/i,
  /\bassuming\b|\bin\s{1,4}case\b(?!\s{1,4}of\b)/i,
  /\b(?:version|release|tag|one)\s{1,4}as\s{1,4}(?:discussed|agreed|talked|usual|before|said)\b/i,
  /\b(?:swap|exchange|trade)\b[^!?;\n]{1,80}\bfor\s{1,4}the\s{1,4}(?:old|older|previous|last|former)\b/i,
  /\b(?:the|our)\s{1,4}(?:runbook|wiki|manual|docs?|documentation|handbook|readme|checklist)\s{1,4}(?:says|said|reads|tells)\b/i,
  /\bto\s{1,4}(?:half|part|some|most|a\s{1,4}third|a\s{1,4}quarter)\s{1,4}of\b/i,
  /\bversion\s{1,4}(?:of|from)\s{1,4}(?:last|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i,
  /\b(?:to|on|in|into)\s{1,4}[\w-]{1,60}\s{1,4}(?:when|once)\s{1,4}(?:the|our)\s{1,4}(?!(?:\w{1,20}\s{1,4}){0,2}(?:tests?|build|checks?|deployment|pr|mr|requests?)\b)/i,
  /\bduring\s{1,4}(?:the|our|a)\s{1,4}(?!(?:first|next|watch|soak|bake|observation)\b)/i,
  /\bsame\s{1,4}version\s{1,4}as\b[^.;\n]{1,60}\bplus\b/i,
  /\b(?:guards?|limits?|thresholds?)\b[^.;\n]{0,40}\b(?:do|does)(?:\s{1,4}not|n['’]t)\s{1,4}(?:count|apply|matter)\b/i,
  /\bto\s{1,4}[\w-]{1,60}\s{1,4}before\s{1,4}that\b/i,
  /\b(?:do\s{0,4}n['’]?t|do\s{1,4}not|never|nobody)\s{1,4}(?:you\s{1,4}|ever\s{1,4}|even\s{1,4}){0,3}(?:dare|think|dream)\b/i,
];

/** What is not decided in a text, in its own words; null when nothing is open. */
export function findHesitation(text: string): string | null {
  for (const pattern of [...UNDECIDED, ...NOT_AN_ORDER, AWAITS_CONSENT]) {
    const found = pattern.exec(text);
    if (found !== null) return found[0].replace(/^[.!?;,\s]+/, '').trim();
  }
  return null;
}

/** "hold it there for six hours before us-east-1": an environment that comes later, and whether by this intent is not said. */
export function findLater(tokens: readonly Token[], environments: readonly string[]): Token | null {
  const later = tokens.find(
    (token, at) =>
      token.environments.length === 1 &&
      isWord(tokens[at - 1], 'before') &&
      (tokens[at + 1] === undefined || tokens[at + 1]?.kind === 'punct') &&
      !token.environments.some((name) => environments.includes(name)),
  );
  return later ?? null;
}

/** "stock or mail", "to beta or live": which one of two, and whether the second is only for the case that …, is not said. */
export function findAlternative(tokens: readonly Token[]): Token | null {
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, 'or')) continue;
    const next = isWord(tokens[at + 1], 'the', 'to') ? tokens[at + 2] : tokens[at + 1];
    if (next === undefined || next.services.length + next.environments.length === 0) continue;
    const names = (each: Token) => (next.services.length > 0 ? each.services : each.environments);
    const other = tokens.slice(Math.max(0, at - 6), at).some((each) => names(each).length > 0);
    const negated = tokens
      .slice(0, at)
      .some((each) => isWord(each, 'not', 'neither', 'never', 'without', 'no'));
    if (other && !negated) return next;
  }
  return null;
}
