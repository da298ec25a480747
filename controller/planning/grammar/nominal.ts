import { scanEnvironments } from './environments.js';
import { type Act, type Gathered, scope, withActs } from './gather.js';
import type { NameIndex } from './names.js';
import type { Reading } from './reading.js';
import { scanSteps } from './steps.js';
import { isPunct, isWord, type Token } from './token.js';
import { isBase, verbOf } from './verbs.js';
import { scanVersions } from './versions.js';

/** "checkout 2.4.1 -> prod": where no verb orders anything, a service that is put somewhere is a deploy. */
export function withNominal(gathered: Gathered, readings: readonly Reading[], index: NameIndex): Gathered {
  if (gathered.acts.some((act) => !act.weak)) return gathered;
  const acts: Act[] = [];
  for (const reading of readings) {
    if (reading.mood !== 'name') continue;
    const act = nominalAct(reading, index);
    if (act !== null) acts.push(act);
  }
  if (gathered.acts.length > 0) {
    const deploys = acts.filter((act) => act.versions.mentions.length > 0);
    return withActs(gathered, [...deploys, ...gathered.acts]);
  }
  return acts.length > 0 ? withActs(gathered, acts) : labelled(gathered, readings, index);
}

function nominalAct(reading: Reading, index: NameIndex): Act | null {
  const tokens = scope(reading);
  const service = tokens.findIndex((token) => token.services.length > 0);
  if (service < 0 || reading.clause.question) return null;
  const environments = scanEnvironments(tokens, index);
  const versions = scanVersions(tokens);
  const placed =
    environments.mentions.some((mention) => mention.role === 'target') ||
    environments.all !== null ||
    environments.unknown.length > 0;
  const verb = verbOf('deploy') ?? null;
  const back = tokens.some((token, at) => isWord(token, 'back') && isWord(tokens[at + 1], 'to', 'on'));
  if ((versions.older !== null || back) && placed)
    return {
      reading: { ...reading, verb: verbOf('rollback') ?? null, at: service },
      action: 'rollback',
      weak: false,
      environments,
      versions,
    };
  if (tokens.some((token) => isPunct(token, '\u23ea', '\u21a9', '\u{1f519}')))
    return {
      reading: { ...reading, verb: verbOf('rollback') ?? null, at: service },
      action: 'rollback',
      weak: false,
      environments,
      versions,
    };
  const tests = scanSteps(reading, false).some((mention) => mention.wanted && mention.step !== 'notify');
  if (tests && placed && versions.mentions.length === 0 && !isDirected(tokens))
    return {
      reading: { ...reading, verb: verbOf('test') ?? null, at: service },
      action: 'test',
      weak: false,
      environments,
      versions,
    };
  if (versions.mentions.length === 0 && isBase(tokens[service]?.text ?? '')) return null;
  if (!placed || !(versions.mentions.length > 0 ? !dwells(tokens) : isDirected(tokens))) return null;
  return {
    reading: { ...reading, verb, at: service },
    action: 'deploy',
    weak: false,
    environments,
    versions,
  };
}

/** "checkout 2.4.1 in prod" may as well tell where it is. */
function dwells(tokens: readonly Token[]): boolean {
  if (isDirected(tokens) || tokens.some((token) => isWord(token, 'please', 'pls', 'plz', 'asap')))
    return false;
  return tokens.some(
    (token, at) =>
      isWord(token, 'in', 'on', 'at') &&
      [1, 2, 3].some((step) => (tokens[at + step]?.environments.length ?? 0) > 0),
  );
}

function isDirected(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token, at) =>
      (token.kind === 'arrow' || isWord(token, 'to', 'onto', 'into')) &&
      [1, 2, 3].some((step) => (tokens[at + step]?.environments.length ?? 0) > 0),
  );
}

/** "service: checkout / version: 2.4.1 / environment: staging" as fields, the action among them or not. */
function labelled(gathered: Gathered, readings: readonly Reading[], index: NameIndex): Gathered {
  const fields = readings.filter(
    (reading) => reading.mood === 'name' && reading.tokens.some((token) => isPunct(token, ':', '=')),
  );
  const label = (names: readonly string[]) =>
    fields.find((reading) =>
      reading.tokens.some(
        (token, at) => isWord(token, ...names) && isPunct(reading.tokens[at + 1], ':', '='),
      ),
    );
  const [service, place] = [
    label(['service', 'app', 'application', 'svc', 'component']),
    label(['environment', 'environments', 'env', 'envs', 'target', 'targets', 'to', 'where', 'stage']),
  ];
  const action = label(['action', 'type', 'operation', 'what', 'kind', 'task', 'intent']);
  if (service === undefined || place === undefined) return gathered;
  const named = action?.tokens
    .map((token) => verbOf(token.text, 'deploy', 'rollback', 'test', 'build'))
    .find((verb) => verb !== undefined);
  const kind =
    named?.class === 'rollback' || named?.class === 'test' || named?.class === 'build'
      ? named.class
      : 'deploy';
  const acts: Act[] = [
    {
      reading: { ...service, verb: named ?? verbOf('deploy') ?? null },
      action: kind,
      weak: false,
      environments: scanEnvironments(scope(service), index),
      versions: scanVersions(scope(service)),
    },
  ];
  return withActs(gathered, acts);
}
