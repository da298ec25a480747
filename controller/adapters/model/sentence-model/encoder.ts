import { createMatrices, type Matrices, type Matrix } from './matrices.js';
import type { Tensors } from './safetensors.js';

/** As in the model's config.json. */
export interface EncoderShape {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_attention_heads: number;
  readonly num_hidden_layers: number;
  readonly layer_norm_eps: number;
}

interface Linear {
  readonly weights: Matrix;
  readonly bias: Matrix;
  readonly inner: number;
  readonly columns: number;
}

interface Norm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

interface Layer {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attended: Linear;
  readonly attendedNorm: Norm;
  readonly widened: Linear;
  readonly narrowed: Linear;
  readonly narrowedNorm: Norm;
}

/** One vector for each token, one after the other: what the last layer says of it where it stands. At most `longest` tokens. */
export type Encode = (tokens: readonly number[]) => Float32Array;

/**
 * The encoder of BERT (J. Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2019; A. Vaswani et al., "Attention Is All
 * You Need", 2017) for one text at a time, as sentence models use it. Written here because what npm has gives one vector for a whole text
 * only; test/models/sentence-model.test.ts compares it with such a library.
 */
export function createEncoder(
  shape: EncoderShape,
  tensors: Tensors,
  wasm: Uint8Array,
  longest: number,
): Encode {
  const { hidden_size: width, intermediate_size: wide, num_attention_heads: heads } = shape;
  const layerNumbers = 4 * width * width + 2 * width * wide + wide + 16 * width;
  const padded = multipleOfFour(longest);
  const scratch = padded * (7 * width + wide + padded);
  const matrices = createMatrices(wasm, shape.num_hidden_layers * layerNumbers + scratch + 1024);
  const read = reader(tensors, matrices);
  const layers = Array.from({ length: shape.num_hidden_layers }, (_, number) =>
    readLayer(read, `encoder.layer.${number}`, width, wide),
  );
  const embeddingNorm = read.norm('embeddings.LayerNorm', width);
  const place = (columns: number) => matrices.reserve(padded * columns);
  const [x, query, key, value] = [place(width), place(width), place(width), place(width)] as const;
  const [context, added, inner] = [place(width), place(width), place(wide)] as const;
  const attend = attention(matrices, width, heads, padded);

  const apply = (
    { weights, bias, inner: from, columns }: Linear,
    given: Matrix,
    into: Matrix,
    rows: number,
  ) => matrices.multiply(given.address, weights.address, bias.address, into.address, rows, from, columns);
  const addAndNormalise = (norm: Norm, rows: number) => {
    for (let at = 0; at < rows * width; at += 1)
      x.numbers[at] = (x.numbers[at] as number) + (added.numbers[at] as number);
    normalise(x.numbers, rows, width, norm, shape.layer_norm_eps);
  };

  return (tokens) => {
    const rows = tokens.length;
    if (rows > longest) throw new Error(`the model reads ${longest} tokens at most, not ${rows}`);
    embed(tensors, tokens, width, x.numbers);
    normalise(x.numbers, rows, width, embeddingNorm, shape.layer_norm_eps);
    for (const layer of layers) {
      apply(layer.query, x, query, rows);
      apply(layer.key, x, key, rows);
      apply(layer.value, x, value, rows);
      attend(query.numbers, key.numbers, value.numbers, context.numbers, rows);
      apply(layer.attended, context, added, rows);
      addAndNormalise(layer.attendedNorm, rows);
      apply(layer.widened, x, inner, rows);
      gelu(inner.numbers, rows * wide);
      apply(layer.narrowed, inner, added, rows);
      addAndNormalise(layer.narrowedNorm, rows);
    }
    return x.numbers.slice(0, rows * width);
  };
}

function reader(tensors: Tensors, matrices: Matrices) {
  const read = (name: string, length: number): Matrix => {
    const matrix = matrices.reserve(length);
    tensors.copy(name, matrix.numbers);
    return matrix;
  };
  return {
    linear: (name: string, inner: number, columns: number): Linear => ({
      weights: read(`${name}.weight`, inner * columns),
      bias: read(`${name}.bias`, columns),
      inner,
      columns,
    }),
    norm: (name: string, width: number): Norm => ({
      scale: read(`${name}.weight`, width).numbers,
      shift: read(`${name}.bias`, width).numbers,
    }),
  };
}

function readLayer(read: ReturnType<typeof reader>, name: string, width: number, wide: number): Layer {
  return {
    query: read.linear(`${name}.attention.self.query`, width, width),
    key: read.linear(`${name}.attention.self.key`, width, width),
    value: read.linear(`${name}.attention.self.value`, width, width),
    attended: read.linear(`${name}.attention.output.dense`, width, width),
    attendedNorm: read.norm(`${name}.attention.output.LayerNorm`, width),
    widened: read.linear(`${name}.intermediate.dense`, width, wide),
    narrowed: read.linear(`${name}.output.dense`, wide, width),
    narrowedNorm: read.norm(`${name}.output.LayerNorm`, width),
  };
}

/** What a token is, where it stands, and that it belongs to the first text: there is only one. */
function embed(tensors: Tensors, tokens: readonly number[], width: number, into: Float32Array): void {
  const [word, position, type] = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
  tensors.row('embeddings.token_type_embeddings.weight', 0, type);
  for (const [at, token] of tokens.entries()) {
    tensors.row('embeddings.word_embeddings.weight', token, word);
    tensors.row('embeddings.position_embeddings.weight', at, position);
    for (let i = 0; i < width; i += 1)
      into[at * width + i] = (word[i] as number) + (position[i] as number) + (type[i] as number);
  }
}

/** Each head by itself: softmax(Q K^T / sqrt(size)) V. */
function attention(matrices: Matrices, width: number, heads: number, padded: number) {
  const size = width / heads;
  const none = matrices.reserve(Math.max(padded, size));
  const [q, k, v, mixed] = Array.from({ length: 4 }, () => matrices.reserve(padded * size)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  const scores = matrices.reserve(padded * padded);
  const scale = 1 / Math.sqrt(size);
  return (
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    into: Float32Array,
    rows: number,
  ): void => {
    const columns = multipleOfFour(rows);
    v.numbers.fill(0);
    for (let head = 0; head < heads; head += 1) {
      for (let row = 0; row < rows; row += 1)
        for (let i = 0; i < size; i += 1) {
          const from = row * width + head * size + i;
          q.numbers[row * size + i] = (query[from] as number) * scale;
          k.numbers[row * size + i] = key[from] as number;
          v.numbers[i * columns + row] = value[from] as number;
        }
      matrices.multiply(q.address, k.address, none.address, scores.address, rows, size, columns);
      for (let row = 0; row < rows; row += 1) softmax(scores.numbers, row * columns, rows);
      matrices.multiply(scores.address, v.address, none.address, mixed.address, rows, columns, size);
      for (let row = 0; row < rows; row += 1)
        into.set(mixed.numbers.subarray(row * size, (row + 1) * size), row * width + head * size);
    }
  };
}

function softmax(numbers: Float32Array, from: number, length: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = from; at < from + length; at += 1) most = Math.max(most, numbers[at] as number);
  let sum = 0;
  for (let at = from; at < from + length; at += 1) {
    const weight = Math.exp((numbers[at] as number) - most);
    numbers[at] = weight;
    sum += weight;
  }
  for (let at = from; at < from + length; at += 1) numbers[at] = (numbers[at] as number) / sum;
}

/** J. Ba, J. Kiros, G. Hinton, "Layer Normalization", 2016. */
function normalise(
  numbers: Float32Array,
  rows: number,
  width: number,
  { scale, shift }: Norm,
  epsilon: number,
): void {
  for (let row = 0; row < rows; row += 1) {
    const from = row * width;
    let sum = 0;
    for (let i = 0; i < width; i += 1) sum += numbers[from + i] as number;
    const mean = sum / width;
    let squares = 0;
    for (let i = 0; i < width; i += 1) squares += ((numbers[from + i] as number) - mean) ** 2;
    const by = 1 / Math.sqrt(squares / width + epsilon);
    for (let i = 0; i < width; i += 1)
      numbers[from + i] =
        ((numbers[from + i] as number) - mean) * by * (scale[i] as number) + (shift[i] as number);
  }
}

/** D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units", 2016; the error function by formula 7.1.26 of Abramowitz and Stegun, to 1.5e-7. */
function gelu(numbers: Float32Array, length: number): void {
  for (let at = 0; at < length; at += 1) {
    const value = numbers[at] as number;
    const z = Math.abs(value) * Math.SQRT1_2;
    const t = 1 / (1 + 0.3275911 * z);
    const series =
      ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    const error = 1 - series * Math.exp(-z * z);
    numbers[at] = 0.5 * value * (1 + Math.sign(value) * error);
  }
}

function multipleOfFour(length: number): number {
  return Math.ceil(length / 4) * 4;
}
