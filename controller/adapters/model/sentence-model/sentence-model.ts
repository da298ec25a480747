import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import type { TextInContext, TokenVectors } from '../../../ports/model.js';
import { createEncoder, type EncoderShape } from './encoder.js';
import { readSafetensors } from './safetensors.js';

/** What sentence models were trained on, with the two marks at its ends: of a longer text the beginning is read. */
const LONGEST = 256;
/** Of what stands before a text. */
const LONGEST_CONTEXT = 96;
/** A text of 256 tokens has about 1,300. */
const READ_CHARACTERS = 20_000;
const WHOLE = 127;

/** Files of a model as Hugging Face keeps them. */
export interface ModelFiles {
  readonly weightsPath: string;
  readonly tokenizerPath: string;
  readonly configPath: string;
}

export interface SentenceModel {
  /** Mean of the vectors of all tokens; not of unit length. */
  vector(text: string): Float32Array;
  /** Vectors of the tokens of the text, not of those of its context. */
  tokens(given: TextInContext): TokenVectors;
}

/** A sentence model of the kind of BERT, in this thread: 45 MB of weights become 43 MB of memory for the layers, and stay for the words. */
export function readSentenceModel(files: ModelFiles, wasm: Uint8Array): SentenceModel {
  const shape = JSON.parse(readFileSync(files.configPath, 'utf8')) as EncoderShape;
  const tokenizer = readTokenizer(files.tokenizerPath);
  const tensors = readSafetensors(readFileSync(files.weightsPath));
  const encode = createEncoder(shape, tensors, wasm, LONGEST + LONGEST_CONTEXT);
  const dimensions = shape.hidden_size;
  const idsOf = (text: string, most: number): readonly number[] =>
    tokenizer.encode(text.slice(0, READ_CHARACTERS), { add_special_tokens: false }).ids.slice(0, most);
  const [first, last] = tokenizer.encode('').ids as [number, number];
  return {
    vector: (text) => meanOf(encode([first, ...idsOf(text, LONGEST - 2), last]), dimensions),
    tokens({ context, text }) {
      const before = idsOf(context, LONGEST_CONTEXT);
      const ids = idsOf(text, LONGEST - 2);
      const vectors = encode([first, ...before, ...ids, last]);
      const numbers = new Int8Array(ids.length * dimensions);
      for (let at = 0; at < ids.length; at += 1) {
        const from = (1 + before.length + at) * dimensions;
        numbers.set(wholeNumbers(vectors.subarray(from, from + dimensions)), at * dimensions);
      }
      return { ids: Uint32Array.from(ids), numbers };
    },
  };
}

/** Without what its file says of lengths: texts are neither filled up to one nor cut to it. */
function readTokenizer(path: string): Tokenizer {
  const file = JSON.parse(readFileSync(path, 'utf8')) as object;
  return new Tokenizer({ ...file, truncation: null, padding: null }, {});
}

function meanOf(vectors: Float32Array, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  const count = vectors.length / dimensions;
  for (const [at, value] of vectors.entries())
    mean[at % dimensions] = (mean[at % dimensions] as number) + value / count;
  return mean;
}

/** The largest becomes 127: a quarter of the memory, and the direction is kept to half a degree. */
function wholeNumbers(vector: Float32Array): Int8Array {
  const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => Math.round((value / most) * WHOLE));
}
