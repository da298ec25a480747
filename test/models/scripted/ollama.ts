import type { ChatRequest, EmbedRequest } from 'ollama';
import type { Protocol } from './protocol.js';

/** https://docs.ollama.com/api: durations are nanoseconds. */
export const ollamaProtocol: Protocol = {
  base: '',
  chatPath: '/api/chat',
  embedPath: '/api/embed',
  readChat: (raw) => {
    const body = raw as ChatRequest;
    return {
      model: body.model,
      messages: (body.messages ?? []).map(({ role, content }) => ({ role, content })),
      schema: typeof body.format === 'object' ? (body.format as Record<string, unknown>) : null,
      // Ollama streams unless it is told not to.
      streamed: body.stream !== false,
    };
  },
  chat: ({ model, text, finish, number }) => ({
    model,
    created_at: new Date(1_790_000_000_000 + number).toISOString(),
    message: { role: 'assistant', content: text },
    done: true,
    done_reason: finish,
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: 11,
    prompt_eval_duration: 2_000_000,
    eval_count: 7,
    eval_duration: 2_000_000,
  }),
  readEmbed: (raw) => {
    const body = raw as EmbedRequest;
    return {
      model: body.model,
      texts: typeof body.input === 'string' ? [body.input] : body.input,
      packed: false,
    };
  },
  embed: ({ model, vectors }) => ({
    model,
    embeddings: vectors,
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: 5,
  }),
  error: (_status, message) => ({ error: message }),
  look: (path, models) => {
    if (path === '/api/version') return { version: '0.12.0' };
    if (path === '/api/tags') return { models: models.map(entry) };
    return null;
  },
};

function entry(name: string) {
  return {
    name,
    model: name,
    modified_at: '2026-11-01T00:00:00Z',
    size: 2_000_000,
    digest: '0'.repeat(64),
    details: {
      parent_model: '',
      format: 'gguf',
      family: 'scripted',
      families: ['scripted'],
      parameter_size: '1M',
      quantization_level: 'F32',
    },
  };
}
