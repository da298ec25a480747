import { type Guards, NO_GUARDS } from '../domain/catalog.js';
import { ACTIONS, POST_STEPS } from '../domain/intent.js';
import type { Demand, SopScope } from '../domain/sop.js';
import type { ExpectedControls, ExpectedDemand, Place, SentenceItem } from './items.js';
import { isObject, JsonFields } from './json-fields.js';

const KINDS = [
  'require-steps',
  'environments-first',
  'freeze',
  'pinned-version',
  'signed-version',
  'guards',
  'approvals',
  'approver',
  'alone',
] as const satisfies readonly Demand['kind'][];

/** A sentence and the controls it states, as demands without quote and origin. Throws BadLine. */
export function readSentence(place: Place, fields: JsonFields): SentenceItem {
  return {
    ...place,
    kind: 'sentence',
    document: fields.needed('document', fields.text('document')),
    sentence: fields.needed('sentence', fields.text('sentence')),
    controls: readControls(fields),
  };
}

function readControls(fields: JsonFields): ExpectedControls {
  const value = fields.needed('controls', fields.raw('controls'));
  if (value === 'advice' || value === 'none') return value;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject))
    throw fields.wrong('controls', 'a list of demands, "advice" or "none"');
  return value.map((each, index) => readDemand(new JsonFields(each, `controls[${index}]`)));
}

function readDemand(fields: JsonFields): ExpectedDemand {
  const demand = demandOf(fields);
  const scope = fields.raw('scope') === null ? undefined : fields.object('scope');
  return scope === undefined ? { demand } : { demand, scope: readScope(scope) };
}

function demandOf(fields: JsonFields): Demand {
  const kind = fields.needed('kind', fields.oneOf('kind', KINDS));
  switch (kind) {
    case 'require-steps':
      return { kind, steps: fields.needed('steps', fields.someOf('steps', POST_STEPS)) };
    case 'environments-first':
      return {
        kind,
        environments: fields.needed('environments', fields.texts('environments')),
        hours: fields.amountOrNull('hours') ?? null,
      };
    case 'freeze':
      return { kind, freeze: freezeOf(fields.needed('freeze', fields.object('freeze'))) };
    case 'guards':
      return { kind, guards: guardsOf(fields.needed('guards', fields.object('guards'))) };
    case 'approvals':
      return { kind, count: fields.amountOrNull('count') ?? fields.needed<number>('count', undefined) };
    case 'approver':
      return { kind, names: fields.needed('names', fields.texts('names')) };
    case 'pinned-version':
    case 'signed-version':
    case 'alone':
      return { kind };
  }
}

function freezeOf(fields: JsonFields) {
  return {
    name: fields.text('name') ?? '',
    from: fields.needed('from', fields.text('from')),
    to: fields.needed('to', fields.text('to')),
    timezone: fields.text('timezone') ?? 'UTC',
    environments: fields.texts('environments') ?? [],
  };
}

function guardsOf(fields: JsonFields): Guards {
  return {
    errorRate: fields.amountOrNull('errorRate') ?? NO_GUARDS.errorRate,
    latencyP95Ms: fields.amountOrNull('latencyP95Ms') ?? NO_GUARDS.latencyP95Ms,
    logErrorsPerMinute: fields.amountOrNull('logErrorsPerMinute') ?? NO_GUARDS.logErrorsPerMinute,
    healthFailures: fields.amountOrNull('healthFailures') ?? NO_GUARDS.healthFailures,
    watchSeconds: fields.amountOrNull('watchSeconds') ?? NO_GUARDS.watchSeconds,
  };
}

function readScope(fields: JsonFields): SopScope {
  return {
    services: fields.texts('services') ?? [],
    environments: fields.texts('environments') ?? [],
    actions: fields.someOf('actions', ACTIONS) ?? [],
  };
}
