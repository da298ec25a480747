import type { JsonSchema, ReadTokens } from '../../ports/model.js';

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  readonly turns: readonly Turn[];
  readonly schema: JsonSchema;
  readonly schemaName: string;
  readonly maxOutputTokens: number;
}

/** What a provider said, not looked at yet. */
export interface ChatReply {
  readonly text: string;
  /** It stopped because of the limit, not because it was done. */
  readonly truncated: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One model of one provider. Asks once: no tries of its own, whole answer within the signal's time. */
export interface ChatProvider {
  /** `<provider>/<model>` */
  readonly name: string;
  chat(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
}

export interface EmbeddingProvider {
  readonly name: string;
  /** As in Embedder. */
  readonly atOnce?: number;
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
  /** As in Embedder. */
  readonly tokens?: ReadTokens;
}

/** What a server says it counted: it may say anything, and this goes into metrics and 32-bit columns. */
export function tokenCount(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 2 ** 31 ? Math.round(value) : 0;
}

/** Bytes of one answer that are read. */
export const ANSWER_BYTES = 1024 * 1024;
/** 64 vectors of 4,096 numbers, as JSON. */
export const EMBEDDING_BYTES = 8 * 1024 * 1024;
