import type { ModelsConfig } from '../config-models.js';
import { createGrammarInterpreter } from '../planning/grammar/index.js';
import type { Interpreter } from '../ports/interpreter.js';
import type { Log } from '../ports/log.js';
import type { Model } from '../ports/model.js';
import { assembleModels } from './models.js';

/** The grammar; with a model, both. What that needs is loaded here, when there is one. */
export async function interpreterWith(model: Model | null, log: Log): Promise<Interpreter> {
  const grammar = createGrammarInterpreter();
  if (model === null) return grammar;
  const { createModelInterpreter } = await import('../planning/reading/index.js');
  return createModelInterpreter({ grammar, model, log });
}

/** For commands that need no controller. */
export async function offlineInterpreter(models: ModelsConfig, log: Log): Promise<Interpreter> {
  return interpreterWith((await assembleModels({ ...models, embedding: null }, { log })).model, log);
}
