import type { PostStep } from '../../domain/intent.js';
import type { Evidence, EvidenceByField, EvidenceField, Request } from '../../domain/interpretation.js';
import type { Token } from '../grammar/token.js';
import { scanVersions } from '../grammar/versions.js';
import type { Answer, Cited, Named } from './answer.js';
import { type Bounded, quantityIn } from './bounds.js';
import type { ModelReading } from './model-reading.js';
import { environmentsAt, serviceAt, take } from './name-evidence.js';
import { literal, type Sight } from './sight.js';
import { type Place, placesOf } from './spans.js';
import { saysStep } from './steps.js';
import { Unfounded } from './unfounded.js';

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
