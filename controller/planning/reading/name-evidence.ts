import type { EvidenceField } from '../../domain/interpretation.js';
import { scanEnvironments } from '../grammar/environments.js';
import { isPunct, isWord, type Token } from '../grammar/token.js';
import { DETERMINERS } from '../grammar/words.js';
import type { Answer, Cited, Named } from './answer.js';
import type { Sight } from './sight.js';
import { type Place, placesOf } from './spans.js';
import { Unfounded } from './unfounded.js';

/** The catalog's index decides what the words name: exactly that service, and nothing else. */
export function serviceAt({ value, ...cited }: Named, sight: Sight, taken: Set<Token>): Place {
  const names = (token: Token) => token.services.length === 1 && token.services[0] === value;
  return take(nameAt(cited, sight, names), taken, 'service');
}

export function environmentsAt(answer: Answer, sight: Sight, taken: Set<Token>): readonly Place[] {
  const { environments } = answer;
  if (new Set(environments.map(({ value }) => value)).size < environments.length)
    throw new Unfounded('it names an environment twice');
  if (environments.length === 0 && answer.action?.value !== 'build')
    throw new Unfounded('a plan without environments');
  const named = environments.map(({ value, ...cited }) => {
    const names = (token: Token) => token.environments.length === 1 && token.environments[0] === value;
    return { value, cited, tokens: nameAt(cited, sight, names) };
  });
  const rest = named.filter(({ tokens }) => tokens.length === 0);
  const whole = rest.length === 0 ? null : allAt(named, sight);
  if (rest.length > 0 && whole === null)
    throw new Unfounded('the words for its environments do not name those');
  const places = named
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ tokens }) => take(tokens, taken, 'environments'));
  return whole === null ? places : [...places, whole];
}

interface Cite {
  readonly value: string;
  readonly cited: Cited;
  readonly tokens: readonly Token[];
}

/** "everywhere", "all environments but production": words for every environment of the catalog that they do not take out. */
function allAt(named: readonly Cite[], sight: Sight): Place | null {
  const cited = named.find(({ tokens }) => tokens.length === 0)?.cited;
  if (cited === undefined) return null;
  if (named.some((other) => other.tokens.length === 0 && other.cited.text !== cited.text)) return null;
  const wanted = new Set(named.map(({ value }) => value));
  const isWhole = (place: Place) => {
    const { all, mentions } = scanEnvironments(place, sight.index);
    if (all === null || mentions.some(({ role }) => role !== 'excluded')) return false;
    const out = new Set(mentions.flatMap(({ names }) => names));
    return sight.index.order.every((name) => wanted.has(name) !== out.has(name));
  };
  return placesOf(cited, sight).find(isWhole) ?? null;
}

/** The places whose only word, beside an article and the like, is a name. */
function nameAt(cited: Cited, sight: Sight, names: (token: Token) => boolean): readonly Token[] {
  return placesOf(cited, sight)
    .map((place) => place.filter((token) => !isFrame(token)))
    .filter((place) => place.length === 1)
    .flatMap((place) => place.filter((token) => names(token) && !token.odd));
}

function isFrame(token: Token): boolean {
  if (token.services.length + token.environments.length > 0) return false;
  return (
    isPunct(token, '"', "'", '`', ',', '.', ':', '(', ')', '[', ']') ||
    isWord(token, 'service', 'environment', 'env') ||
    (token.kind === 'word' && DETERMINERS.has(token.text) && !isWord(token, 'no', 'each', 'every', 'any'))
  );
}

/** One piece of the text serves one identity. */
export function take(tokens: readonly Token[], taken: Set<Token>, field: EvidenceField): Place {
  const token = tokens.find((one) => !taken.has(one));
  if (token === undefined)
    throw new Unfounded(
      tokens.length > 0
        ? 'it uses the same words for two fields'
        : `the words for its ${field} do not name that`,
    );
  taken.add(token);
  return [token];
}
