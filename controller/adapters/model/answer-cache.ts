import { canonicalJson, sha256 } from '../../domain/json.js';
import type { ModelRequest, ModelUsage } from '../../ports/model.js';

export interface StoredAnswer {
  readonly purpose: string;
  readonly model: string;
  readonly value: unknown;
  readonly usage: ModelUsage;
}

/** Answers that were given and checked before. Losing it costs time, nothing else. */
export interface AnswerCache {
  get(key: string): Promise<StoredAnswer | null>;
  put(key: string, answer: StoredAnswer): Promise<void>;
}

/** Everything an answer depends on: the prompts hold the catalog's and the SOPs' words, so a change of those is another key. */
export function answerKey(model: string, request: ModelRequest, maskedUser: string): string {
  const { purpose, promptVersion, system, schema, maxOutputTokens } = request;
  return sha256(
    canonicalJson({ model, purpose, promptVersion, system, schema, maxOutputTokens, user: maskedUser }),
  );
}

/** For commands that have no database. The oldest go first. */
export function memoryCache(limit = 1000): AnswerCache {
  const answers = new Map<string, StoredAnswer>();
  return {
    get: async (key) => answers.get(key) ?? null,
    put: async (key, answer) => {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > limit && oldest !== undefined) answers.delete(oldest);
    },
  };
}

/** Remembers nothing: for measuring. */
export const noCache: AnswerCache = { get: async () => null, put: async () => undefined };
