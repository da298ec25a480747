import { isMainThread, Worker } from 'node:worker_threads';
import { extractTextItems, getDocumentProxy } from 'unpdf';
import { markdownOf } from '../pdf-lines.js';

/**
 * A process that reads one PDF from standard input and writes {"text"} or {"problem"} to standard output. A thread of it watches its
 * memory, for the reading itself may hold this one up.
 */
const MEMORY_BYTES = 768 * 1024 * 1024;
const LOOK_MS = 20;
const MOST_PAGES = 300;

if (isMainThread) await main();
else setInterval(endAboveBound, LOOK_MS);

function endAboveBound(): void {
  if (process.memoryUsage.rss() > MEMORY_BYTES) process.kill(process.pid, 'SIGKILL');
}

async function main(): Promise<void> {
  new Worker(new URL(import.meta.url)).unref();
  const answer = await read(Number(process.argv[2])).catch((error: unknown) => ({
    problem: `The PDF cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  }));
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

async function read(textBytes: number): Promise<{ readonly text: string } | { readonly problem: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const document = await getDocumentProxy(new Uint8Array(Buffer.concat(chunks)), {
    verbosity: 0,
    stopAtErrors: true,
    isEvalSupported: false,
    enableXfa: false,
  });
  if (document.numPages > MOST_PAGES)
    return { problem: `The PDF has ${document.numPages} pages, at most ${MOST_PAGES} are read` };
  const { items } = await extractTextItems(document);
  const text = markdownOf(items);
  if (text.trim() === '') return { problem: 'The PDF has no text: it may be a scan' };
  const bytes = Buffer.byteLength(text);
  if (bytes > textBytes)
    return { problem: `The PDF has ${bytes} bytes of text, at most ${textBytes} are read` };
  return { text };
}
