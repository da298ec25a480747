/** What is used of it: TypeScript has its types only in those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly model: { readonly memory: WasmMemory } },
  ) => { readonly exports: { readonly multiply: Multiply } };
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A matrix of 32-bit floats in the memory, row after row. */
export interface Matrix {
  readonly numbers: Float32Array;
  /** Where it begins, in bytes. */
  readonly address: number;
}

/** What `multiply.wat` exports; its words say what it does. */
type Multiply = (
  x: number,
  weights: number,
  bias: number,
  out: number,
  rows: number,
  inner: number,
  columns: number,
) => void;

export interface Matrices {
  readonly multiply: Multiply;
  /** Of so many numbers, all 0. They are never given back. */
  reserve(length: number): Matrix;
}

const PAGE_BYTES = 65_536;

/** Memory for `capacity` numbers, and the multiplication of matrices in it. `wasm`: multiply.wat, compiled. */
export function createMatrices(wasm: Uint8Array, capacity: number): Matrices {
  const pages = Math.ceil((capacity * Float32Array.BYTES_PER_ELEMENT) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { model: { memory } });
  let used = 0;
  return {
    multiply: instance.exports.multiply,
    reserve(length) {
      const address = used;
      // Four numbers are read at once, from where four numbers begin.
      used += Math.ceil(length / 4) * 16;
      return { address, numbers: new Float32Array(memory.buffer, address, length) };
    },
  };
}
