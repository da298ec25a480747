import { redact } from '../../../domain/redact.js';
import type { LogCursor, LogLines } from '../../../ports/runtime.js';

const LONGEST_LINE = 4 * 1024;
const HEADER_BYTES = 8;

/** RFC 3339 with nanoseconds, as the engine writes before each line. Such texts sort by time when all have nine digits. */
const STAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;

/**
 * Bodies of the frames of a log (Engine API, "Attach to a container": stream type, three zeros, length as big endian), in
 * one piece. A frame that was cut off is left out.
 */
export function demultiplex(frames: Buffer): Buffer {
  const bodies: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= frames.length; ) {
    const end = at + HEADER_BYTES + frames.readUInt32BE(at + 4);
    if (end > frames.length) break;
    const body = frames.subarray(at + HEADER_BYTES, end);
    bodies.push(body, ...(body.at(-1) === 10 ? [] : [Buffer.from('\n')]));
    at = end;
  }
  return Buffer.concat(bodies);
}

/** The newest `limit` stamped lines after a cursor, which is the stamp of the last line read. */
export function linesAfter(log: Buffer, since: LogCursor | null, limit: number): LogLines {
  const after = since === null ? '' : sortable(since.position);
  const fresh: { readonly stamp: string; readonly start: number; readonly end: number }[] = [];
  for (let at = 0; at < log.length; ) {
    const newline = log.indexOf(10, at);
    const end = newline === -1 ? log.length : newline;
    const space = log.indexOf(32, at);
    const stamp = log.toString('latin1', at, space === -1 || space > end ? end : space);
    if (sortable(stamp) > after) fresh.push({ stamp, start: Math.min(at + stamp.length + 1, end), end });
    at = end + 1;
  }
  const kept = fresh.slice(Math.max(0, fresh.length - limit));
  return {
    lines: kept.map(({ start, end }) =>
      redact(log.toString('utf8', start, Math.min(end, start + LONGEST_LINE))),
    ),
    next: { position: fresh.at(-1)?.stamp ?? since?.position ?? '' },
    dropped: fresh.length - kept.length,
  };
}

/** Seconds since the epoch with nanoseconds, for `since`; null when it is no cursor of ours: from the start. */
export function sinceSeconds(cursor: LogCursor | null): string | null {
  const match = STAMP.exec(cursor?.position ?? '');
  if (match === null) return null;
  return `${Date.parse(`${match[1]}Z`) / 1000}.${(match[2] ?? '').padEnd(9, '0')}`;
}

function sortable(stamp: string): string {
  const match = STAMP.exec(stamp);
  return match === null ? '' : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}`;
}
