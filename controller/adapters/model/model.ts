import type { CircuitBreakerPolicy } from 'cockatiel';
import { mask, unmask } from '../../domain/mask.js';
import type { Log } from '../../ports/log.js';
import {
  type Model,
  type ModelAnswer,
  type ModelRequest,
  ModelUnavailable,
  type ModelUsage,
} from '../../ports/model.js';
import type { ModelTelemetry } from '../../ports/telemetry.js';
import { untilAborted, withinTime } from '../../ports/time-limit.js';
import { type AnswerCache, answerKey } from './answer-cache.js';
import { askProvider } from './ask-provider.js';
import { breakerOf } from './breaker.js';
import { failureWords } from './failure-words.js';
import type { ChatProvider } from './provider.js';
import { createAnswerReader } from './read-answer.js';

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

export interface ModelOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly ChatProvider[];
  /** One provider's time for one question, its corrections included. */
  readonly timeoutMs: number;
  /** By `<provider>/<model>`. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Keys: a server may repeat them in what it says, and that is shown to people. */
  readonly secrets?: readonly string[];
  readonly cache: AnswerCache;
  readonly telemetry: ModelTelemetry;
  readonly log: Log;
}

interface Guarded {
  readonly provider: ChatProvider;
  readonly breaker: CircuitBreakerPolicy;
}

/** The configured models as one. Prompts are masked here, answers checked, remembered and counted. */
export function createModel(options: ModelOptions): Model {
  const guarded = options.providers.map((provider) => ({ provider, breaker: breakerOf() }));
  const read = createAnswerReader();
  const asking = new Map<string, Promise<ModelAnswer>>();

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    checkSchema(request);
    const masked = mask(request.user, request.plainWords);
    const failures: string[] = [];
    for (const each of guarded) {
      const { name } = each.provider;
      try {
        signal.throwIfAborted();
        const answer = await shared(each, request, masked.text, signal);
        // What is written into an incident's file is for more people than those whose text it was taken from.
        if (request.purpose === 'summarise') return answer;
        return { ...answer, value: unmask(answer.value, masked.hidden) };
      } catch (error) {
        if (signal.aborted) throw new ModelUnavailable('the time for it is over');
        failures.push(`${name}: ${failureWords(error, options.timeoutMs, options.secrets)}`);
        options.log.warn(
          { model: name, purpose: request.purpose, why: failures.at(-1) },
          'a model did not answer',
        );
      }
    }
    throw new ModelUnavailable(failures.join('; '));
  }

  /** Before anything is sent or paid for. A mistake of ours, and still it must not stop who asks: they can do without an answer. */
  function checkSchema({ schema, schemaName }: ModelRequest): void {
    try {
      read('null', schema);
    } catch (error) {
      options.log.error({ schemaName, error: String(error) }, 'a question to a model is wrong');
      throw new ModelUnavailable(`the question ${schemaName} cannot be asked: ${String(error)}`);
    }
  }

  /** Who asks the same at the same time waits for the one answer, which therefore ends with no single one's signal. */
  async function shared(
    each: Guarded,
    request: ModelRequest,
    user: string,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    const key = answerKey(each.provider.name, request, user);
    let pending = asking.get(key);
    if (pending === undefined) {
      pending = fromCacheOr(each, request, user, key).finally(() => asking.delete(key));
      pending.catch(() => undefined);
      asking.set(key, pending);
    }
    return untilAborted(pending, signal);
  }

  async function fromCacheOr(
    each: Guarded,
    request: ModelRequest,
    user: string,
    key: string,
  ): Promise<ModelAnswer> {
    const stored = await options.cache.get(key).catch(() => null);
    const model = each.provider.name;
    if (stored !== null && read(JSON.stringify(stored.value), request.schema).ok) {
      options.telemetry.modelAnswered({
        purpose: request.purpose,
        model,
        outcome: 'cached',
        seconds: 0,
        usage: NOTHING,
      });
      return { value: stored.value, model, usage: stored.usage, cached: true, seconds: 0 };
    }
    const answer = await measured(each, request, user);
    await options.cache
      .put(key, { purpose: request.purpose, model, value: answer.value, usage: answer.usage })
      .catch((error: unknown) =>
        options.log.warn({ error: String(error) }, 'an answer of a model was not kept'),
      );
    return answer;
  }

  async function measured(
    { provider, breaker }: Guarded,
    request: ModelRequest,
    user: string,
  ): Promise<ModelAnswer> {
    const { purpose } = request;
    const model = provider.name;
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    try {
      const { value, inputTokens, outputTokens, repairs } = await breaker.execute(() =>
        withinTime(options.timeoutMs, null, (limit) =>
          askProvider(provider, read, { ...request, user }, limit),
        ),
      );
      const usage = {
        inputTokens,
        outputTokens,
        costUsd: costOf(options.prices.get(model), inputTokens, outputTokens),
      };
      const outcome = repairs === 0 ? 'ok' : 'repaired';
      options.telemetry.modelAnswered({ purpose, model, outcome, seconds: seconds(), usage });
      return { value, model, usage, cached: false, seconds: seconds() };
    } catch (error) {
      options.telemetry.modelAnswered({
        purpose,
        model,
        outcome: 'failed',
        seconds: seconds(),
        usage: NOTHING,
      });
      throw error;
    }
  }

  return { names: options.providers.map(({ name }) => name), ask };
}

const NOTHING: ModelUsage = { inputTokens: 0, outputTokens: 0, costUsd: null };

function costOf(price: Price | undefined, inputTokens: number, outputTokens: number): number | null {
  return price === undefined ? null : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
