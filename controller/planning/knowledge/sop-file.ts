import { sha256 } from '../../domain/json.js';
import type { ParsedSop } from '../../domain/sop.js';
import type { DocumentText } from '../../ports/knowledge.js';
import { parseSop, SOP_BYTES } from '../documents/sop.js';

const PDF = /\.pdf$/i;
const PDF_BYTES = 8 * 1024 * 1024;
/** It ends by itself long before. */
const NEVER = new AbortController().signal;

/** Markdown, plain text and PDF. */
export function isSopFile(path: string): boolean {
  return /\.(?:md|markdown|txt|pdf)$/i.test(path);
}

/** How many bytes of such a file are read at most. */
export function sopByteLimit(path: string): number {
  return PDF.test(path) ? PDF_BYTES : SOP_BYTES;
}

/** Reads an SOP of any kind. A PDF has no front matter, whatever its text begins with. */
export async function parseSopFile(
  documents: DocumentText | null,
  path: string,
  bytes: Buffer,
): Promise<ParsedSop> {
  if (!PDF.test(path)) return parseSop(path, bytes.toString('utf8'));
  const read =
    documents === null
      ? ({ ok: false, message: 'PDFs are not read here', fix: 'Write it as Markdown' } as const)
      : await documents.readPdf(bytes, NEVER);
  if (!read.ok) {
    const { message, fix, passing = false } = read;
    return { ok: false, problems: [{ file: path, line: null, field: null, message, fix }], passing };
  }
  const parsed = parseSop(path, `\n${read.text}`);
  if (!parsed.ok) return parsed;
  // Of the file, so that another version of the reader does not make it another SOP.
  return { ok: true, sop: { ...parsed.sop, digest: `sha256:${sha256(bytes)}` } };
}
