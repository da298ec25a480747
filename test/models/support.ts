import type { AnswerCache } from '../../controller/adapters/model/answer-cache.js';
import { memoryCache } from '../../controller/adapters/model/answer-cache.js';
import { createModel, type ModelOptions } from '../../controller/adapters/model/model.js';
import { createOllamaChat } from '../../controller/adapters/model/ollama.js';
import { createOpenAiChat } from '../../controller/adapters/model/openai.js';
import type { ChatProvider } from '../../controller/adapters/model/provider.js';
import { silentLog } from '../../controller/ports/log.js';
import type { Model, ModelRequest } from '../../controller/ports/model.js';
import type { ModelTelemetry } from '../../controller/ports/telemetry.js';
import type { ScriptedModel } from './scripted/server.js';

export const NEVER = new AbortController().signal;
export const SCHEMA = {
  type: 'object',
  properties: {
    service: { type: 'string', maxLength: 100 },
    confident: { type: 'boolean' },
  },
  required: ['service', 'confident'],
  additionalProperties: false,
};
export const GOOD = { service: 'checkout', confident: true };

export function request(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    purpose: 'interpret',
    promptVersion: '1',
    system: 'Read the text.',
    user: 'Deploy checkout v1.2.3 to staging.',
    schema: SCHEMA,
    schemaName: 'reading',
    maxOutputTokens: 500,
    plainWords: ['checkout', 'staging'],
    ...change,
  };
}

export function openAi(server: Pick<ScriptedModel, 'url'>, apiKey: string | null = null): ChatProvider {
  return createOpenAiChat({ provider: 'openai', baseUrl: server.url, apiKey, model: 'm' });
}

export function ollama(server: Pick<ScriptedModel, 'url'>): ChatProvider {
  return createOllamaChat({ url: server.url, model: 'm' });
}

export type Counted = Parameters<ModelTelemetry['modelAnswered']>[0];

export function modelOf(
  providers: readonly ChatProvider[],
  change: Partial<ModelOptions> = {},
): { readonly model: Model; readonly counted: Counted[]; readonly cache: AnswerCache } {
  const counted: Counted[] = [];
  const cache = change.cache ?? memoryCache();
  const model = createModel({
    providers,
    timeoutMs: 2000,
    prices: new Map(),
    cache,
    telemetry: { modelAnswered: (answer) => counted.push(answer) },
    log: silentLog,
    ...change,
  });
  return { model, counted, cache };
}
