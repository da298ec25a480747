import type { PostStep } from '../../domain/intent.js';
import type { Evidence, EvidenceByField, EvidenceField, Request } from '../../domain/interpretation.js';
import { scanEnvironments } from '../grammar/environments.js';
import { isPunct, isWord, type Token } from '../grammar/token.js';
import { scanVersions } from '../grammar/versions.js';
import { DETERMINERS } from '../grammar/words.js';
import type { Answer, Cited, Named } from './answer.js';
import { type Bounded, quantityIn } from './bounds.js';
import type { ModelReading } from './model-reading.js';
import { literal, type Sight } from './sight.js';
import { type Place, placesOf } from './spans.js';
import { saysStep } from './steps.js';

/** A field whose words do not say what the model says. The message names the field and no word of the model. */
class Unfounded extends Error {
  override readonly name = 'Unfounded';
}

/**
 * Holds a model's answer to the text: every field needs words that literally stand there and that say, by our own reading, exactly
 * that. One that has none takes the whole answer with it (`none`, with the reason).
 */
export function checkEvidence(answer: Answer, model: string, sight: Sight): ModelReading {
  if (answer.outcome !== 'plan')
    return { outcome: answer.outcome, model, about: aboutOf(answer.about, sight) };
  try {
    return { outcome: 'plan', model, ...found(answer, sight) };
  } catch (error) {
    if (!(error instanceof Unfounded)) throw error;
    return { outcome: 'none', reason: `${model}: its reading was set aside, ${error.message}` };
  }
}

function aboutOf(words: string | null, sight: Sight): Evidence | null {
  if (words === null) return null;
  const [place] = placesOf({ text: words, occurrence: 1 }, sight);
  return place === undefined ? null : evidenceOf(place, sight);
}

function found(answer: Answer, sight: Sight): { request: Request; evidence: EvidenceByField } {
  const taken = new Set<Token>();
  const evidence: Partial<Record<EvidenceField, readonly Evidence[]>> = {};
  const keep = (field: EvidenceField, places: readonly Place[]) => {
    if (places.length > 0) evidence[field] = places.map((place) => evidenceOf(place, sight));
  };
  if (answer.action === null || answer.service === null)
    throw new Unfounded('a plan without action or service');
  const service = serviceAt(answer.service, sight, taken);
  const version = answer.version === null ? null : versionAt(answer.version, sight, taken);
  const environments = environmentsAt(answer, sight, taken);
  keep('action', [actionAt(answer.action, sight)]);
  keep('service', [service]);
  keep('version', version === null ? [] : [version]);
  keep('environments', environments);
  keep('postSteps', stepsAt(answer.postSteps, sight));
  const guard = (field: 'errorRate' | 'latencyP95Ms' | 'watchMinutes') => {
    const bounded = boundAt(field, answer[field], sight);
    keep(field, bounded === null ? [] : [[bounded.token]]);
    return bounded?.value ?? null;
  };
  const request: Request = {
    action: answer.action.value,
    service: answer.service.value,
    version: version === null ? null : version.map((token) => literal(token, sight)).join(''),
    environments: answer.environments.map(({ value }) => value),
    postSteps: answer.postSteps.map(({ value }) => value),
    guards: {
      errorRate: guard('errorRate'),
      latencyP95Ms: guard('latencyP95Ms'),
      watchMinutes: guard('watchMinutes'),
    },
  };
  return { request, evidence };
}

function actionAt(action: Cited, sight: Sight): Place {
  const place = placesOf(action, sight).find((one) => one.some((token) => token.kind !== 'punct'));
  if (place === undefined) throw new Unfounded('the words for its action are not in the text');
  return place;
}

/** The catalog's index decides what the words name: exactly that service, and nothing else. */
function serviceAt({ value, ...cited }: Named, sight: Sight, taken: Set<Token>): Place {
  const names = (token: Token) => token.services.length === 1 && token.services[0] === value;
  return take(nameAt(cited, sight, names), taken, 'service');
}

function environmentsAt(answer: Answer, sight: Sight, taken: Set<Token>): readonly Place[] {
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
function take(tokens: readonly Token[], taken: Set<Token>, field: EvidenceField): Place {
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

const VERSION_SHAPE = /^[A-Za-z0-9][A-Za-z0-9._/+@-]{0,199}$/;

/** Exactly one word, as written, that is a version or a named ref where it stands: not part of a link, a date, a ticket, a library. */
function versionAt(cited: Cited, sight: Sight, taken: Set<Token>): Place {
  const mentions = sight.readings.flatMap((reading) => scanVersions(reading.tokens).mentions);
  const isVersion = (token: Token) => {
    const mention = mentions.find((one) => one.token.start === token.start);
    return (
      !token.odd &&
      VERSION_SHAPE.test(literal(token, sight)) &&
      (mention === undefined ? token.kind === 'version' : mention.role !== 'foreign')
    );
  };
  const tokens = placesOf(cited, sight)
    .filter((place) => place.length === 1)
    .flatMap((place) => place.filter(isVersion));
  return take(tokens, taken, 'version');
}

function stepsAt(steps: readonly Named<PostStep>[], sight: Sight): readonly Place[] {
  if (new Set(steps.map(({ value }) => value)).size < steps.length)
    throw new Unfounded('it names a step twice');
  return steps.map((step) => {
    const place = placesOf(step, sight).find((one) => saysStep(one, step.value));
    if (place === undefined) throw new Unfounded('the words for its postSteps do not say that');
    return place;
  });
}

function boundAt(
  field: 'errorRate' | 'latencyP95Ms' | 'watchMinutes',
  cited: Cited | null,
  sight: Sight,
): Bounded | null {
  if (cited === null) return null;
  const bounded = placesOf(cited, sight)
    .map((place) => quantityIn(place, field, sight))
    .find((one) => one !== null);
  if (bounded === undefined) throw new Unfounded(`the words for its ${field} hold no such number`);
  return bounded;
}

function evidenceOf(place: Place, sight: Sight): Evidence {
  const start = place[0]?.start ?? 0;
  const end = place.at(-1)?.end ?? start;
  return { start, end, text: sight.text.slice(start, end) };
}
