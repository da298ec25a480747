// Writes a language model of random weights (about 1 MB) in the GGUF format, version 3, for llama-server: its words are gibberish,
// its protocol, its sampling by JSON schema and its errors are real. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: node tiny-gguf.mjs <file>');

let state = 20_261_126;
const CONTEXT = 16_384;
const WIDTH = 64;
const HIDDEN = 128;
const HEADS = 4;
const ALIGNMENT = 32;
const TYPE = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 };
const TOKEN = { normal: 1, unknown: 2, control: 3, byte: 6 };

/** Bytes, so that every text can be read and written; and a few whole characters, so that some texts are words. */
const vocabulary = [
  { text: '<unk>', type: TOKEN.unknown },
  { text: '<s>', type: TOKEN.control },
  { text: '</s>', type: TOKEN.control },
  ...Array.from({ length: 256 }, (_, byte) => ({
    text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    type: TOKEN.byte,
  })),
  ...'▁abcdefghijklmnopqrstuvwxyz0123456789.-_{}[]":,'
    .split('')
    .map((text) => ({ text, type: TOKEN.normal })),
];

const u32 = (value) => integer(4, (buffer) => buffer.writeUInt32LE(value));
const i32 = (value) => integer(4, (buffer) => buffer.writeInt32LE(value));
const u64 = (value) => integer(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value)));
const f32 = (value) => integer(4, (buffer) => buffer.writeFloatLE(value));
function integer(size, write) {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
}
function string(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([u64(bytes.length), bytes]);
}
function pair(key, type, value) {
  return Buffer.concat([string(key), u32(TYPE[type]), value]);
}
function list(key, type, values) {
  return pair(key, 'array', Buffer.concat([u32(TYPE[type]), u64(values.length), ...values]));
}

const pairs = [
  pair('general.architecture', 'string', string('llama')),
  pair('general.name', 'string', string('gibberish')),
  pair('llama.context_length', 'uint32', u32(CONTEXT)),
  pair('llama.embedding_length', 'uint32', u32(WIDTH)),
  pair('llama.block_count', 'uint32', u32(1)),
  pair('llama.feed_forward_length', 'uint32', u32(HIDDEN)),
  pair('llama.attention.head_count', 'uint32', u32(HEADS)),
  pair('llama.attention.head_count_kv', 'uint32', u32(HEADS)),
  pair('llama.attention.layer_norm_rms_epsilon', 'float32', f32(1e-5)),
  pair('llama.rope.dimension_count', 'uint32', u32(WIDTH / HEADS)),
  pair('llama.vocab_size', 'uint32', u32(vocabulary.length)),
  pair('tokenizer.ggml.model', 'string', string('llama')),
  list(
    'tokenizer.ggml.tokens',
    'string',
    vocabulary.map(({ text }) => string(text)),
  ),
  list(
    'tokenizer.ggml.scores',
    'float32',
    vocabulary.map(({ type }) => f32(type === TOKEN.normal ? 0 : -1)),
  ),
  list(
    'tokenizer.ggml.token_type',
    'int32',
    vocabulary.map(({ type }) => i32(type)),
  ),
  pair('tokenizer.ggml.unknown_token_id', 'uint32', u32(0)),
  pair('tokenizer.ggml.bos_token_id', 'uint32', u32(1)),
  pair('tokenizer.ggml.eos_token_id', 'uint32', u32(2)),
];

/** Sizes with the fastest dimension first, as the format has them. */
const tensors = [
  ['token_embd.weight', WIDTH, vocabulary.length],
  ['output_norm.weight', WIDTH],
  ['output.weight', WIDTH, vocabulary.length],
  ['blk.0.attn_norm.weight', WIDTH],
  ['blk.0.attn_q.weight', WIDTH, WIDTH],
  ['blk.0.attn_k.weight', WIDTH, WIDTH],
  ['blk.0.attn_v.weight', WIDTH, WIDTH],
  ['blk.0.attn_output.weight', WIDTH, WIDTH],
  ['blk.0.ffn_norm.weight', WIDTH],
  ['blk.0.ffn_gate.weight', WIDTH, HIDDEN],
  ['blk.0.ffn_down.weight', HIDDEN, WIDTH],
  ['blk.0.ffn_up.weight', WIDTH, HIDDEN],
].map(([name, ...sizes]) => ({ name, sizes, data: weights(sizes) }));

/** The same weights each time: a small generator (mulberry32), not Math.random. */

function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
function weights(sizes) {
  const count = sizes.reduce((product, size) => product * size, 1);
  const norm = sizes.length === 1;
  const values = Float32Array.from({ length: count }, () => (norm ? 1 : random() * 2 - 1));
  return padded(Buffer.from(values.buffer));
}
function padded(buffer) {
  return Buffer.concat([buffer, Buffer.alloc((ALIGNMENT - (buffer.length % ALIGNMENT)) % ALIGNMENT)]);
}

let offset = 0;
const infos = tensors.map(({ name, sizes, data }) => {
  const info = Buffer.concat([string(name), u32(sizes.length), ...sizes.map(u64), u32(0), u64(offset)]);
  offset += data.length;
  return info;
});
const header = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(pairs.length), ...pairs, ...infos];
writeFileSync(file, Buffer.concat([padded(Buffer.concat(header)), ...tensors.map(({ data }) => data)]));
