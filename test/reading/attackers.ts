import type { Action } from '../../controller/domain/intent.js';
import type { Names } from '../../controller/planning/grammar/names.js';
import type { Token } from '../../controller/planning/grammar/token.js';
import { type Sight, sightOf } from '../../controller/planning/reading/sight.js';
import { NOTHING, type Spoken, spoken } from './models.js';

const ACTIONS: readonly Action[] = ['deploy', 'rollback', 'test', 'build'];

/** Every plan that an attacker's model can make of a text: each identity that the text names anywhere, and one that it does not. */
export function* attackersPlans(text: string, catalog: Names): Generator<unknown> {
  const sight = sightOf(text, catalog);
  const services = identities(sight, 'services', catalog.services);
  const environments = identities(sight, 'environments', catalog.environments);
  const both = environments.length > 1 ? [environments, [...environments].reverse()] : [];
  const places = [...environments.map((one) => [one]), ...both];
  for (const service of services)
    for (const place of places)
      for (const version of versions(sight))
        for (const action of actionsAt(sight))
          yield { ...NOTHING, action, service, version, environments: place };
}

interface Identity extends Spoken {
  readonly value: string;
}

function identities(
  sight: Sight,
  kind: 'services' | 'environments',
  all: readonly { readonly name: string }[],
): readonly Identity[] {
  const found: Identity[] = [];
  for (const { name } of all) {
    const tokens = sight.tokens.filter((token) => token[kind].includes(name));
    for (const token of [tokens[0], tokens.at(-1)])
      if (token !== undefined && !found.some((one) => one.value === name && same(one, words(sight, token))))
        found.push({ value: name, ...words(sight, token) });
  }
  const absent = all.find(({ name }) => !found.some((one) => one.value === name));
  const borrowed = sight.tokens.find((token) => token.kind === 'word');
  if (absent !== undefined && borrowed !== undefined)
    found.push({ value: absent.name, ...words(sight, borrowed) });
  return found.slice(0, 5);
}

function same(left: Spoken, right: Spoken): boolean {
  return left.text === right.text && left.occurrence === right.occurrence;
}

function words(sight: Sight, token: Token): Spoken {
  return spoken(sight.text, token.start, token.end);
}

function versions(sight: Sight): readonly (Spoken | null)[] {
  const found = sight.tokens.filter((token) => token.kind === 'version' || token.kind === 'number');
  return [null, ...found.slice(0, 4).map((token) => words(sight, token))];
}

/** The first verb of each action as evidence would be too kind: any word will do. */
function actionsAt(sight: Sight): readonly Identity[] {
  const [first, last] = [sight.tokens.find(isWord), sight.tokens.findLast(isWord)];
  const verb = sight.tokens.find((token) =>
    /deploy|roll|ship|test|build|ausroll|despl|разв|部署|wdr/.test(token.text),
  );
  return ACTIONS.flatMap((value) =>
    [...new Set([verb ?? first, last])].flatMap((token) =>
      token === undefined ? [] : [{ value, ...words(sight, token) }],
    ),
  );
}

function isWord(token: Token): boolean {
  return token.kind === 'word';
}

/** The same numbers every time (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An answer that fits the schema and was thrown together from pieces of the text, of the catalog and of nothing. */
export function gibberish(text: string, catalog: Names, next: () => number): unknown {
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(next() * values.length)];
  const span = () => {
    const from = Math.floor(next() * (text.length + 1));
    const piece = text.slice(from, from + 1 + Math.floor(next() * 30));
    const whole = pick(text.split(/\s+/).filter((word) => word !== '')) ?? 'x';
    return { text: (next() < 0.6 ? whole : piece) || 'x', occurrence: 1 + Math.floor(next() * 3) };
  };
  const names = (kind: 'services' | 'environments') => catalog[kind].map(({ name }) => name);
  const maybe = <T>(make: () => T): T | null => (next() < 0.5 ? make() : null);
  const some = <T>(make: () => T): readonly T[] => Array.from({ length: Math.floor(next() * 3) }, make);
  return {
    outcome: pick(['plan', 'plan', 'plan', 'clarify', 'refuse']),
    action: { value: pick(ACTIONS), ...span() },
    service: { value: pick(names('services')), ...span() },
    version: maybe(span),
    environments: some(() => ({ value: pick(names('environments')), ...span() })),
    postSteps: some(() => ({ value: pick(['run_tests', 'smoke_tests', 'notify']), ...span() })),
    errorRate: maybe(span),
    latencyP95Ms: maybe(span),
    watchMinutes: maybe(span),
    about: maybe(() => span().text),
  };
}
