import { type AnswerCache, memoryCache } from '../adapters/model/answer-cache.js';
import type { ChatProvider, EmbeddingProvider } from '../adapters/model/provider.js';
import {
  type ChatModelConfig,
  type EmbeddingConfig,
  type ModelsConfig,
  modelSecrets,
} from '../config-models.js';
import type { Log } from '../ports/log.js';
import type { Embedder, Model } from '../ports/model.js';
import type { ModelTelemetry } from '../ports/telemetry.js';
import type { Check } from './doctor.js';

export interface ModelParts {
  readonly log: Log;
  readonly telemetry?: ModelTelemetry;
  /** Default: in memory. */
  readonly cache?: AnswerCache;
}

export interface Models {
  /** null: none is configured. */
  readonly model: Model | null;
  readonly embedder: Embedder | null;
}

const UNCOUNTED: ModelTelemetry = { modelAnswered: () => undefined };

/** The configured models. Their libraries are loaded here, when there is one. */
export async function assembleModels(config: ModelsConfig, parts: ModelParts): Promise<Models> {
  const { log, telemetry = UNCOUNTED, cache = memoryCache() } = parts;
  const { timeoutMs, prices } = config;
  const providers = await Promise.all(config.chat.map(chatProvider));
  const model =
    providers.length === 0
      ? null
      : (await import('../adapters/model/model.js')).createModel({
          providers,
          timeoutMs,
          prices,
          secrets: modelSecrets(config),
          cache,
          telemetry,
          log,
        });
  const embedder =
    config.embedding === null
      ? null
      : (await import('../adapters/model/embedder.js')).createEmbedder(
          await embeddingProvider(config.embedding),
          timeoutMs,
          modelSecrets(config),
        );
  return { model, embedder };
}

async function chatProvider(config: ChatModelConfig): Promise<ChatProvider> {
  const { provider, url, model, apiKey } = config;
  if (provider === 'ollama')
    return (await import('../adapters/model/ollama.js')).createOllamaChat({ url, model });
  return (await import('../adapters/model/openai.js')).createOpenAiChat({
    provider,
    baseUrl: url,
    apiKey,
    model,
  });
}

async function embeddingProvider(config: EmbeddingConfig): Promise<EmbeddingProvider> {
  if (config.provider === 'local')
    return (await import('../adapters/model/local-embeddings.js')).createLocalEmbeddings(config.model);
  const { provider, url, model, apiKey } = config;
  if (provider === 'ollama')
    return (await import('../adapters/model/ollama.js')).createOllamaEmbeddings({ url, model });
  return (await import('../adapters/model/openai.js')).createOpenAiEmbeddings({
    provider,
    baseUrl: url,
    apiKey,
    model,
  });
}

const PROBE = {
  type: 'object',
  properties: { answer: { type: 'string', maxLength: 100 } },
  required: ['answer'],
  additionalProperties: false,
};

/** One look for each configured model, and one for the embeddings: asked for real, with a question of one word. */
export function modelLooks(
  config: ModelsConfig,
  log: Log,
): readonly (readonly [string, () => Promise<Omit<Check, 'name'>>])[] {
  const chat = config.chat.map(
    (each) =>
      [
        `model ${each.provider}/${each.model}`,
        () => lookAtModel({ ...config, chat: [each], embedding: null }, log),
      ] as const,
  );
  const { embedding } = config;
  if (embedding === null) return chat;
  const name = `embeddings ${embedding.provider}/${embedding.model}`;
  return [...chat, [name, () => lookAtEmbedder({ ...config, chat: [] }, log)]];
}

async function lookAtModel(config: ModelsConfig, log: Log): Promise<Omit<Check, 'name'>> {
  const { model } = await assembleModels(config, { log });
  const request = {
    purpose: 'interpret',
    promptVersion: 'doctor',
    system: 'Answer with the word yes.',
    user: 'Are you there?',
    schema: PROBE,
    schemaName: 'presence',
    maxOutputTokens: 200,
    plainWords: [],
  } as const;
  return look(async () => {
    const answer = await model?.ask(request, AbortSignal.timeout(config.timeoutMs));
    return `answers as asked, in ${answer?.seconds.toFixed(1)} s`;
  }, 'plans are made by the grammar alone until it does');
}

async function lookAtEmbedder(config: ModelsConfig, log: Log): Promise<Omit<Check, 'name'>> {
  const { embedder } = await assembleModels(config, { log });
  return look(async () => {
    const [vector] = (await embedder?.embed(['Are you there?'], AbortSignal.timeout(config.timeoutMs))) ?? [];
    return `makes vectors of ${vector?.length} numbers`;
  }, 'SOPs are found by words alone until it does');
}

async function look(work: () => Promise<string>, without: string): Promise<Omit<Check, 'name'>> {
  try {
    return { result: 'ok', detail: await work() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { result: 'absent', detail: `does not answer (${why}): ${without}` };
  }
}
