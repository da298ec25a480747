import type { Names } from '../../controller/planning/grammar/names.js';
import { sightOf } from '../../controller/planning/reading/sight.js';
import type { Model, ModelAnswer, ModelRequest } from '../../controller/ports/model.js';
import type { Case } from '../grammar/cases.js';

export const MODEL = 'scripted/model';

/** A model that answers what a function makes of the request. */
export function modelThat(
  answer: (request: ModelRequest) => unknown,
): Model & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    names: [MODEL],
    asked,
    ask: async (request): Promise<ModelAnswer> => {
      asked.push(request);
      const usage = { inputTokens: 0, outputTokens: 0, costUsd: null };
      return { value: answer(request), model: MODEL, usage, cached: false, seconds: 0 };
    },
  };
}

export interface Labelled extends Case {
  readonly action: string | null;
  readonly service: string | null;
  readonly version: string | null;
  readonly environments: readonly string[];
  readonly postSteps: readonly string[];
  readonly guards: { errorRate: number | null; latencyP95Ms: number | null; watchMinutes: number | null };
}

export interface Spoken {
  readonly text: string;
  readonly occurrence: number;
}

export const NOTHING = {
  outcome: 'plan',
  action: null,
  service: null,
  version: null,
  environments: [],
  postSteps: [],
  errorRate: null,
  latencyP95Ms: null,
  watchMinutes: null,
  about: null,
};

export interface Fields {
  readonly action?: readonly [string, string] | undefined;
  readonly service?: readonly [string, string] | undefined;
  readonly version?: string | undefined;
  readonly environments?: readonly (readonly [string, string])[] | undefined;
  readonly postSteps?: readonly (readonly [string, string])[] | undefined;
  readonly errorRate?: string | undefined;
  readonly latencyP95Ms?: string | undefined;
  readonly watchMinutes?: string | undefined;
}

/** A plan as a model would answer it: `[value, words]`, each at the first place where the words stand. */
export function plan(fields: Fields = {}) {
  const named = ([value, text]: readonly [string, string]) => ({ value, text, occurrence: 1 });
  const cited = (text: string | undefined) => (text === undefined ? null : { text, occurrence: 1 });
  return {
    ...NOTHING,
    action: fields.action === undefined ? null : named(fields.action),
    service: fields.service === undefined ? null : named(fields.service),
    version: cited(fields.version),
    environments: (fields.environments ?? []).map(named),
    postSteps: (fields.postSteps ?? []).map(named),
    errorRate: cited(fields.errorRate),
    latencyP95Ms: cited(fields.latencyP95Ms),
    watchMinutes: cited(fields.watchMinutes),
  };
}

/** Where in a text an identity is named, as a careful model would point at it: the words, and which of their places it is. */
export function wordsFor(
  text: string,
  catalog: Names,
  kind: 'services' | 'environments',
  name: string,
): Spoken | null {
  const token = sightOf(text, catalog).tokens.find((one) => one[kind].length === 1 && one[kind][0] === name);
  return token === undefined ? null : spoken(text, token.start, token.end);
}

export function spoken(text: string, start: number, end: number): Spoken {
  const words = text.slice(start, end);
  let occurrence = 1;
  for (let at = text.indexOf(words); at >= 0 && at < start; at = text.indexOf(words, at + 1)) occurrence += 1;
  return { text: words, occurrence };
}
