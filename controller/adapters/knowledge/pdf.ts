import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentRead, DocumentText } from '../../ports/knowledge.js';
import { limitTime } from '../../ports/time-limit.js';

export const PDF_BYTES = 8 * 1024 * 1024;
/** Of the text: what an SOP may have. */
const TEXT_BYTES = 256 * 1024;
const ANSWER_BYTES = 2 * 1024 * 1024;
const READ_MS = 20_000;
const HEAP_MB = 192;

/**
 * Reads PDFs in a process of its own that ends after one: a PDF can ask for any amount of time and memory, and a thread's
 * buffers cannot be bounded. The process has no environment of ours, and ends itself above a bound on its memory.
 */
export function createDocumentText(readMs: number = READ_MS): DocumentText {
  return {
    readPdf: async (bytes, signal) => {
      if (bytes.length > PDF_BYTES)
        return unread(
          `The PDF has ${bytes.length} bytes, at most ${PDF_BYTES} are read`,
          'Split it, or write it as Markdown',
        );
      const answer = await limitTime(readMs, signal, (limit) => readInProcess(bytes, limit));
      signal.throwIfAborted();
      if (answer === null)
        return {
          ...unread('The PDF cannot be read within the bounds of time and memory', 'Write it as Markdown'),
          passing: true,
        };
      return answer;
    },
  };
}

function unread(message: string, fix: string): DocumentRead {
  return { ok: false, message, fix };
}

/** null: the process ended without an answer, or had to be ended. */
async function readInProcess(bytes: Uint8Array, signal: AbortSignal): Promise<DocumentRead | null> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, entryFile(), String(TEXT_BYTES)],
    { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL' },
  );
  child.on('error', () => undefined);
  // It may have ended before it has read all.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(bytes);
  return parse(await outputOf(child));
}

function outputOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > ANSWER_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  return new Promise((done) => {
    child.on('close', () => done(Buffer.concat(chunks).toString('utf8')));
    child.on('error', () => done(''));
  });
}

function parse(output: string): DocumentRead | null {
  try {
    const { text, problem } = JSON.parse(output) as { text?: unknown; problem?: unknown };
    if (typeof text === 'string') return { ok: true, text };
    if (typeof problem !== 'string') return null;
    return unread(
      problem.slice(0, 300),
      'Export it again with text that can be selected, or write it as Markdown',
    );
  } catch {
    return null;
  }
}

/** Compiled file of the process; tests run from the sources and use the build. */
function entryFile(): string {
  const here = fileURLToPath(import.meta.url);
  const entry = join('entry', 'read-pdf.js');
  if (!here.endsWith('.ts')) return join(dirname(here), entry);
  const root = resolve(dirname(here), '../../..');
  return join(root, 'dist', 'controller', 'adapters', 'knowledge', entry);
}
