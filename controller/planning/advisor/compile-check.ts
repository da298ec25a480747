import type { Severity } from '../../domain/catalog.js';
import type { Control, Demand, SopScope } from '../../domain/sop.js';
import { markModality } from '../controls/modality.js';
import type { NameIndex } from '../grammar/names.js';
import { keyOf } from '../grammar/names.js';
import { Answer } from './answer.js';
import { demandOf } from './compile-demand.js';
import { type Said, saidIn } from './said.js';

/**
 * The control in a model's answer, if everything in it is literally in the sentence, and every service and environment that
 * the sentence names is in it; null: the sentence stays advice and nothing else.
 */
export function checkedControl(
  answer: unknown,
  sentence: string,
  sop: string,
  names: NameIndex,
): Control | null {
  const said = saidIn(sentence, names);
  const fields = Answer.of(answer)?.object('control') ?? null;
  if (said === null || fields === null) return null;
  const scope = scopeOf(fields, said, names);
  if (scope === null) return null;
  const demand = demandOf(fields, said, scope, sop, (name) => canonical(names.environments, name));
  if (demand === null || !usesAll(said, scope, demand)) return null;
  const limited = scope.services.length + scope.environments.length > 0;
  return {
    ...demand,
    quote: sentence,
    origin: 'model',
    scope: limited ? scope : null,
    severity: severityOf(said.text),
  };
}

function scopeOf(fields: Answer, said: Said, names: NameIndex): SopScope | null {
  const services = known(fields.texts('services'), names.services, said.services);
  const environments = known(fields.texts('environments'), names.environments, said.environments);
  return services === null || environments === null ? null : { services, environments, actions: [] };
}

/** Names by which the catalog and the sentence know something; null when one is of neither. */
function known(
  written: readonly string[] | null,
  index: ReadonlyMap<string, readonly string[]>,
  said: ReadonlySet<string>,
): readonly string[] | null {
  const names = (written ?? []).map((name) => canonical(index, name));
  return names.every((name): name is string => name !== null && said.has(name)) ? [...new Set(names)] : null;
}

function canonical(index: ReadonlyMap<string, readonly string[]>, name: string): string | null {
  const [found, another] = index.get(keyOf(name)) ?? [];
  return found === undefined || another !== undefined ? null : found;
}

/** A reading that leaves out whom the sentence is about is none. */
function usesAll(said: Said, scope: SopScope, demand: Demand): boolean {
  const first = demand.kind === 'environments-first' ? demand.environments : [];
  return (
    [...said.services].every((name) => scope.services.includes(name)) &&
    [...said.environments].every((name) => scope.environments.includes(name) || first.includes(name))
  );
}

/** "Should" and "consider" weigh less; what "must" weighs is the SOP's to say (null). */
function severityOf(text: string): Severity | null {
  const marked = markModality(text);
  if (/\{M[+-]h\}/.test(marked)) return null;
  if (/\{M[+-]m\}/.test(marked)) return 'medium';
  return /\{M[+-]l\}/.test(marked) ? 'low' : null;
}
