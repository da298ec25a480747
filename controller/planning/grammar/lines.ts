import { isPunct, isWord, type Token } from './token.js';
import { verbsOf } from './verbs.js';
import { words } from './words.js';

/** A token with what the lay-out says about it. */
export interface Laid {
  readonly token: Token;
  /** Number of the sentence or list item. */
  readonly sentence: number;
  readonly question: boolean;
  readonly told: boolean;
}

const END = ['.', '!', '?', ';'];
const CHANGES = words(
  'changelog changes fixes fixed features highlights includes contains whatsnew improvements diff commits',
);
const CHANGE_PAIRS = [
  'release notes',
  "what's new",
  'what is',
  'bug fixes',
  'included changes',
  'fixed issues',
  'new features',
  'commit log',
  'this contains',
  'this includes',
  'it contains',
  'it includes',
];
const DONE_MARKS = ['\u2705', '\u2611', '\u2714', '\u2713'];

/** Cuts tokens into sentences and list items; takes bullets, check boxes and soft line ends away. */
export function layOut(tokens: readonly Token[]): Laid[] {
  const out: Laid[] = [];
  let sentence = 0;
  let told: 'no' | 'line' | 'list' = 'no';
  let at = 0;
  let lineStart = true;
  const quoting = answersQuote(tokens);
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    if (lineStart) {
      const mark = bullet(tokens, at);
      if (told === 'line' || (told === 'list' && mark.next === at && token.kind !== 'newline')) told = 'no';
      const aside = mark.done || isContact(tokens, at) || (quoting && isPunct(token, '>'));
      if (aside && told === 'no') told = 'line';
      at = mark.next;
      lineStart = false;
    }
    const here = tokens[at];
    if (here === undefined) break;
    if (here.kind === 'newline') {
      lineStart = isHard(tokens, at);
      if (lineStart) sentence += 1;
      at += 1;
      continue;
    }
    if (isChangeLabel(tokens, at, out.at(-1), sentence)) told = labelSpan(tokens, at);
    out.push({ token: here, sentence, question: false, told: told !== 'no' });
    if (here.kind === 'punct' && END.includes(here.text) && endsSentence(tokens, at)) {
      sentence += 1;
    }
    at += 1;
  }
  return withQuestions(out);
}

/** Lines that begin with ">" are quoted where other lines answer them. */
function answersQuote(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token, at) =>
      (at === 0 || tokens[at - 1]?.kind === 'newline') && token.kind !== 'newline' && !isPunct(token, '>'),
  );
}

/** "Phone 0151 5550 123", below a name. */
function isContact(tokens: readonly Token[], at: number): boolean {
  if (!isWord(tokens[at], 'phone', 'tel', 'telephone', 'mobile', 'cell', 'fax')) return false;
  const end = tokens.findIndex((token, place) => place > at && token.kind === 'newline');
  const rest = tokens.slice(at + 1, end < 0 ? undefined : end);
  return rest.length > 0 && rest.every(({ kind, text }) => kind === 'punct' || /^[\d+()/.-]+$/.test(text));
}

function bullet(tokens: readonly Token[], from: number): { next: number; done: boolean } {
  let at = from;
  let done = false;
  if (isPunct(tokens[at], '-', '*', '+', '\u2014') && tokens[at + 1]?.spaced !== false) at += 1;
  else if (
    tokens[at]?.kind === 'number' &&
    isPunct(tokens[at + 1], '.', ')') &&
    tokens[at + 2]?.spaced === true
  )
    at += 2;
  if (isPunct(tokens[at], '[') && isPunct(tokens[at + 1], ']')) at += 2;
  else if (isPunct(tokens[at], '[') && isWord(tokens[at + 1], 'x') && isPunct(tokens[at + 2], ']')) {
    at += 3;
    done = true;
  } else if (isPunct(tokens[at], ...DONE_MARKS) && at > from) done = true;
  return { next: at, done };
}

/** A line end ends a sentence unless the next line plainly goes on. */
function isHard(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  if (before === undefined || after === undefined || after.kind === 'newline' || before.kind === 'newline')
    return true;
  if (isPunct(before, ',', '-', '\u2014') || before.kind === 'arrow') return false;
  if (isPunct(before, ...END, ':')) return true;
  if (bullet(tokens, at + 1).next > at + 1 || isPunct(tokens[at + 2], ':', '=')) return true;
  if (
    isWord(
      before,
      'and',
      'to',
      'in',
      'on',
      'the',
      'then',
      'of',
      'if',
      'for',
      'with',
      'or',
      'at',
      'than',
      'please',
      'from',
      'a',
    )
  )
    return false;
  if (after.kind !== 'word') return after.kind === 'punct' && !isPunct(after, '(');
  if (/^[A-Z]/.test(after.raw)) return after.raw !== after.raw.toUpperCase() || after.raw.length < 2;
  return (
    verbsOf(after.text).some((verb) => verb.form === 'base') && !isWord(after, 'is', 'get', 'have', 'be')
  );
}

function endsSentence(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (token.text !== '.') return true;
  const after = tokens[at + 1];
  return (
    (after === undefined ||
      after.spaced ||
      after.kind === 'newline' ||
      after.kind === 'punct' ||
      /^[A-Z]/.test(after.raw)) &&
    !isWord(
      tokens[at - 1],
      'ver',
      'vs',
      'no',
      'approx',
      'e',
      'i',
      'etc',
      'min',
      'v',
      'dr',
      'mr',
      'mrs',
      'ms',
      'prof',
    )
  );
}

function isChangeLabel(
  tokens: readonly Token[],
  at: number,
  before: Laid | undefined,
  sentence: number,
): boolean {
  if (before !== undefined && before.sentence === sentence) return false;
  const one = tokens[at]?.text ?? '';
  if (CHANGES.has(one) && isPunct(tokens[at + 1], ':')) return true;
  return CHANGE_PAIRS.includes(`${one} ${tokens[at + 1]?.text ?? ''}`) && isPunct(tokens[at + 2], ':');
}

/** A label at the end of its line speaks for the list below it. */
function labelSpan(tokens: readonly Token[], at: number): 'line' | 'list' {
  const colon = isPunct(tokens[at + 1], ':') ? at + 1 : at + 2;
  return tokens[colon + 1]?.kind === 'newline' ? 'list' : 'line';
}

function withQuestions(laid: readonly Laid[]): Laid[] {
  const asked = new Set<number>();
  for (const { token, sentence } of laid) if (isPunct(token, '?')) asked.add(sentence);
  return laid.map((item) => (asked.has(item.sentence) ? { ...item, question: true } : item));
}
