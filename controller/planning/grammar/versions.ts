import { isPunct, isWord, type Token } from './token.js';
import { verbsOf } from './verbs.js';
import { CONJUNCTIONS, DETERMINERS, POLITE, PREPOSITIONS, words } from './words.js';

export interface VersionMention {
  readonly version: string;
  /** plain: asked for · to: what it goes to · from: what it leaves · other: the present one, or one not asked for · foreign: of another thing. */
  readonly role: 'plain' | 'to' | 'from' | 'other' | 'foreign';
  readonly token: Token;
}

export interface VersionScan {
  readonly mentions: readonly VersionMention[];
  /** "the previous version", "last known good": an older one, whichever. */
  readonly older: Token | null;
}

const NAMED = words('main master trunk latest newest nightly edge canary-build head');
const OF_VERSION = words(
  'version ver v release tag build commit sha revision rev ref hotfix patch rc candidate image artifact branch hash snapshot number no versions update bugfix fix feature hash build-number upgrade deployment rollout deploy rollback',
);
const LIBRARIES = words(
  `node nodejs node.js java jdk jre python ruby go golang rust php postgres postgresql mysql mariadb redis mongodb mongo kafka rabbitmq elasticsearch opensearch nginx kubernetes k8s docker helm terraform ubuntu debian alpine centos rhel
  react angular vue next.js nextjs svelte spring boot django rails laravel express openssl tls ssl log4j lodash typescript npm yarn pnpm maven gradle jest webpack vite http http/2 grpc protobuf graphql api sdk dotnet .net net kotlin scala swift
  ios android chrome firefox safari windows macos linux kernel glibc libc istio envoy prometheus grafana cassandra sqlite bun deno flask fastapi hibernate jackson guava netty tomcat jetty schema protocol oauth spec rfc jquery bootstrap tailwind`,
);
const PRESENT = words(
  'currently was were is previously formerly old broken bad buggy running faulty current present over replaces replacing instead than like before since above below despite affects affected between unlike has had',
);
const LOOSE = words(
  'new the this our latest your hotfixed fixed patched tested approved good stable final official only just now back again exactly directly straight out go up down asap ist',
);

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

function isLibrary(token: Token | undefined): boolean {
  return token !== undefined && token.services.length === 0 && LIBRARIES.has(token.text);
}

function roleOf(tokens: readonly Token[], at: number): VersionMention['role'] {
  let before = at - 1;
  while (
    isPunct(tokens[before], '"', '`', "'", '(', '[', ':', '=', '@', '*') ||
    (tokens[before]?.kind === 'word' &&
      OF_VERSION.has(tokens[before]?.text ?? '') &&
      tokens[before]?.services.length === 0) ||
    isWord(tokens[before], 'the', 'a', 'our', 'this', 'called', 'named', 'our')
  )
    before -= 1;
  const word = tokens[before];
  if (word === undefined) return 'plain';
  if (isLibrary(word) || isLibrary(tokens[at + 1])) return 'foreign';
  if (word.kind === 'arrow') return 'to';
  if (isWord(tokens[at - 1], 'branch', 'tag') || isWord(tokens[at + 1], 'branch', 'tag')) return 'plain';
  if (isWord(word, 'from') || isWord(word, 'off'))
    return isBranch(tokens[at]) && !isPairedWithTo(tokens, at) ? 'plain' : 'from';
  if (isWord(word, 'of') && isWord(tokens[before - 1], 'instead', 'place', 'lieu')) return 'other';
  if (isWord(word, 'not', 'never')) return 'other';
  if (isWord(word, 'to', 'with', 'at', 'onto', 'on', 'by', 'into'))
    return isWord(word, 'to', 'with', 'onto') ? 'to' : 'plain';
  if (word.kind === 'word' && PRESENT.has(word.text)) return 'other';
  if (tokens[at + 1]?.kind === 'arrow' && tokens[at + 2]?.kind === 'version') return 'from';
  return owned(word, tokens[before + 1]) ? 'foreign' : 'plain';
}

function isBranch(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'path' || token.kind === 'word');
}

function isPairedWithTo(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at + 1], 'to') && tokens[at + 2]?.kind === 'version';
}

/** A name right before a number owns it: "Postgres 15.3", "the Foo 1.2 fix". */
function owned(word: Token, next: Token | undefined): boolean {
  if (
    word.kind !== 'word' ||
    word.services.length > 0 ||
    word.environments.length > 0 ||
    next?.kind === 'punct'
  )
    return false;
  if (
    PREPOSITIONS.has(word.text) ||
    CONJUNCTIONS.has(word.text) ||
    DETERMINERS.has(word.text) ||
    POLITE.has(word.text) ||
    LOOSE.has(word.text)
  )
    return false;
  return (
    verbsOf(word.text).length === 0 &&
    !isWord(
      word,
      'service',
      'svc',
      'app',
      'api',
      'it',
      'them',
      "'s",
      'microservice',
      'application',
      'named',
      'called',
      'live',
      'rollout',
      'i',
      'mean',
      'meant',
      'sorry',
      'actually',
      'no',
      'wait',
      'use',
      'using',
      'deployment',
      'redeploy',
      'be',
      'version',
    )
  );
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
