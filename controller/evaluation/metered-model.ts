import type { Model, ModelAnswer } from '../ports/model.js';

/** What the questions to one model came to. */
export interface ModelUse {
  readonly name: string;
  readonly answered: number;
  /** Of these, out of the cache. */
  readonly cached: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null: no price is configured. */
  readonly costUsd: number | null;
}

export interface ModelMeter {
  readonly model: Model;
  /** What was answered so far, by model. */
  answered(): readonly ModelUse[];
  /** Questions that no model answered. */
  unanswered(): number;
}

/** A model that counts. An answer out of the cache costs no tokens. */
export function meterModel(inner: Model): ModelMeter {
  const uses = new Map<string, ModelUse>();
  let unanswered = 0;
  return {
    model: {
      names: inner.names,
      ask: async (request, signal) => {
        try {
          const answer = await inner.ask(request, signal);
          uses.set(answer.model, added(uses.get(answer.model), answer));
          return answer;
        } catch (error) {
          unanswered += 1;
          throw error;
        }
      },
    },
    answered: () => [...uses.values()],
    unanswered: () => unanswered,
  };
}

function added(before: ModelUse | undefined, { model, usage, cached }: ModelAnswer): ModelUse {
  const use = before ?? {
    name: model,
    answered: 0,
    cached: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
  };
  const counted = { ...use, answered: use.answered + 1 };
  if (cached) return { ...counted, cached: use.cached + 1 };
  return {
    ...counted,
    inputTokens: use.inputTokens + usage.inputTokens,
    outputTokens: use.outputTokens + usage.outputTokens,
    costUsd: usage.costUsd === null ? use.costUsd : (use.costUsd ?? 0) + usage.costUsd,
  };
}
