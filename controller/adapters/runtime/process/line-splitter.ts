/** Bytes of one log line that are kept. */
export const LONGEST_LINE = 4 * 1024;

const NEWLINE = 10;

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** The line that has begun, without its end, if there is one. */
  end(): void;
}

/**
 * Cuts a stream into whole lines, each with its newline and at most LONGEST_LINE bytes; what a longer line has more is
 * dropped. `emit` gets as many lines at a time as there are, and their number.
 */
export function createLineSplitter(emit: (lines: Buffer, count: number) => void): LineSplitter {
  let begun: Buffer[] = [];
  let length = 0;

  const begin = (part: Buffer): void => {
    const kept = part.subarray(0, Math.max(0, LONGEST_LINE - 1 - length));
    // A copy: the chunk it is part of is much larger.
    if (kept.length > 0) begun.push(Buffer.from(kept));
    length += kept.length;
  };
  const finish = (): void => {
    emit(Buffer.concat([...begun, Buffer.from([NEWLINE])]), 1);
    begun = [];
    length = 0;
  };

  return {
    push(chunk) {
      let start = 0;
      if (length > 0) {
        const end = chunk.indexOf(NEWLINE);
        begin(end === -1 ? chunk : chunk.subarray(0, end));
        if (end === -1) return;
        finish();
        start = end + 1;
      }
      const last = chunk.lastIndexOf(NEWLINE);
      if (last >= start) emitWhole(chunk.subarray(start, last + 1), emit);
      begin(chunk.subarray(Math.max(start, last + 1)));
    },
    end() {
      if (length > 0) finish();
    },
  };
}

/** Whole lines in one piece, unless one of them is too long. */
function emitWhole(lines: Buffer, emit: (lines: Buffer, count: number) => void): void {
  let start = 0;
  let count = 0;
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(NEWLINE, at);
    if (end - at >= LONGEST_LINE) {
      if (count > 0) emit(lines.subarray(start, at), count);
      const cut = Buffer.from(lines.subarray(at, at + LONGEST_LINE));
      cut[LONGEST_LINE - 1] = NEWLINE;
      emit(cut, 1);
      start = end + 1;
      count = 0;
    } else {
      count += 1;
    }
    at = end + 1;
  }
  if (count > 0) emit(lines.subarray(start), count);
}
