import type {
  Evidence,
  EvidenceByField,
  EvidenceField,
  Question,
  Request,
} from '../../domain/interpretation.js';
import { interpretText } from '../grammar/index.js';
import type { Names } from '../grammar/names.js';
import type { Token } from '../grammar/token.js';
import { words } from '../grammar/words.js';
import { readForeignOrder } from './foreign-order.js';
import type { ModelPlan } from './model-reading.js';
import { placed } from './placed.js';
import { refusedPart, unusedParts } from './rest.js';
import { isSame } from './same.js';
import { literal, type Sight } from './sight.js';
import type { Found, Widened } from './widened.js';

/**
 * Takes two keys: the model's reading, and a rule here that holds whatever a model says. A model that always answers with a plan
 * turns only those questions into plans whose answer the text itself holds. Null: the question stays.
 */
export function widen(
  questions: readonly Question[],
  model: ModelPlan,
  sight: Sight,
  catalog: Names,
): Widened | null {
  const { hidden } = sight.plain;
  if (hidden.bidi || hidden.invisible || hidden.tags !== '') return null;
  if (questions.length === 0 || questions.some(({ cause }) => (cause ?? 'doubt') === 'doubt')) return null;
  const foreign = inOtherWords(model, sight);
  if (foreign !== null) return { ...foreign, unused: [] };
  const found = decorated(questions, model, sight, catalog) ?? placed(questions, model, sight, catalog);
  if (found === null) return null;
  const unused = unusedParts(sight, found.evidence);
  return refusedPart(unused, catalog) === null ? { ...found, unused } : null;
}

/** An order in another language, every word of which is known here. */
function inOtherWords(model: ModelPlan, sight: Sight): Found | null {
  const order = readForeignOrder(sight);
  if (order === null) return null;
  const request: Request = {
    action: order.action,
    service: order.service.services[0] ?? '',
    version: order.version === null ? null : literal(order.version, sight),
    environments: order.environments.flatMap((token) => token.environments),
    postSteps: [],
    guards: { errorRate: null, latencyP95Ms: null, watchMinutes: null },
  };
  if (!isSame(request, model.request)) return null;
  const span = ({ start, end }: Token): Evidence => ({ start, end, text: sight.text.slice(start, end) });
  const evidence: EvidenceByField = {
    action: order.verbs.map(span),
    service: [span(order.service)],
    ...(order.version === null ? {} : { version: [span(order.version)] }),
    environments: order.environments.map(span),
  };
  return { request, evidence, ofGrammar: [] };
}

/** Praise and cries of joy: they ask for nothing, wherever they stand. */
const DECORATION = words(`
  shiny fancy lovely sparkly fabulous gorgeous wonderful fantastic awesome glorious snazzy amazing brilliant beautiful magnificent marvellous marvelous spiffy nifty terrific splendid superb stunning adorable delightful
  yay woohoo woo hoo hooray hurray ta tnx tysm thankyou whoop yippee tada voila lads peeps mates chaps amigo amigos pal dude dudes bro bros chief captain boss fam`);

/** "deploy the shiny checkout 2.4.1 to production, woohoo": what the grammar reads without those words. */
function decorated(
  questions: readonly Question[],
  model: ModelPlan,
  sight: Sight,
  catalog: Names,
): Found | null {
  if (!questions.every(({ cause }) => cause === 'unknown-words')) return null;
  const decoration = sight.tokens.filter(
    (token) => token.kind === 'word' && DECORATION.has(token.text) && token.services.length === 0,
  );
  if (decoration.length === 0) return null;
  return readAgain(without(sight.text, decoration), model, catalog, sight);
}

/** Blanks of the same length: every offset stays what it was. */
function without(text: string, tokens: readonly Token[]): string {
  let out = text;
  for (const { start, end } of tokens) out = out.slice(0, start) + ' '.repeat(end - start) + out.slice(end);
  return out;
}

function readAgain(text: string, model: ModelPlan, catalog: Names, sight: Sight): Found | null {
  const reading = interpretText(text, catalog);
  if (reading.outcome !== 'plan' || !isSame(reading.request, model.request)) return null;
  const literalOnly = Object.values(reading.evidence)
    .flat()
    .every((span) => sight.text.slice(span.start, span.end) === span.text);
  if (!literalOnly) return null;
  const ofGrammar = Object.keys(reading.evidence) as EvidenceField[];
  return { request: reading.request, evidence: reading.evidence, ofGrammar };
}
