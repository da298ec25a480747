import type OpenAI from 'openai';
import type { Protocol } from './protocol.js';

type ChatBody = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

/** https://platform.openai.com/docs/api-reference: the types are those that OpenAI generates of its API's description. */
export const openAiProtocol: Protocol = {
  base: '/v1',
  chatPath: '/v1/chat/completions',
  embedPath: '/v1/embeddings',
  readChat: (raw) => {
    const body = raw as ChatBody;
    const { response_format: format } = body;
    return {
      model: body.model,
      messages: body.messages.map(({ role, content }) => ({ role, content: contentText(content) })),
      schema: format?.type === 'json_schema' ? (format.json_schema.schema ?? null) : null,
      streamed: (raw as { stream?: unknown }).stream === true,
    };
  },
  chat: ({ model, text, finish, number }) =>
    ({
      id: `chatcmpl-scripted-${number}`,
      object: 'chat.completion',
      created: 1_790_000_000 + number,
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: finish,
        },
      ],
      usage: usageOf(11, 7),
    }) satisfies OpenAI.Chat.ChatCompletion,
  readEmbed: (raw) => {
    const body = raw as OpenAI.EmbeddingCreateParams;
    const texts = typeof body.input === 'string' ? [body.input] : (body.input as readonly string[]);
    return { model: body.model, texts, packed: body.encoding_format === 'base64' };
  },
  embed: ({ model, vectors, packed }) => ({
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: packed ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector,
    })),
    model,
    usage: { prompt_tokens: 5, total_tokens: 5 },
  }),
  error: (status, message) => ({
    error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', param: null, code: null },
  }),
  look: (path, models) => {
    const entry = (id: string) =>
      ({ id, object: 'model', created: 1_790_000_000, owned_by: 'scripted' }) satisfies OpenAI.Models.Model;
    if (path === '/v1/models') return { object: 'list', data: models.map(entry) };
    const one = models.find((id) => path === `/v1/models/${encodeURIComponent(id)}`);
    return one === undefined ? null : entry(one);
  },
};

function usageOf(input: number, output: number): OpenAI.CompletionUsage {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}
