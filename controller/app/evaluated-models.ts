import type { Config } from '../config.js';
import type { EvaluatedModels } from './evaluate.js';

export async function openEvaluatedModels(
  _config: Config,
  _env: Readonly<Record<string, string | undefined>>,
): Promise<EvaluatedModels> {
  return { model: null, embedder: null };
}
