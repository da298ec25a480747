/** A JSON Schema (draft 2020-12) of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type ModelPurpose = 'interpret' | 'advise' | 'compile-controls' | 'summarise';

/** A question to a language model that is answered with one JSON object. */
export interface ModelRequest {
  /** What the answer is for: a label in the metrics, and part of the cache's key. */
  readonly purpose: ModelPurpose;
  /** Changes whenever the words of the prompt do: part of the cache's key. */
  readonly promptVersion: string;
  readonly system: string;
  /** What people wrote: material, never instructions. Masked before it leaves. */
  readonly user: string;
  readonly schema: JsonSchema;
  readonly schemaName: string;
  readonly maxOutputTokens: number;
  /** Names in the prompt that are no secret and no personal data, such as those of the catalog. */
  readonly plainWords: readonly string[];
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null: no price is configured. */
  readonly costUsd: number | null;
}

export interface ModelAnswer {
  /** Fits the request's schema: checked here, whatever the provider promises. What was masked is put back in its strings. */
  readonly value: unknown;
  /** `<provider>/<model>`, for example `ollama/qwen3:8b`. */
  readonly model: string;
  readonly usage: ModelUsage;
  readonly cached: boolean;
  readonly seconds: number;
}

/** No provider answered, or none answered as asked. The message names each of them and why; it holds no secret. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
}

/** The configured models, one after the other: the next one is asked when one is down, slow or answers badly. */
export interface Model {
  /** `<provider>/<model>` in the order in which they are asked. */
  readonly names: readonly string[];
  /** Throws ModelUnavailable, within a bounded time. */
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
}

/** A text, and what stands before it where it comes from. */
export interface TextInContext {
  readonly context: string;
  readonly text: string;
}

/** What a model makes of the single tokens of a text, in their order. */
export interface TokenVectors {
  /** Number of each token in the model's vocabulary. */
  readonly ids: Uint32Array;
  /** The vector of one token after the other; only their directions say something. */
  readonly numbers: Int8Array;
}

export interface Embedder {
  /** `<provider>/<model>`: vectors of two names are never compared. */
  readonly name: string;
  /** How many texts it has time for in one go; what is left out: as many as are asked. */
  readonly atOnce?: number;
  /** One vector of unit length for each text, all of the same length. Throws ModelUnavailable. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  /** Left out where the model gives one vector for a text only. Throws ModelUnavailable. */
  readonly tokens?: ReadTokens;
}

/** Vectors of the tokens of each text, not of those of its context. */
export type ReadTokens = (
  texts: readonly TextInContext[],
  signal: AbortSignal,
) => Promise<readonly TokenVectors[]>;
