import OpenAI, { APIError } from 'openai';
import { boundedFetch } from './bounded-fetch.js';
import {
  ANSWER_BYTES,
  type ChatProvider,
  type ChatReply,
  type ChatRequest,
  EMBEDDING_BYTES,
  type EmbeddingProvider,
  tokenCount,
} from './provider.js';

export interface OpenAiOptions {
  /** First part of the model's name: `openai` or `gemini`. */
  readonly provider: string;
  readonly baseUrl: string;
  /** Servers of one's own often have none. */
  readonly apiKey: string | null;
  readonly model: string;
}

/** OpenAI, and everything that speaks its API. https://platform.openai.com/docs/api-reference/chat */
export function createOpenAiChat(options: OpenAiOptions): ChatProvider {
  /** How strictly an answer's form can be asked for; older servers know less. */
  let form: 'json_schema' | 'json_object' | 'text' = 'json_schema';
  const ask = async (request: ChatRequest, signal: AbortSignal): Promise<ChatReply> => {
    const answer = await clientOf(options, ANSWER_BYTES, signal).chat.completions.create(
      {
        model: options.model,
        messages: request.turns.map(({ role, content }) => ({ role, content })),
        response_format: formatOf(form, request),
        ...limitFor(options, request.maxOutputTokens),
        stream: false,
      },
      { signal },
    );
    return readReply(answer);
  };
  return {
    name: `${options.provider}/${options.model}`,
    async chat(request, signal) {
      for (;;) {
        try {
          return await ask(request, signal);
        } catch (error) {
          if (isWordsOfTheModel(error)) return NOTHING_USABLE;
          const next = weaker(form, error);
          if (next === null) throw error;
          form = next;
        }
      }
    },
  };
}

export function createOpenAiEmbeddings(options: OpenAiOptions): EmbeddingProvider {
  return {
    name: `${options.provider}/${options.model}`,
    async embed(texts, signal) {
      const answer = await clientOf(options, EMBEDDING_BYTES, signal).embeddings.create(
        { model: options.model, input: [...texts], encoding_format: 'float' },
        { signal },
      );
      return inOrder(Array.isArray(answer?.data) ? answer.data : []);
    },
  };
}

/** They may come in any order, and each says which text it is of. */
function inOrder(data: readonly OpenAI.Embedding[]): readonly (readonly number[])[] {
  const byIndex = new Map(data.map(({ index, embedding }) => [index, embedding]));
  return data.map((_, index) => {
    const vector = byIndex.get(index);
    if (vector === undefined) throw new Error('the vectors do not say which texts they are of');
    return vector;
  });
}

/** A client for one call: its fetch carries that call's limits. Nothing is read from the environment. */
function clientOf({ baseUrl, apiKey }: OpenAiOptions, maxBytes: number, signal: AbortSignal): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundedFetch({ maxBytes, signal }),
  });
}

function formatOf(form: 'json_schema' | 'json_object' | 'text', { schemaName, schema }: ChatRequest) {
  if (form === 'json_schema')
    return { type: form, json_schema: { name: schemaName, schema: { ...schema }, strict: true } } as const;
  return { type: form } as const;
}

/** OpenAI's own newer models refuse `max_tokens`; most other servers know only that. */
function limitFor({ provider, baseUrl }: OpenAiOptions, tokens: number): object {
  const theirs = provider === 'openai' && /^https:\/\/[^/]*(?:openai\.com|azure\.com)\//.test(`${baseUrl}/`);
  return theirs ? { max_completion_tokens: tokens } : { max_tokens: tokens, temperature: 0 };
}

/** A server that refuses the form of the answer is asked for a looser one; what it answers is checked all the same. */
function weaker(form: string, error: unknown): 'json_object' | 'text' | null {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return null;
  if (!/response_format|json_schema|json_object|schema|grammar/i.test(error.message)) return null;
  if (form === 'json_schema') return 'json_object';
  return form === 'json_object' ? 'text' : null;
}

const NOTHING_USABLE: ChatReply = { text: '', truncated: false, inputTokens: 0, outputTokens: 0 };

/** llama.cpp answers 500 when its model's words are not of the form that was asked for: the server is well. */
function isWordsOfTheModel(error: unknown): boolean {
  return error instanceof APIError && error.status === 500 && /model produced output/i.test(error.message);
}

function readReply(answer: OpenAI.Chat.ChatCompletion): ChatReply {
  const choice = Array.isArray(answer?.choices) ? answer.choices[0] : undefined;
  const text = choice?.message?.content;
  if (typeof text !== 'string') {
    const refusal = choice?.message?.refusal;
    throw new Error(refusal ? 'the model refused to answer' : 'the answer has no text');
  }
  return {
    text,
    truncated: choice?.finish_reason === 'length',
    inputTokens: tokenCount(answer.usage?.prompt_tokens),
    outputTokens: tokenCount(answer.usage?.completion_tokens),
  };
}
