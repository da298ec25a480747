import type {
  Evidence,
  EvidenceByField,
  EvidenceField,
  Question,
  Request,
} from '../../domain/interpretation.js';
import { scanEnvironments } from '../grammar/environments.js';
import { interpretText } from '../grammar/index.js';
import type { Names } from '../grammar/names.js';
import { isWord, type Token } from '../grammar/token.js';
import { ENV_PREPOSITIONS, NEGATIONS, words } from '../grammar/words.js';
import { readForeignOrder } from './foreign-order.js';
import type { ModelPlan } from './model-reading.js';
import { refusedPart, unusedParts } from './rest.js';
import { differingExtras, differingIdentities, isSame } from './same.js';
import { literal, type Sight } from './sight.js';

/** A plan out of what the grammar alone asks about. */
export interface Widened {
  readonly request: Request;
  readonly evidence: EvidenceByField;
  /** The fields that the grammar reads the same way by itself. */
  readonly ofGrammar: readonly EvidenceField[];
}

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
  const widened =
    inOtherWords(model, sight) ??
    decorated(questions, model, sight, catalog) ??
    placed(questions, model, sight, catalog);
  if (widened === null) return null;
  return refusedPart(unusedParts(sight, widened.evidence), catalog) === null ? widened : null;
}

/** An order in another language, every word of which is known here. */
function inOtherWords(model: ModelPlan, sight: Sight): Widened | null {
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
  yay woohoo woo hoo hooray hurray ta tnx tysm thankyou lol haha hehe whoop yippee tada voila lads peeps mates chaps amigo amigos pal dude dudes bro bros chief captain boss fam`);

/** "deploy the shiny checkout 2.4.1 to production, woohoo": what the grammar reads without those words. */
function decorated(
  questions: readonly Question[],
  model: ModelPlan,
  sight: Sight,
  catalog: Names,
): Widened | null {
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

function readAgain(text: string, model: ModelPlan, catalog: Names, sight: Sight): Widened | null {
  const reading = interpretText(text, catalog);
  if (reading.outcome !== 'plan' || !isSame(reading.request, model.request)) return null;
  const literalOnly = Object.values(reading.evidence)
    .flat()
    .every((span) => sight.text.slice(span.start, span.end) === span.text);
  if (!literalOnly) return null;
  const ofGrammar = Object.keys(reading.evidence) as EvidenceField[];
  return { request: reading.request, evidence: reading.evidence, ofGrammar };
}

const OBLIGES = words('should must shall needs need has have belongs goes');

/** The one thing missing is where; the text says elsewhere, as what ought to be, where: "… should be on staging: deploy it there". */
function placed(
  questions: readonly Question[],
  model: ModelPlan,
  sight: Sight,
  catalog: Names,
): Widened | null {
  const [question] = questions;
  const [place] = model.request.environments;
  if (questions.length !== 1 || question?.field !== 'environments' || place === undefined) return null;
  if (model.request.environments.length > 1) return null;
  const named = sight.tokens.filter((token) => token.environments.length > 0);
  const token = question.cause === 'missing' ? obliged(named, place, sight) : spelledOut(named, place, sight);
  if (token === null) return null;
  const rewritten =
    question.cause === 'missing' ? `${sight.text}\nTo ${place}.` : withName(named, place, sight);
  const reading = interpretText(rewritten, catalog);
  if (reading.outcome !== 'plan') return null;
  const differs = [
    ...differingIdentities(reading.request, model.request),
    ...differingExtras(reading.request, model.request),
  ];
  if (differs.length > 0) return null;
  const ofGrammar = (Object.keys(reading.evidence) as EvidenceField[]).filter(
    (one) => one !== 'environments',
  );
  const where = { environments: model.evidence.environments ?? [] };
  const evidence = { ...(question.cause === 'missing' ? reading.evidence : model.evidence), ...where };
  return { request: reading.request, evidence, ofGrammar };
}

function obliged(named: readonly Token[], place: string, sight: Sight): Token | null {
  if (named.some((token) => token.environments.join() !== place)) return null;
  for (const { mood, clause, tokens } of sight.readings) {
    if (mood !== 'state' || clause.told) continue;
    if (tokens.some((token) => NEGATIONS.has(token.text))) continue;
    const at = tokens.findIndex((token) => token.environments.length > 0);
    const led =
      at > 0 && ENV_PREPOSITIONS.has(tokens[at - 1]?.text ?? '') && !isWord(tokens[at - 1], 'from', 'over');
    if (led && tokens.slice(0, at).some((token) => OBLIGES.has(token.text))) return tokens[at] ?? null;
  }
  return null;
}

/** Words that may stand between a word for several environments and the one that is meant: "prod (prod-eu)", "prod in eu-west-1". */
const APART = 3;

function spelledOut(named: readonly Token[], place: string, sight: Sight): Token | null {
  const clear = named.filter((token) => token.environments.length === 1);
  const vague = named.filter((token) => token.environments.length > 1);
  const [token] = clear;
  if (token === undefined || clear.length > 1 || vague.length !== 1) return null;
  const isTarget = sight.readings
    .flatMap((reading) => scanEnvironments(reading.tokens, sight.index).mentions)
    .some((mention) => mention.token.start === token.start && mention.role === 'target');
  const [from, to] = [vague[0], token].map((one) => (one === undefined ? -1 : sight.tokens.indexOf(one)));
  const near = from !== undefined && to !== undefined && from < to && to - from <= APART;
  return isTarget &&
    near &&
    vague[0]?.environments.includes(place) === true &&
    token.environments[0] === place
    ? token
    : null;
}

function withName(named: readonly Token[], place: string, sight: Sight): string {
  const vague = named.find((token) => token.environments.length > 1);
  return vague === undefined
    ? sight.text
    : sight.text.slice(0, vague.start) + place + sight.text.slice(vague.end);
}
