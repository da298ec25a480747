/** Keeps the end of a stream of bytes, in bounded memory. */
export interface Tail {
  push(chunk: Uint8Array | string): void;
  /** The last bytes as text, from a line's start where something was cut off. */
  text(): string;
}

export const OUTPUT_TAIL_BYTES = 64 * 1024;

export function createTail(maxBytes: number = OUTPUT_TAIL_BYTES): Tail {
  let chunks: Buffer[] = [];
  let size = 0;
  let cut = 0;

  const compact = (): void => {
    const all = Buffer.concat(chunks);
    const kept = all.subarray(Math.max(0, all.length - maxBytes));
    cut += all.length - kept.length;
    // A copy, so that the large buffer can be freed.
    chunks = [Buffer.from(kept)];
    size = kept.length;
  };

  return {
    push(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      if (size > 4 * maxBytes) compact();
    },
    text() {
      compact();
      const text = Buffer.concat(chunks).toString('utf8');
      return cut === 0 ? text : `[${cut} bytes cut off]\n${fromLineStart(text)}`;
    },
  };
}

/** The first line may be half a secret that no longer looks like one. */
function fromLineStart(text: string): string {
  const newline = text.indexOf('\n');
  if (newline !== -1) return text.slice(newline + 1);
  const space = text.search(/\s/);
  return space === -1 ? text : text.slice(space + 1);
}
