import { isPunct, isWord, type Token } from './token.js';
import { verbsOf } from './verbs.js';
import { CONJUNCTIONS, DETERMINERS, POLITE, PREPOSITIONS, words } from './words.js';

export interface VersionMention {
  readonly version: string;
  /** plain: asked for · to: what it goes to · from: what it leaves · other: the present one, or one not asked for · foreign: of another thing. */
  readonly role: 'plain' | 'to' | 'from' | 'other' | 'foreign';
  readonly token: Token;
}

export const OF_VERSION = words(
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

export const LOOSE = words(
  'new the this our latest your hotfixed fixed patched tested approved good stable final official only just now back again exactly directly straight out go up down asap ist',
);

export function isLibrary(token: Token | undefined): boolean {
  return token !== undefined && token.services.length === 0 && LIBRARIES.has(token.text);
}

export function roleOf(tokens: readonly Token[], at: number): VersionMention['role'] {
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
  if (isBuildNumber(tokens, at)) return 'other';
  if (word === undefined) return 'plain';
  if (isLibrary(word) || isLibrary(tokens[at + 1])) return 'foreign';
  if (word.kind === 'arrow') return 'to';
  if (isWord(tokens[at - 1], 'branch', 'tag') || isWord(tokens[at + 1], 'branch', 'tag')) return 'plain';
  if (isWord(word, 'from') || isWord(word, 'off'))
    return (isBranch(tokens[at]) || isSource(tokens, at)) && !isPairedWithTo(tokens, at) ? 'plain' : 'from';
  if (isWord(word, 'of') && isWord(tokens[before - 1], 'instead', 'place', 'lieu')) return 'other';
  if (isWord(word, 'not', 'never')) return 'other';
  if (
    isWord(word, 'at', 'on') &&
    isWord(tokens[before - 1], 'is', 'are', 'was', 'runs', 'stays', 'now') &&
    isLibrary(tokens[before - 2])
  )
    return 'foreign';
  if (isWord(word, 'to', 'with', 'at', 'onto', 'on', 'by', 'into'))
    return isWord(word, 'to', 'with', 'onto') ? 'to' : 'plain';
  if (word.kind === 'word' && PRESENT.has(word.text)) return 'other';
  if (tokens[at + 1]?.kind === 'arrow' && tokens[at + 2]?.kind === 'version') return 'from';
  return owned(word, tokens[before + 1]) ? 'foreign' : 'plain';
}

/** "2.4.1 (build 5521)", "2.4.1, build 5521": the number of the build that made a version is not another version. */
function isBuildNumber(tokens: readonly Token[], at: number): boolean {
  if (!/^\d+$/.test(tokens[at]?.text ?? '') || !isWord(tokens[at - 1], 'build', 'build-number')) return false;
  return tokens[at - 2] === undefined || isPunct(tokens[at - 2], '(', '[', ',');
}

function isBranch(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'path' || token.kind === 'word');
}

/** "build it from commit 77aa0e1": what it is made of, not what it leaves. */
function isSource(tokens: readonly Token[], at: number): boolean {
  return (
    isWord(tokens[at - 1], 'commit', 'sha', 'revision', 'ref') &&
    !tokens.some((token) => isWord(token, 'back', 'rollback', 'revert', 'undo', 'rolled'))
  );
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
