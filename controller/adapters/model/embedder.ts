import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
} from 'cockatiel';
import { mask } from '../../domain/mask.js';
import { type Embedder, ModelUnavailable } from '../../ports/model.js';
import { failureWords } from './failure-words.js';
import type { EmbeddingProvider } from './provider.js';

const BATCH = 64;
const LONGEST_VECTOR = 16_384;

/** Vectors of unit length, in batches; a provider that fails three times in a row is left alone for a while. */
export function createEmbedder(provider: EmbeddingProvider, timeoutMs: number): Embedder {
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(3),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: 5_000, maxDelay: 300_000 }),
  });
  return {
    name: provider.name,
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH) {
        const batch = texts.slice(from, from + BATCH).map((text) => mask(text).text);
        vectors.push(...(await embedBatch(provider, breaker, batch, signal, timeoutMs)));
      }
      if (new Set(vectors.map(({ length }) => length)).size > 1)
        throw new ModelUnavailable(`${provider.name}: its vectors have different lengths`);
      return vectors;
    },
  };
}

async function embedBatch(
  provider: EmbeddingProvider,
  breaker: CircuitBreakerPolicy,
  batch: readonly string[],
  signal: AbortSignal,
  timeoutMs: number,
): Promise<readonly Float32Array[]> {
  try {
    signal.throwIfAborted();
    return await breaker.execute(async () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const vectors = await provider.embed(batch, limit);
      if (vectors.length !== batch.length)
        throw new Error(`${vectors.length} vectors for ${batch.length} texts`);
      return vectors.map(unitVector);
    });
  } catch (error) {
    throw new ModelUnavailable(`${provider.name}: ${failureWords(error, timeoutMs)}`);
  }
}

function unitVector(values: readonly number[]): Float32Array {
  if (!Array.isArray(values) || values.length === 0 || values.length > LONGEST_VECTOR)
    throw new Error('a vector has no numbers, or too many');
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Error('a vector holds what is no number');
  const length = Math.hypot(...values);
  if (length === 0) throw new Error('a vector is zero');
  return Float32Array.from(values, (value) => value / length);
}
