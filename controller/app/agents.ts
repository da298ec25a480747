import type { Database } from '../adapters/postgres/database.js';
import type { Config } from '../config.js';
import { type Advisor, createAdvisor } from '../planning/advisor/advisor.js';
import { holdSops } from '../planning/knowledge/hold-sops.js';
import { createKnowledge } from '../planning/knowledge/knowledge.js';
import { systemClock } from '../ports/clock.js';
import type { Interpreter } from '../ports/interpreter.js';
import type { Knowledge, VectorIndex } from '../ports/knowledge.js';
import type { Log } from '../ports/log.js';
import type { Model } from '../ports/model.js';
import type { ModelTelemetry } from '../ports/telemetry.js';
import { interpreterWith } from './interpreter.js';
import { assembleModels } from './models.js';
import { readWordVectors } from './word-vectors.js';

/** What reads and advises. Without a configured model: the grammar, search by words, and no words of a model. */
export interface Agents {
  readonly model: Model | null;
  readonly interpreter: Interpreter;
  readonly knowledge: Knowledge;
  readonly advisor: Advisor;
}

export async function assembleAgents(
  { models }: Pick<Config, 'models'>,
  database: Pick<Database, 'passages' | 'vectorIndex' | 'modelAnswers'>,
  telemetry: ModelTelemetry,
  log: Log,
): Promise<Agents> {
  const { model, embedder } = await assembleModels(models, { log, telemetry, cache: database.modelAnswers });
  const knowledge = createKnowledge({
    records: database.passages,
    embedder,
    wordVectors: readWordVectors,
    vectors: models.chromaUrl === null ? await database.vectorIndex() : await chroma(models.chromaUrl),
    clock: systemClock,
  });
  return {
    model,
    interpreter: await interpreterWith(model, log),
    knowledge,
    advisor: advisorWith(model, knowledge, log),
  };
}

const HOLD_MS = 20_000;

/** Adds nothing: for plans that are made without a database. */
export const noAdvisor: Advisor = async () => ({ findings: [], without: [] });

async function chroma(url: string): Promise<VectorIndex> {
  return (await import('../adapters/knowledge/chroma.js')).chromaIndex(url);
}

/** A plan is advised on by the SOPs that it is planned with, also when they were committed a moment ago. */
function advisorWith(model: Model | null, knowledge: Knowledge, log: Log): Advisor {
  if (model === null) return noAdvisor;
  const advise = createAdvisor({ knowledge, model, log });
  return async (input, signal) => {
    // A search engine or an embedder that hangs costs the plan what it would have found, and no more time than this.
    const held = await holdSops(
      { knowledge, log },
      input.repository,
      input,
      AbortSignal.timeout(HOLD_MS),
    ).catch(() => ({ without: [`passages: not brought up to date within ${HOLD_MS / 1000} s`] }));
    const { findings, without } = await advise(input, signal);
    return { findings, without: [...new Set([...held.without, ...without])] };
  };
}
