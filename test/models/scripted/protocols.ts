import type { Protocol } from './server.js';

/** A question as the server understands it. */
export interface ScriptedQuestion {
  readonly model: string;
  readonly system: string;
  /** Of the first user turn. */
  readonly user: string;
  readonly turns: readonly { readonly role: string; readonly content: string }[];
  /** What the answer has to be; null when it was not asked for in the protocol's own way. */
  readonly schema: unknown;
  /** Name of the schema (OpenAI). */
  readonly schemaName: string | null;
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly schema: unknown };
  };
  readonly format?: unknown;
}

const CHAT: Readonly<Record<Protocol, string>> = { openai: '/v1/chat/completions', ollama: '/api/chat' };
const EMBED: Readonly<Record<Protocol, string>> = { openai: '/v1/embeddings', ollama: '/api/embed' };

export function readChat(protocol: Protocol, path: string, body: unknown): ScriptedQuestion | null {
  if (path !== CHAT[protocol]) return null;
  const { model, messages, response_format, format } = body as ChatBody;
  return {
    model,
    system: messages.find(({ role }) => role === 'system')?.content ?? '',
    user: messages.find(({ role }) => role === 'user')?.content ?? '',
    turns: messages,
    schema: response_format?.json_schema?.schema ?? format ?? null,
    schemaName: response_format?.json_schema?.name ?? null,
  };
}

export function readEmbedding(protocol: Protocol, path: string, body: unknown): readonly string[] | null {
  return path === EMBED[protocol] ? (body as { input: readonly string[] }).input : null;
}

/** https://platform.openai.com/docs/api-reference/chat/object, https://docs.ollama.com/api/chat */
export function chatReply(protocol: Protocol, model: string, answer: unknown): unknown {
  const content = typeof answer === 'string' ? answer : JSON.stringify(answer);
  if (protocol === 'ollama')
    return {
      model,
      created_at: '2026-11-26T12:00:00Z',
      message: { role: 'assistant', content },
      done: true,
      done_reason: 'stop',
      total_duration: 1_000_000,
      load_duration: 1000,
      prompt_eval_count: 120,
      prompt_eval_duration: 1000,
      eval_count: 40,
      eval_duration: 1000,
    };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_795_000_000,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 120, completion_tokens: 40, total_tokens: 160 },
  };
}

/** https://platform.openai.com/docs/api-reference/embeddings, https://docs.ollama.com/api/embed */
export function embeddingReply(protocol: Protocol, vectors: readonly (readonly number[])[]): unknown {
  if (protocol === 'ollama')
    return {
      model: 'embedder',
      embeddings: vectors,
      total_duration: 1,
      load_duration: 1,
      prompt_eval_count: 1,
    };
  return {
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: 'embedder',
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
}
