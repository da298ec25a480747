import type { CircuitBreakerPolicy } from 'cockatiel';
import { mask } from '../../domain/mask.js';
import { type Embedder, ModelUnavailable, type ReadTokens, type TokenVectors } from '../../ports/model.js';
import { withinTime } from '../../ports/time-limit.js';
import { breakerOf, Cancelled } from './breaker.js';
import { failureWords } from './failure-words.js';
import type { EmbeddingProvider } from './provider.js';

const BATCH = 64;
const LONGEST_VECTOR = 16_384;
const MOST_TOKENS = 8192;

interface Embedding {
  readonly provider: EmbeddingProvider;
  readonly breaker: CircuitBreakerPolicy;
  /** One batch's time. */
  readonly timeoutMs: number;
  readonly secrets: readonly string[];
}

/**
 * Vectors of unit length, in batches; a provider that fails three times in a row is left alone for a while. All that it ever gives have
 * the length of its first: a model that was exchanged under its name needs a new name.
 */
export function createEmbedder(
  provider: EmbeddingProvider,
  timeoutMs: number,
  secrets: readonly string[] = [],
): Embedder {
  const embedding = { provider, breaker: breakerOf(), timeoutMs, secrets };
  let dimensions: number | null = null;
  return {
    name: provider.name,
    ...(provider.atOnce === undefined ? {} : { atOnce: provider.atOnce }),
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH) {
        const batch = texts.slice(from, from + BATCH).map((text) => mask(text).text);
        vectors.push(...(await embedBatch(embedding, batch, signal)));
      }
      const expected = dimensions ?? vectors[0]?.length ?? null;
      const other = vectors.find(({ length }) => length !== expected);
      if (other !== undefined)
        throw new ModelUnavailable(
          `${provider.name}: its vectors have different lengths (${expected} and ${other.length})`,
        );
      dimensions = expected;
      return vectors;
    },
    ...(provider.tokens === undefined ? {} : { tokens: tokenReader(embedding, provider.tokens) }),
  };
}

function tokenReader(embedding: Embedding, read: ReadTokens): ReadTokens {
  return (texts, signal) =>
    once(embedding, signal, async (limited) => {
      const masked = texts.map(({ context, text }) => ({
        context: mask(context).text,
        text: mask(text).text,
      }));
      const tokens = await read(masked, limited);
      if (tokens.length !== texts.length)
        throw new Error(`it read ${tokens.length} of ${texts.length} texts`);
      return tokens.map(checkedTokens);
    });
}

function checkedTokens(tokens: TokenVectors): TokenVectors {
  const { ids, numbers } = tokens;
  if (ids.length > MOST_TOKENS || numbers.length > ids.length * LONGEST_VECTOR)
    throw new Error('the vectors of tokens are too many, or too long');
  if (numbers.length % Math.max(1, ids.length) > 0)
    throw new Error('the vectors of tokens have different lengths');
  return tokens;
}

/** Within its time, and not while the provider is left alone. Throws ModelUnavailable. */
async function once<T>(
  { provider, breaker, timeoutMs, secrets }: Embedding,
  signal: AbortSignal,
  ask: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new ModelUnavailable(`${provider.name}: the time for it is over`);
  try {
    return await breaker.execute(async () => {
      try {
        return await withinTime(timeoutMs, signal, ask);
      } catch (error) {
        throw signal.aborted ? new Cancelled('the time for it is over') : error;
      }
    });
  } catch (error) {
    const why = signal.aborted ? 'the time for it is over' : failureWords(error, timeoutMs, secrets);
    throw new ModelUnavailable(`${provider.name}: ${why}`);
  }
}

async function embedBatch(
  embedding: Embedding,
  batch: readonly string[],
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  return once(embedding, signal, async (limited) => {
    const vectors = await embedding.provider.embed(batch, limited);
    if (vectors.length !== batch.length)
      throw new Error(`it gave ${vectors.length} vectors for ${batch.length} texts`);
    return vectors.map(unitVector);
  });
}

function unitVector(values: readonly number[]): Float32Array {
  if (!Array.isArray(values) || values.length === 0 || values.length > LONGEST_VECTOR)
    throw new Error('a vector has no numbers, or too many');
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Error('a vector holds what is no number');
  const length = Math.hypot(...values);
  if (length === 0 || !Number.isFinite(length)) throw new Error('a vector has no direction');
  return Float32Array.from(values, (value) => value / length);
}
