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

/** What is not decided in a text, in its own words; null when nothing is open. */
export function findHesitation(text: string): string | null {
  for (const pattern of [...UNDECIDED, AWAITS_CONSENT]) {
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
