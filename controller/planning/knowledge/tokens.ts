import { stem } from './stem.js';

/** Lucene's English stop words, and those of which questions are made. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be but by for if in into is it its of on or such that the their then there these they this to was were will with ' +
    'am been being can could did do does doing had has have having he her here him his how i me my our ours she should so some ' +
    'than them those us very we what when where which who whom whose why would you your about from'
  ).split(' '),
);

const LONGEST_TEXT = 1_000_000;
/** Numbers stay whole with their points and colons ("2.4.1", "16:00"; "v2.4.1" is the same as the first); a mark belongs to its letter; contractions stay one word. */
const WORD = /v?\p{N}+(?:[.:,]\p{N}+)*|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)?/gu;
/** Scripts that put no spaces between words: searched by pairs of characters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words of a text in lower case and compatibility form, without stop words, not yet stemmed. */
export function* wordsOf(text: string): Generator<string> {
  const folded = text.slice(0, LONGEST_TEXT).normalize('NFKC').toLowerCase();
  for (const [word] of folded.matchAll(WORD)) {
    if (UNSPACED.test(word)) yield* pairsOf(word);
    else if (!STOP_WORDS.has(word)) yield word;
  }
}

/** What is searched for: stems. */
export function termsOf(text: string): readonly string[] {
  return [...wordsOf(text)].map(termOf);
}

export function termOf(word: string): string {
  if (/^v\p{N}/u.test(word)) return word.slice(1);
  return stem(word.replace(/['’].*$/, ''));
}

function* pairsOf(word: string): Generator<string> {
  const characters = [...word];
  if (characters.length === 1) yield word;
  for (let at = 0; at + 1 < characters.length; at += 1) yield `${characters[at]}${characters[at + 1]}`;
}
