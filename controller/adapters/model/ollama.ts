import { Ollama } from 'ollama';
import { boundedFetch } from './bounded-fetch.js';
import {
  ANSWER_BYTES,
  type ChatProvider,
  EMBEDDING_BYTES,
  type EmbeddingProvider,
  tokenCount,
} from './provider.js';

export interface OllamaOptions {
  readonly url: string;
  readonly model: string;
}

/** https://docs.ollama.com/api/chat, with `format` as the answer's schema. */
export function createOllamaChat({ url, model }: OllamaOptions): ChatProvider {
  return {
    name: `ollama/${model}`,
    async chat({ turns, schema, maxOutputTokens }, signal) {
      const answer = await clientOf(url, ANSWER_BYTES, signal).chat({
        model,
        messages: turns.map(({ role, content }) => ({ role, content })),
        format: { ...schema },
        stream: false,
        options: { temperature: 0, num_predict: maxOutputTokens },
      });
      const text = answer?.message?.content;
      if (typeof text !== 'string') throw new Error('the answer has no text');
      return {
        text,
        truncated: answer.done_reason === 'length',
        inputTokens: tokenCount(answer.prompt_eval_count),
        outputTokens: tokenCount(answer.eval_count),
      };
    },
  };
}

/** https://docs.ollama.com/api/embed */
export function createOllamaEmbeddings({ url, model }: OllamaOptions): EmbeddingProvider {
  return {
    name: `ollama/${model}`,
    async embed(texts, signal) {
      const answer = await clientOf(url, EMBEDDING_BYTES, signal).embed({ model, input: [...texts] });
      return Array.isArray(answer?.embeddings) ? answer.embeddings : [];
    },
  };
}

/** A client for one call: its fetch carries that call's limits. */
function clientOf(host: string, maxBytes: number, signal: AbortSignal): Ollama {
  return new Ollama({ host, fetch: boundedFetch({ maxBytes, signal }) });
}
