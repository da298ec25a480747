import type { Evidence, Question, Request } from '../../domain/interpretation.js';
import { EXTRAS, type Extra, IDENTITIES, type Identity } from './same.js';

/** Longest line of a reading, in UTF-16 units. */
const MAX_LINE = 240;

const NAMES: Readonly<Record<Identity | Extra, string>> = {
  action: 'action',
  service: 'service',
  version: 'version',
  environments: 'environments',
  postSteps: 'steps',
  errorRate: 'error rate',
  latencyP95Ms: 'p95 latency',
  watchMinutes: 'watch time',
};

/** One line for people: only names of the catalog, versions as written, and numbers. */
export function describeRequest(request: Request): string {
  const { action, service, version, environments } = request;
  const what = version === null ? service : `${service} ${version}`;
  const where = environments.length === 0 ? '' : ` ${PLACED[action]} ${environments.join(', then ')}`;
  const extras = EXTRAS.map((field) => [field, fieldValue(request, field)] as const)
    .filter(([, value]) => value !== 'none')
    .map(([field, value]) => `, ${NAMES[field]} ${value}`);
  return line(`${action} ${what}${where}${extras.join('')}`);
}

const PLACED: Readonly<Record<Request['action'], string>> = {
  deploy: 'to',
  rollback: 'in',
  test: 'in',
  build: 'for',
};

/** A field's value for people; `none` when the reading has none. */
export function fieldValue(request: Request, field: Identity | Extra): string {
  const { errorRate, latencyP95Ms, watchMinutes } = request.guards;
  switch (field) {
    case 'environments':
      return request.environments.join(', then ') || 'none';
    case 'postSteps':
      return request.postSteps.join(', ') || 'none';
    case 'errorRate':
      return errorRate === null ? 'none' : `${Number((errorRate * 100).toPrecision(12))} %`;
    case 'latencyP95Ms':
      return latencyP95Ms === null ? 'none' : `${latencyP95Ms} ms`;
    case 'watchMinutes':
      return watchMinutes === null ? 'none' : `${watchMinutes} min`;
    default:
      return request[field] ?? 'none';
  }
}

/**
 * Two readings of one text that differ. The question is about the text as a whole, so that no pinned field answers it: pins know
 * nothing of the steps and guards that would be lost with it.
 */
export function questionOfTwo(
  grammar: Request,
  other: Request,
  model: string,
  differing: readonly (Identity | Extra)[],
): Question {
  const names = [...IDENTITIES, ...EXTRAS].filter((field) => differing.includes(field));
  const [left, right] = [describeRequest(grammar), describeRequest(other)];
  const what = names.map((field) => NAMES[field]).join(', ');
  return {
    field: 'text',
    question: `The text can be read in two ways (${what}). grammar: ${left}. ${model}: ${right}. Which one is meant? Please say it so that there is only one.`,
    choices: [left, right],
  };
}

/** The grammar has a plan; the model refuses or would ask. */
export function questionOfDoubt(
  grammar: Request,
  model: string,
  outcome: 'clarify' | 'refuse',
  about: Evidence | null,
): Question {
  const why = about === null ? '' : ` because of "${line(about.text)}"`;
  const does = outcome === 'refuse' ? 'refuses it' : 'would ask';
  const left = describeRequest(grammar);
  return {
    field: 'text',
    question: `grammar: ${left}. ${model}: ${does}${why}. Is that all that is meant? Please say it without the rest.`,
    choices: [left],
  };
}

/** The grammar refuses what the model accepts: never a plan. */
export function questionOfRefusal(reason: string, other: Request, model: string): Question {
  const right = describeRequest(other);
  return {
    field: 'text',
    question: `grammar: refused. ${reason} ${model}: ${right}. If only that is meant, please say it without the rest.`,
    choices: [],
  };
}

/** One short line, whatever was in it. */
export function line(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return flat.length <= MAX_LINE ? flat : `${flat.slice(0, MAX_LINE - 1)}…`;
}
