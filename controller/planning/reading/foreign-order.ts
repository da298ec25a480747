import type { Action } from '../../domain/intent.js';
import { isPunct, type Token } from '../grammar/token.js';
import {
  AND,
  ARTICLES,
  COURTESIES,
  FIRST,
  HALVES,
  OF,
  ORDERS,
  PHRASES,
  THEN,
  TOWARDS,
  TOWARDS_ONE,
} from './languages.js';
import type { Sight } from './sight.js';

/** What a text in another language orders, when every single word of it is known and in its place. */
export interface ForeignOrder {
  readonly action: Action;
  readonly verbs: readonly Token[];
  readonly service: Token;
  readonly version: Token | null;
  /** In the order of the text, which is the order asked for. */
  readonly environments: readonly Token[];
}

/** Longest order that is read, in tokens: more is no simple order. */
const MAX_TOKENS = 60;

/** Null unless the text is one plain order: a verb, one service, at most one version, environments in order, and words that change nothing. */
export function readForeignOrder(sight: Sight): ForeignOrder | null {
  const tokens = sight.tokens.filter((token) => token.kind !== 'newline');
  if (tokens.length > MAX_TOKENS || tokens.some((token) => token.odd)) return null;
  const services = tokens.filter((token) => token.services.length > 0);
  const environments = tokens.filter((token) => token.environments.length > 0);
  const versions = tokens.filter((token) => token.kind === 'version');
  const [service] = services;
  const clear = [...services, ...environments].every(
    (token) => token.services.length + token.environments.length === 1,
  );
  const distinct = new Set(environments.flatMap((token) => token.environments)).size === environments.length;
  if (!clear || !distinct || service === undefined || services.length > 1 || versions.length > 1) return null;
  if (environments.length === 0) return null;
  const verb = verbOf(tokens);
  if (verb === null) return null;
  const known = tokens.every(
    (token, at) => verb.tokens.includes(token) || isInPlace(tokens, at, environments),
  );
  return known && environments.every((token) => isTowards(tokens, token))
    ? { action: verb.action, verbs: verb.tokens, service, version: versions[0] ?? null, environments }
    : null;
}

/** The one verb; two that differ are none. */
function verbOf(
  tokens: readonly Token[],
): { readonly action: Action; readonly tokens: readonly Token[] } | null {
  const found: { readonly action: Action; readonly tokens: readonly Token[] }[] = [];
  const last = tokens.findLast((token) => token.kind === 'word' && !COURTESIES.has(plain(token)));
  for (const token of tokens) {
    if (token.kind !== 'word') continue;
    const action = ORDERS.get(plain(token));
    if (action !== undefined) found.push({ action, tokens: [token] });
    const half = HALVES.get(plain(token));
    if (half === undefined || last === undefined) continue;
    const whole = half.get(plain(last));
    if (whole === undefined) return null;
    found.push({ action: whole, tokens: [token, last] });
  }
  const [first] = found;
  return first !== undefined && found.length === 1 ? first : null;
}

/** Latin letters without accents; other scripts as written. */
function plain(token: Token): string {
  return /\p{Script=Latin}/u.test(token.text) ? token.fold : token.text;
}

function isInPlace(tokens: readonly Token[], at: number, environments: readonly Token[]): boolean {
  const token = tokens[at];
  if (token === undefined || token.kind === 'version' || token.kind === 'arrow') return token !== undefined;
  if (token.services.length + token.environments.length > 0) return true;
  if (token.kind === 'punct') return isPunct(token, ',', '.', '!', ':', "'");
  if (token.kind !== 'word') return false;
  const word = plain(token);
  if (isInPhrase(tokens, at)) return true;
  if (OF.has(word) && isOf(tokens, at)) return true;
  const before = environments.filter((one) => one.start < token.start).length;
  if (THEN.has(word)) return before > 0 && before < environments.length;
  if (FIRST.has(word)) return before === 0;
  if (TOWARDS_ONE.has(word)) return environments.length === 1;
  return COURTESIES.has(word) || ARTICLES.has(word) || TOWARDS.has(word) || AND.has(word);
}

function isInPhrase(tokens: readonly Token[], at: number): boolean {
  return PHRASES.some((phrase) =>
    phrase.some((_, offset) =>
      phrase.every((word, step) => {
        const token = tokens[at - offset + step];
        return token !== undefined && plain(token) === word;
      }),
    ),
  );
}

/** "la version 2.4.1 de checkout", "die Version von checkout": of what is deployed, and not from where. */
function isOf(tokens: readonly Token[], at: number): boolean {
  let next = at + 1;
  while (
    ARTICLES.has(tokens[next]?.fold ?? '') ||
    COURTESIES.has(tokens[next]?.fold ?? '') ||
    isPunct(tokens[next], "'")
  )
    next += 1;
  const token = tokens[next];
  return token !== undefined && token.services.length === 1;
}

/** Right before each environment stands a word or sign that leads to it, or to a list of them. */
function isTowards(tokens: readonly Token[], environment: Token): boolean {
  let at = tokens.indexOf(environment) - 1;
  while (ARTICLES.has(tokens[at]?.fold ?? '') || isEnvironmentNoun(tokens[at])) at -= 1;
  const token = tokens[at];
  if (token === undefined) return false;
  if (token.kind === 'arrow') return true;
  const word = plain(token);
  if (TOWARDS.has(word) || TOWARDS_ONE.has(word)) return true;
  const listed = isPunct(token, ',') || AND.has(word) || THEN.has(word);
  return listed && tokens.slice(0, at).some((other) => other.environments.length > 0);
}

function isEnvironmentNoun(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    /^(?:umgebung|environnement|entorno|ambiente|omgeving|srodowisko|prostredi|miljo|среду|окружение)$/u.test(
      plain(token),
    )
  );
}
