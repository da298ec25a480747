import type { Catalog, Environment, Service } from '../domain/catalog.js';
import type { IntentSpec } from '../domain/intent.js';
import type { Interpretation, Question, Request } from '../domain/interpretation.js';

type Identities = Pick<Catalog, 'services' | 'environments'>;

/**
 * Puts an intent's pinned fields and the reading of its text together. A pin may answer what the text leaves open; where
 * the two differ, that is a question. A refusal stays one.
 */
export function applyPins(reading: Interpretation, spec: IntentSpec, catalog: Identities): Interpretation {
  if (reading.outcome === 'refuse' || !hasPins(spec)) return reading;
  const unknown = unknownPins(spec, catalog);
  if (unknown.length > 0) return { outcome: 'clarify', questions: unknown, evidence: reading.evidence };
  if (reading.outcome === 'plan') return agree(reading, spec, catalog);
  return answered(reading.questions, spec) ? fromPins(reading, spec, catalog) : reading;
}

function hasPins(spec: IntentSpec): boolean {
  return [spec.action, spec.service, spec.version, spec.environments].some((pin) => pin !== undefined);
}

function agree(
  reading: Extract<Interpretation, { outcome: 'plan' }>,
  spec: IntentSpec,
  catalog: Identities,
): Interpretation {
  const { request } = reading;
  const pinned = pinnedRequest(spec, catalog);
  const differs = (['action', 'service', 'version', 'environments'] as const).filter(
    (field) =>
      pinned[field] !== undefined &&
      String(pinned[field]) !== String(request[field]) &&
      !(field === 'version' && request.version === null),
  );
  if (differs.length === 0)
    return { ...reading, request: { ...request, version: request.version ?? pinned.version ?? null } };
  const questions = differs.map((field) => ({
    field,
    question: `The text says ${field} ${String(request[field])}, but spec.${field} pins ${String(pinned[field])}. Which one?`,
    choices: [String(request[field]), String(pinned[field])],
  }));
  return { outcome: 'clarify', questions, evidence: reading.evidence };
}

/** Pins answer the questions only when they name action, service and environments, and nothing else is asked. */
function answered(questions: readonly Question[], spec: IntentSpec): boolean {
  if (spec.action === undefined || spec.service === undefined) return false;
  if (spec.environments === undefined && spec.action !== 'build') return false;
  return questions.every((question) => ['action', 'service', 'environments'].includes(question.field));
}

function fromPins(
  reading: Extract<Interpretation, { outcome: 'clarify' }>,
  spec: IntentSpec,
  catalog: Identities,
): Interpretation {
  const pinned = pinnedRequest(spec, catalog);
  if (pinned.action === undefined || pinned.service === undefined) return reading;
  const request: Request = {
    action: pinned.action,
    service: pinned.service,
    version: pinned.version ?? null,
    environments: pinned.environments ?? [],
    postSteps: [],
    guards: { errorRate: null, latencyP95Ms: null, watchMinutes: null },
  };
  return { outcome: 'plan', request, evidence: reading.evidence };
}

function pinnedRequest(
  spec: IntentSpec,
  catalog: Identities,
): Partial<Pick<Request, 'action' | 'service' | 'version' | 'environments'>> {
  const service = spec.service === undefined ? undefined : named(catalog.services, spec.service)?.name;
  const environments = spec.environments?.map((name) => named(catalog.environments, name)?.name ?? name);
  return {
    ...(spec.action === undefined ? {} : { action: spec.action }),
    ...(service === undefined ? {} : { service }),
    ...(spec.version === undefined ? {} : { version: spec.version }),
    ...(environments === undefined ? {} : { environments }),
  };
}

function unknownPins(spec: IntentSpec, catalog: Identities): readonly Question[] {
  const questions: Question[] = [];
  if (spec.service !== undefined && named(catalog.services, spec.service) === undefined) {
    questions.push(unknown('service', spec.service, catalog.services));
  }
  for (const name of spec.environments ?? []) {
    if (named(catalog.environments, name) === undefined)
      questions.push(unknown('environments', name, catalog.environments));
  }
  return questions;
}

function unknown(
  field: 'service' | 'environments',
  name: string,
  known: readonly { readonly name: string }[],
): Question {
  const choices = known.map((item) => item.name);
  return {
    field,
    question: `spec.${field} names "${name}", which is not in the catalog. Which one do you mean?`,
    choices,
  };
}

function named<T extends Service | Environment>(items: readonly T[], name: string): T | undefined {
  return items.find((item) => item.name === name) ?? items.find((item) => item.aliases.includes(name));
}
