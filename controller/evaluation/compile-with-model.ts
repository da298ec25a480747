import type { Catalog } from '../domain/catalog.js';
import type { Sop } from '../domain/sop.js';
import { compileWithModel } from '../planning/advisor/compile.js';
import { silentLog } from '../ports/log.js';
import type { Model } from '../ports/model.js';
import type { SopControls, StoredControl } from '../ports/sop-controls.js';
import { type CompiledDocument, spaced } from './judge-controls.js';

/**
 * What the rules and a model make of one document: the model is asked about those of the `labelled` sentences that are advice
 * to the rules, and a sentence that a control came of is no advice any more. A model that is away leaves them as they are.
 */
export async function addModelControls(
  model: Model,
  sop: Sop,
  compiled: CompiledDocument,
  labelled: readonly string[],
  catalog: Catalog,
  signal: AbortSignal,
): Promise<CompiledDocument> {
  const wanted = new Set(labelled.map(spaced));
  const asked = compiled.advice.filter((sentence) => wanted.has(spaced(sentence)));
  if (asked.length === 0) return compiled;
  const needs = { model, records: nothingKept, catalog, log: silentLog };
  const { made } = await compileWithModel(needs, [{ ...sop, advice: asked }], signal);
  const read = new Set(made.map(({ sentence }) => sentence));
  return {
    controls: [...compiled.controls, ...made.flatMap(({ record, sentence }) => controlOf(record, sentence))],
    advice: compiled.advice.filter((sentence) => !read.has(sentence)),
  };
}

function controlOf({ control }: StoredControl, quote: string): CompiledDocument['controls'] {
  return control === null ? [] : [{ ...control, quote }];
}

const nothingKept: SopControls = { of: async () => [], keep: async () => true };
