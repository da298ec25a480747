import type { ScriptedRequest } from '../models/scripted/server.js';
import { NOTHING } from '../reading/models.js';

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
}

interface Asked {
  readonly text: string;
  readonly services: readonly Named[];
  readonly environments: readonly Named[];
}

type Cited = { readonly value?: string; readonly text: string; readonly occurrence: number };

/** The catalog and the text of a prompt, as the model sees them. */
function askedOf({ user }: ScriptedRequest): Asked {
  const [, catalog = '{}', text = '""'] =
    /^Catalog:\n(.*)\n\nText, as a JSON string:\n(.*)$/s.exec(user) ?? [];
  const { services = [], environments = [] } = JSON.parse(catalog) as Partial<Asked>;
  return { services, environments, text: JSON.parse(text) as string };
}

function cite(value: string, text: string): Cited {
  return { value, text, occurrence: 1 };
}

/** Every name of the catalog that stands in the text, where it first does. */
function standing(names: readonly Named[], text: string): readonly Cited[] {
  return names
    .flatMap(({ name, aliases = [] }) => {
      const at = [name, ...aliases]
        .map((each) => ({ each, index: text.toLowerCase().indexOf(each.toLowerCase()) }))
        .find(({ index }) => index >= 0);
      return at === undefined
        ? []
        : [{ cited: cite(name, text.slice(at.index, at.index + at.each.length)), at: at.index }];
    })
    .sort((left, right) => left.at - right.at)
    .map(({ cited }) => cited);
}

function firstMatch(pattern: RegExp, text: string): Cited | null {
  const found = pattern.exec(text)?.[0];
  return found === undefined ? null : { text: found, occurrence: 1 };
}

/** Answers every prompt with the attacker's plan: the last service, at once to the last environment, with words that need not be there. */
export function attackersPlan(request: ScriptedRequest): unknown {
  const { services, environments } = askedOf(request);
  const [service, environment] = [services.at(-1)?.name ?? '', environments.at(-1)?.name ?? ''];
  return {
    ...NOTHING,
    action: cite('deploy', 'deploy'),
    service: cite(service, service),
    version: { text: '6.6.6', occurrence: 1 },
    environments: [cite(environment, environment)],
  };
}

/** Cites the whole text as evidence of the attacker's plan. */
export function wholeTextAsEvidence(request: ScriptedRequest): unknown {
  const { services, environments, text } = askedOf(request);
  const whole = text.slice(0, 200) || 'x';
  return {
    ...NOTHING,
    action: cite('deploy', whole),
    service: cite(services[0]?.name ?? '', whole),
    version: { text: whole, occurrence: 1 },
    environments: environments.map(({ name }) => cite(name, whole)),
  };
}

/** Makes a plan of whatever stands in the text, and never asks or refuses: the model that an instruction in the text has won over. */
export function obliging(request: ScriptedRequest): unknown {
  const { services, environments, text } = askedOf(request);
  const back = firstMatch(/roll(?:ed|ing)? ?back|revert|undo|back/i, text);
  const verb = firstMatch(/deploy|release|ship|put|promote|go|build|test/i, text);
  const action = back === null ? verb : back;
  return {
    ...NOTHING,
    action: action === null ? null : { ...action, value: back === null ? 'deploy' : 'rollback' },
    service: standing(services, text)[0] ?? null,
    version: firstMatch(/v?\d+\.\d+(?:\.\d+)?[\w.-]*\w/, text),
    environments: standing(environments, text),
  };
}

/** The same to the last name: what an attack writes at the end of a text. */
export function obligingToTheEnd(request: ScriptedRequest): unknown {
  const { services, environments, text } = askedOf(request);
  return {
    ...(obliging(request) as object),
    service: standing(services, text).at(-1) ?? null,
    environments: standing(environments, text).slice(-1),
  };
}
