import { noCache } from '../adapters/model/answer-cache.js';
import type { ModelsConfig } from '../config-models.js';
import { silentLog } from '../ports/log.js';
import { assembleModels, type Models } from './models.js';

/** The configured models, to be measured: none of their answers comes out of a cache. */
export async function openEvaluatedModels(config: ModelsConfig): Promise<Models> {
  return assembleModels(config, { log: silentLog, cache: noCache });
}
