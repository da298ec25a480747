/** Weights of a model by their names, converted to 32-bit floats when they are asked for. */
export interface Tensors {
  /** Writes the numbers of a tensor, row after row. Throws when there is none of that name and size. */
  copy(name: string, into: Float32Array): void;
  /** One row of a matrix. */
  row(name: string, row: number, into: Float32Array): void;
}

interface Header {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads the format "safetensors" (https://github.com/huggingface/safetensors#format): 8 bytes with the length of a JSON header, the header,
 * and the numbers, of which 16-bit floats ("F16") are understood.
 */
export function readSafetensors(bytes: Uint8Array): Tensors {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(data.getBigUint64(0, true));
  const start = 8 + headerLength;
  const headers = JSON.parse(Buffer.from(bytes.subarray(8, start)).toString('utf8')) as Record<
    string,
    Header
  >;
  const floats = floatsOfHalves();
  const read = (name: string, from: number, into: Float32Array) => {
    const header = headers[name];
    if (header?.dtype !== 'F16') throw new Error(`the weights have no 16-bit tensor "${name}"`);
    const [begin, end] = header.data_offsets;
    if (begin + (from + into.length) * 2 > end) throw new Error(`the tensor "${name}" is too short`);
    for (let at = 0, place = start + begin + from * 2; at < into.length; at += 1, place += 2)
      into[at] = floats[data.getUint16(place, true)] as number;
  };
  return {
    copy: (name, into) => read(name, 0, into),
    row: (name, row, into) => read(name, row * into.length, into),
  };
}

/** The number of each 16-bit float (IEEE 754 binary16), by its bits. */
function floatsOfHalves(): Float32Array {
  return Float32Array.from({ length: 65_536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
