import { isPunct, isWord, type Token } from './token.js';
import { verbsOf } from './verbs.js';
import { isLibrary, LOOSE, OF_VERSION, roleOf, type VersionMention } from './version-roles.js';
import { CONJUNCTIONS, DETERMINERS, POLITE, PREPOSITIONS, words } from './words.js';

export interface VersionScan {
  readonly mentions: readonly VersionMention[];
  /** "the previous version", "last known good": an older one, whichever. */
  readonly older: Token | null;
}

const NAMED = words('main master trunk latest newest nightly edge canary-build head');

/** Finds the versions that a clause names, and what part each plays in it. */
export function scanVersions(tokens: readonly Token[]): VersionScan {
  const mentions: VersionMention[] = [];
  let older: Token | null = null;
  for (let at = 0; at < tokens.length; at += 1) {
    older ??= olderAt(tokens, at);
    const version = versionAt(tokens, at);
    const token = tokens[at];
    if (version === null || token === undefined) continue;
    mentions.push({ version, role: roleOf(tokens, at), token });
  }
  return { mentions, older };
}

function versionAt(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token === undefined) return null;
  if (token.kind === 'version')
    return /^v?\d+\.\d+$/.test(token.text) && isUnit(tokens[at + 1]) ? null : token.raw;
  if (token.kind === 'number') return numbered(tokens, at) ? token.raw : null;
  if (token.kind === 'path')
    return /^\w[\w-]*\//.test(token.text) && !token.text.startsWith('/') ? token.raw : null;
  if (token.kind !== 'word' || token.odd) return null;
  if (isNamedRef(tokens, at)) return token.raw;
  if (
    token.environments.length > 0 &&
    !isWord(before, 'branch', 'tag', '@') &&
    !isWord(tokens[at + 1], 'branch')
  )
    return null;
  if (!NAMED.has(token.text) || token.services.length > 0) return null;
  return named(tokens, at);
}

function named(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at];
  const next = tokens[at + 1];
  if (token === undefined) return null;
  if (token.text === 'latest' || token.text === 'newest') return isLatest(tokens, at) ? 'latest' : null;
  if (token.text === 'head')
    return isWord(next, 'of') || isPunct(next, '/') ? null : token.raw === 'HEAD' ? 'HEAD' : null;
  if (token.text === 'edge' || token.text === 'nightly')
    return isWord(next, 'build', 'version', 'release') ||
      isWord(tokens[at - 1], '@', 'version', 'tag') ||
      isPunct(tokens[at - 1], '@', ':')
      ? token.raw
      : null;
  const noun =
    next !== undefined &&
    next.kind === 'word' &&
    !PREPOSITIONS.has(next.text) &&
    !CONJUNCTIONS.has(next.text) &&
    next.environments.length === 0 &&
    next.services.length === 0 &&
    !OF_VERSION.has(next.text) &&
    !POLITE.has(next.text) &&
    verbsOf(next.text).length === 0;
  return noun ? null : token.raw;
}

/** "latest" is a version unless it only says which commit of which branch, or by when. */
function isLatest(tokens: readonly Token[], at: number): boolean {
  if (isWord(tokens[at - 1], 'at') || (isWord(tokens[at - 1], 'the') && isWord(tokens[at - 2], 'at')))
    return false;
  if (
    isWord(
      tokens[at + 1],
      'good',
      'known',
      'incident',
      'outage',
      'deploy',
      'deployment',
      'changes',
      'news',
      'report',
      'test',
      'tests',
    )
  )
    return isWord(tokens[at + 1], 'changes') && !branchFollows(tokens, at);
  return !branchFollows(tokens, at);
}

function branchFollows(tokens: readonly Token[], at: number): boolean {
  for (let step = 1; step <= 5; step += 1) {
    const token = tokens[at + step];
    if (token === undefined || token.kind === 'punct' || token.kind === 'arrow') return false;
    if (
      token.kind === 'path' ||
      (NAMED.has(token.text) && token.services.length === 0) ||
      token.text === 'branch' ||
      (token.kind === 'version' && step < 4)
    )
      return true;
    if (
      !isWord(
        token,
        'commit',
        'of',
        'on',
        'from',
        'the',
        'build',
        'version',
        'release',
        'head',
        'changes',
        'tag',
        'state',
        'in',
      ) &&
      token.services.length === 0
    )
      return false;
  }
  return false;
}

/** "branch feature/foo", "the login-fix branch", "tag foo", "commit abc1234". */
function isNamedRef(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || token.services.length > 0 || OF_VERSION.has(token.text)) return false;
  const ordinary =
    PREPOSITIONS.has(token.text) ||
    DETERMINERS.has(token.text) ||
    CONJUNCTIONS.has(token.text) ||
    POLITE.has(token.text) ||
    verbsOf(token.text).length > 0 ||
    LOOSE.has(token.text);
  if (
    isWord(tokens[at + 1], 'branch', 'tag') &&
    !ordinary &&
    !isWord(token, 'default', 'release', 'git', 'right', 'correct', 'same', 'working', 'stable')
  )
    return true;
  let before = at - 1;
  if (isPunct(tokens[before], ':', '=', '"', '`') || isWord(tokens[before], 'called', 'named')) before -= 1;
  if (!isWord(tokens[before], 'branch', 'tag', 'ref')) return false;
  return !ordinary && token.environments.length === 0 && !isWord(token, 'is', 'was', 'name', 'it', "'s", 's');
}

function isUnit(token: Token | undefined): boolean {
  return (
    isWord(token, 'percent', 'seconds', 'minutes', 'gb', 'mb', 'million', 'thousand', 'times', 'x') ||
    isPunct(token, '%', '\u20ac', '$')
  );
}

/** A bare number is a version only where it is called one, or stands right behind a service. */
function numbered(tokens: readonly Token[], at: number): boolean {
  let before = at - 1;
  if (isPunct(tokens[before], ':', '=', '@')) before -= 1;
  const word = tokens[before];
  if (word === undefined || !Number.isInteger(tokens[at]?.value)) return false;
  if (isWord(word, 'version', 'ver', 'v', 'tag', 'revision')) return !isLibrary(tokens[before - 1]);
  if (isWord(word, 'release', 'build'))
    return (
      tokens[at + 1]?.kind !== 'word' ||
      PREPOSITIONS.has(tokens[at + 1]?.text ?? '') ||
      CONJUNCTIONS.has(tokens[at + 1]?.text ?? '')
    );
  if (isWord(word, 'commit', 'sha')) return (tokens[at]?.text.length ?? 0) > 6;
  const next = tokens[at + 1];
  const closed =
    next === undefined ||
    next.kind === 'arrow' ||
    isWord(next, 'to', 'in', 'on', 'onto', 'into') ||
    next.environments.length > 0;
  return word.services.length > 0 && closed && before === at - 1;
}

const OLDER = words('previous prior preceding earlier older old former last');

function olderAt(tokens: readonly Token[], at: number): Token | null {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word') return null;
  if (isWord(token, 'lkg') || isWord(token, 'last-known-good')) return token;
  if (isWord(token, 'version', 'release', 'build', 'one') && isWord(tokens[at + 1], 'before', 'prior'))
    return token;
  if (!OLDER.has(token.text)) return null;
  for (let step = 1; step <= 4; step += 1) {
    const noun = tokens[at + step];
    if (noun === undefined || noun.kind === 'punct') return null;
    if (
      isWord(noun, 'version', 'release', 'build', 'one', 'tag', 'state', 'image') &&
      !isWord(tokens[at], 'old', 'older', 'last')
    )
      return token;
    if (
      isWord(noun, 'version', 'release', 'build', 'one', 'tag') &&
      step > 1 &&
      isWord(tokens[at + step - 1], 'good', 'stable', 'working', 'healthy', 'known', 'known-good', 'green')
    )
      return token;
    if (isWord(noun, 'version', 'release', 'build') && isWord(tokens[at], 'old', 'older')) return token;
    if (isWord(noun, 'good', 'stable') && isWord(tokens[at], 'last') && step < 4) return token;
  }
  return null;
}
