import { readFile } from 'node:fs/promises';
import { redact } from '../../../domain/redact.js';
import type { LogCursor, LogLines } from '../../../ports/runtime.js';
import { LONGEST_LINE } from './line-splitter.js';
import { type LogFile, logFiles } from './log-files.js';

const NEWLINE = 10;

/** `<file number>:<byte offset>:<lines before it>`. */
interface Position {
  readonly file: number;
  readonly offset: number;
  readonly line: number;
}

interface Piece {
  readonly file: LogFile;
  readonly bytes: Buffer;
  readonly count: number;
  readonly end: Position;
}

/** The newest `limit` lines since a cursor. A cursor into a file that was rotated away goes on with the oldest that is left. */
export async function readLogLines(
  folder: string,
  since: LogCursor | null,
  limit: number,
): Promise<LogLines> {
  const asked = since === null ? null : parsePosition(since.position);
  const files = logFiles(folder);
  const from = startOf(files, asked);
  const pieces = await Promise.all(
    files.filter((file) => file.number >= from.file).map((file) => readPiece(file, from)),
  );
  const found = pieces.filter((piece) => piece !== null);
  const total = found.reduce((sum, piece) => sum + piece.count, 0);
  const skip = Math.max(0, total - limit);
  const lost = asked === null ? 0 : Math.max(0, from.line - asked.line);
  return {
    lines: linesAfter(found, skip),
    next: { position: formatPosition(found.at(-1)?.end ?? from) },
    dropped: skip + lost,
  };
}

function startOf(files: readonly LogFile[], asked: Position | null): Position {
  const oldest = files[0];
  if (asked !== null && files.some((file) => file.number === asked.file)) return asked;
  if (oldest === undefined) return asked ?? { file: 0, offset: 0, line: 0 };
  return { file: oldest.number, offset: 0, line: oldest.firstLine };
}

/** Null when the file was rotated away this moment. */
async function readPiece(file: LogFile, from: Position): Promise<Piece | null> {
  const all = await readFile(file.path).catch(() => null);
  if (all === null) return null;
  const start =
    file.number === from.file
      ? { offset: from.offset, line: from.line }
      : { offset: 0, line: file.firstLine };
  const end = Math.max(start.offset, all.lastIndexOf(NEWLINE) + 1);
  const bytes = all.subarray(start.offset, end);
  const count = countNewlines(bytes);
  return { file, bytes, count, end: { file: file.number, offset: end, line: start.line + count } };
}

function linesAfter(pieces: readonly Piece[], skip: number): readonly string[] {
  const lines: string[] = [];
  let seen = 0;
  for (const { bytes } of pieces) {
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, at);
      if (seen >= skip) lines.push(redact(bytes.toString('utf8', at, Math.min(end, at + LONGEST_LINE))));
      seen += 1;
      at = end + 1;
    }
  }
  return lines;
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function formatPosition(position: Position): string {
  return `${position.file}:${position.offset}:${position.line}`;
}

/** Null, that is from the start, when it is not one of ours. */
function parsePosition(text: string): Position | null {
  const match = /^(\d{1,12}):(\d{1,15}):(\d{1,15})$/.exec(text);
  return match === null ? null : { file: Number(match[1]), offset: Number(match[2]), line: Number(match[3]) };
}
