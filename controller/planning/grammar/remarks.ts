import type { Open } from './open-clause.js';
import { isPunct, isWord, type Token } from './token.js';
import { isBase, verbOf, verbsOf } from './verbs.js';
import { BE, DETERMINERS, isFinite_, SUBJECTS, words } from './words.js';

const STEP_NOUNS = words(
  'smoke test tests testing unit integration regression watch guard guards error errors failure p95 rate version tag notification notifications soak bake wait pause gap break delay monitoring rollback health a an ten five fifteen thirty twenty one two sanity e2e max maximum threshold limit',
);

/** " - the alert about disk space is unrelated": a remark of its own. */
export function tokensState(tokens: readonly Token[], from: number): boolean {
  const third = verbsOf(tokens[from]?.text ?? '').some((verb) => verb.form === 'third');
  if (
    tokens[from]?.spaced === true &&
    third &&
    tokens[from]?.services.length === 0 &&
    !STEP_NOUNS.has(tokens[from]?.text ?? '')
  )
    return true;
  if (
    tokens[from]?.spaced !== true ||
    !(DETERMINERS.has(tokens[from]?.text ?? '') || SUBJECTS.has(tokens[from]?.text ?? ''))
  )
    return false;
  for (const token of tokens.slice(from, from + 12)) {
    if (token.kind === 'punct') return false;
    if (token.kind === 'word' && (BE.has(token.text) || isFinite_(token.text))) return true;
  }
  return false;
}

/** " - approved by Jane on Friday", ", tested in staging": said of the release, not to us. */
export function isParticiple(tokens: readonly Token[], at: number): boolean {
  if (!isPunct(tokens[at], ',', '\u2014', '-') || tokens[at + 1]?.spaced !== true) return false;
  const [next, after] = [tokens[at + 1], tokens[at + 2]];
  return (
    next?.kind === 'word' &&
    next.text !== 'followed' &&
    next.text.endsWith('ed') &&
    isFinite_(next.text) &&
    isWord(after, 'by', 'in', 'on', 'at', 'from', 'yesterday', 'today', 'and', 'this', 'last')
  );
}

/** "with the new search page", "including the fix": what the release has, not what we are to do. */
export function isAside(tokens: readonly Token[], at: number, token: Token): boolean {
  if (
    !['with', 'including', 'containing', 'featuring', 'fixing', 'adding', 'incl', 'due', 'despite'].includes(
      token.text,
    )
  )
    return false;
  if (
    token.text === 'despite' ||
    isWord(tokens[at - 1], 'continue', 'proceed', 'replace', 'go', 'start', 'begin', 'on', 'ahead')
  )
    return false;
  const first = DETERMINERS.has(tokens[at + 1]?.text ?? '') ? tokens[at + 2] : tokens[at + 1];
  if (
    first !== undefined &&
    first.environments.length > 0 &&
    isWord(tokens[at - 1], 'start', 'starting', 'begin', 'beginning', 'on')
  )
    return false;
  for (let next = at + 1; next < Math.min(tokens.length, at + 4); next += 1) {
    const word = tokens[next];
    if (
      word === undefined ||
      word.kind === 'version' ||
      word.kind === 'duration' ||
      word.kind === 'rate' ||
      word.kind === 'number' ||
      word.kind === 'amount'
    )
      return false;
    if (word.kind === 'word' && STEP_NOUNS.has(word.text) && !isWord(word, 'a', 'an')) return false;
  }
  return true;
}

export function isPurpose(tokens: readonly Token[], at: number, open: Open): boolean {
  const next = tokens[at + 1];
  if (next === undefined || next.environments.length > 0 || next.services.length > 0 || !isBase(next.text))
    return false;
  return (
    open.acts &&
    verbOf(next.text, 'deploy', 'rollback') === undefined &&
    !isWord(
      tokens[at - 1],
      'need',
      'needs',
      'want',
      'like',
      'have',
      'has',
      'ready',
      'forget',
      'remember',
      'not',
      'going',
      'try',
      'sure',
      'careful',
    )
  );
}
