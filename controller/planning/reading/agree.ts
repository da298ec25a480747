import type {
  Evidence,
  EvidenceByField,
  EvidenceField,
  Interpretation,
  Question,
  Reader,
  Readership,
} from '../../domain/interpretation.js';
import type { Names } from '../grammar/names.js';
import { questionOfDoubt, questionOfRefusal, questionOfTwo } from './describe.js';
import type { ModelReading } from './model-reading.js';
import { unusedParts } from './rest.js';
import { differingExtras, differingIdentities } from './same.js';
import { type Sight, sightOf } from './sight.js';
import { widen } from './widen.js';

type Plan = Extract<Interpretation, { outcome: 'plan' }>;
type Asks = Extract<Interpretation, { outcome: 'clarify' }>;
type Refuses = Extract<Interpretation, { outcome: 'refuse' }>;
type Heard = Exclude<ModelReading, { outcome: 'none' }>;

/**
 * Two readings of one text become one. What the grammar refuses is never a plan; what it plans is a plan only while nobody who was
 * heard reads it differently; what it asks stays a question unless the text itself holds the answer and the model reads it there.
 */
export function agree(
  grammar: Interpretation,
  model: ModelReading,
  text: string,
  catalog: Names,
): Interpretation {
  const sight = sightOf(text, catalog);
  if (model.outcome === 'none')
    return {
      ...grammar,
      readership: readership([readerOf('grammar', grammar)], unusedOf(grammar, sight), [model.reason]),
    };
  const both = readership(
    [readerOf('grammar', grammar), readerOf(model.model, model)],
    unusedOf(grammar, sight),
  );
  switch (grammar.outcome) {
    case 'refuse':
      return afterRefusal(grammar, model, both);
    case 'plan':
      return afterPlan(grammar, model, both);
    case 'clarify':
      return afterQuestion(grammar, model, both, sight, catalog);
  }
}

function afterRefusal(grammar: Refuses, model: Heard, both: Readership): Interpretation {
  if (model.outcome !== 'plan') return { ...grammar, readership: both };
  return asked(questionOfRefusal(grammar.reason, model.request, model.model), grammar.evidence, both);
}

function afterPlan(grammar: Plan, model: Heard, both: Readership): Interpretation {
  if (model.outcome !== 'plan')
    return asked(
      questionOfDoubt(grammar.request, model.model, model.outcome, model.about),
      grammar.evidence,
      both,
    );
  const differing = [
    ...differingIdentities(grammar.request, model.request),
    ...differingExtras(grammar.request, model.request),
  ];
  if (differing.length > 0)
    return asked(
      questionOfTwo(grammar.request, model.request, model.model, differing),
      grammar.evidence,
      both,
    );
  // What is left over was read by the grammar in its place: alone, "the fix" or a quoted changelog would sound like an order.
  return { ...grammar, readership: both };
}

function afterQuestion(
  grammar: Asks,
  model: Heard,
  both: Readership,
  sight: Sight,
  catalog: Names,
): Interpretation {
  const widened = model.outcome === 'plan' ? widen(grammar.questions, model, sight, catalog) : null;
  if (widened === null || model.outcome !== 'plan') return { ...grammar, readership: both };
  const { request, evidence, ofGrammar, unused } = widened;
  const readers: Reader[] = [
    { name: 'grammar', outcome: 'clarify', fields: ofGrammar },
    { name: model.model, outcome: 'plan', fields: fieldsOf(evidence) },
  ];
  return {
    outcome: 'plan',
    request,
    evidence,
    readership: readership(readers, unused),
  };
}

function asked(question: Question, evidence: EvidenceByField, both: Readership): Interpretation {
  return { outcome: 'clarify', questions: [question], evidence, readership: both };
}

function readership(
  readers: readonly Reader[],
  unused: readonly Evidence[],
  without: readonly string[] = [],
): Readership {
  return { readers, unused, without };
}

function readerOf(name: string, reading: Interpretation | Heard): Reader {
  const fields = reading.outcome === 'plan' ? fieldsOf(reading.evidence) : [];
  return { name, outcome: reading.outcome, fields };
}

function fieldsOf(evidence: EvidenceByField): readonly EvidenceField[] {
  return Object.keys(evidence) as EvidenceField[];
}

function unusedOf(grammar: Interpretation, sight: Sight): readonly Evidence[] {
  return grammar.outcome === 'plan' ? unusedParts(sight, grammar.evidence) : [];
}
