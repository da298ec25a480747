import type { EvidenceField, Question } from '../../domain/interpretation.js';
import { interpretText } from '../grammar/index.js';
import type { Names } from '../grammar/names.js';
import { isPunct, isWord, type Token } from '../grammar/token.js';
import { NEGATIONS, words } from '../grammar/words.js';
import type { ModelPlan } from './model-reading.js';
import { isSame } from './same.js';
import type { Sight } from './sight.js';
import type { Found } from './widened.js';

const OBLIGES = words('should must shall needs has belongs goes');
/** What takes the place back again. */
const UNSETTLES = new Set([
  ...NEGATIONS,
  ...words('already currently still was were only until before after'),
]);

/** The one thing missing is where; the text says elsewhere, as what ought to be, where: "… should be on staging: deploy it there". */
export function placed(
  questions: readonly Question[],
  model: ModelPlan,
  sight: Sight,
  catalog: Names,
): Found | null {
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
  if (reading.outcome !== 'plan' || !isSame(reading.request, model.request)) return null;
  const ofGrammar = (Object.keys(reading.evidence) as EvidenceField[]).filter(
    (one) => one !== 'environments',
  );
  const where = { environments: model.evidence.environments ?? [] };
  const evidence = { ...(question.cause === 'missing' ? reading.evidence : model.evidence), ...where };
  return { request: reading.request, evidence, ofGrammar };
}

/** The clause before the order says where its service or version ought to be, and the order says "there". */
function obliged(named: readonly Token[], place: string, sight: Sight): Token | null {
  if (named.some((token) => token.environments.join() !== place)) return null;
  for (const [at, { mood, clause, tokens }] of sight.readings.entries()) {
    const next = sight.readings[at + 1];
    if (mood !== 'state' || clause.told || next?.mood !== 'order') continue;
    if (!next.tokens.some((token) => isWord(token, 'there'))) continue;
    const found = oughtToBe(tokens);
    if (found !== null) return found;
  }
  return null;
}

/** "<service or version> should be on <environment>". */
function oughtToBe(tokens: readonly Token[]): Token | null {
  const at = tokens.findIndex((token) => token.environments.length > 0);
  const [led, verb] = [tokens[at - 1], tokens.slice(0, Math.max(0, at - 1))];
  if (at < 0 || !isWord(led, 'in', 'on', 'to') || tokens.some((token) => UNSETTLES.has(token.text)))
    return null;
  const must = verb.findIndex((token) => OBLIGES.has(token.text));
  const about = verb.slice(0, must).some((token) => token.services.length > 0 || token.kind === 'version');
  const direct = verb.slice(must + 1).every((token) => isWord(token, 'to', 'be', 'go', 'run', 'land', 'get'));
  return must >= 0 && about && direct ? (tokens[at] ?? null) : null;
}

/** Between a word for several environments and the one that is meant: "prod (prod-eu)", "prod in eu-west-1". */
const SPELLS = words('in namely meaning aka the region');

function spelledOut(named: readonly Token[], place: string, sight: Sight): Token | null {
  const [vague, clear] = named;
  if (vague === undefined || clear === undefined || named.length > 2) return null;
  if (!vague.environments.includes(place) || clear.environments.join() !== place) return null;
  const [from, to] = [sight.tokens.indexOf(vague), sight.tokens.indexOf(clear)];
  const between = sight.tokens.slice(from + 1, to);
  const joined =
    between.length > 0 && between.every((token) => isPunct(token, '(') || SPELLS.has(token.text));
  const next = sight.tokens[to + 1];
  const ends = next === undefined || next.kind === 'newline' || isPunct(next, ')', '.', '!', ';');
  return joined && ends ? clear : null;
}

function withName(named: readonly Token[], place: string, sight: Sight): string {
  const vague = named.find((token) => token.environments.length > 1);
  return vague === undefined
    ? sight.text
    : sight.text.slice(0, vague.start) + place + sight.text.slice(vague.end);
}
