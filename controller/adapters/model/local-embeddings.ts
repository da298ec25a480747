import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EmbeddingProvider } from './provider.js';

const IDLE_MS = 60_000;
/** One text takes 20 to 400 ms, by its length, and the first one half a second more. */
const HUNG_MS = 60_000;
/** So that what is made within the time for one batch is kept, on a busy machine too. */
const AT_ONCE = 4;

export interface LocalQuestion {
  readonly text: string;
}

export type LocalAnswer = { readonly vector: readonly number[] } | { readonly problem: string };

/**
 * Vectors of a small sentence model whose weights come with npm (N. Reimers, I. Gurevych, "Sentence-BERT", 2019; all-MiniLM-L6-v2, Apache-2.0):
 * 384 numbers, English, the first 256 tokens of a text. Nothing leaves the machine. It runs in a thread of its own, which begins with
 * the first text and ends, with its 250 MB, when it was not asked for `idleMs`.
 */
export function createLocalEmbeddings(model: string, idleMs: number = IDLE_MS): EmbeddingProvider {
  const thread = new ModelThread(idleMs);
  return {
    name: `local/${model}`,
    atOnce: AT_ONCE,
    embed: async (texts, signal) => {
      const vectors: (readonly number[])[] = [];
      for (const text of texts) {
        // What nobody waits for any more is not embedded.
        signal.throwIfAborted();
        vectors.push(await thread.ask(text));
      }
      return vectors;
    },
  };
}

/** The thread, asked one text after the other, so that a question waits for one passage and not for all; a new one where the last has ended. */
class ModelThread {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly idleMs: number) {}

  ask(text: string): Promise<readonly number[]> {
    const asked = this.turn.then(() => this.askAlone(text));
    this.turn = asked.catch(() => undefined);
    return asked;
  }

  private async askAlone(text: string): Promise<readonly number[]> {
    if (this.idle !== null) clearTimeout(this.idle);
    const worker = this.worker ?? this.begin();
    // The process waits for an answer, and not for a thread that has nothing to do.
    worker.ref();
    const hung = setTimeout(() => this.end(worker), HUNG_MS);
    try {
      const answer = await answerOf(worker, text);
      if ('problem' in answer) throw new Error(answer.problem);
      return answer.vector;
    } finally {
      clearTimeout(hung);
      worker.unref();
      this.idle = setTimeout(() => this.end(worker), this.idleMs).unref();
    }
  }

  private begin(): Worker {
    const worker = new Worker(entryFile(), { env: {} });
    worker.once('exit', () => this.forget(worker));
    // Whoever waits is told in answerOf; without this, a failure while nobody waits would end the process.
    worker.on('error', () => this.forget(worker));
    this.worker = worker;
    return worker;
  }

  private end(worker: Worker): void {
    this.forget(worker);
    void worker.terminate();
  }

  private forget(worker: Worker): void {
    if (this.worker === worker) this.worker = null;
  }
}

function answerOf(worker: Worker, text: string): Promise<LocalAnswer> {
  return new Promise((done, failed) => {
    const settle = (act: () => void) => {
      worker.off('message', answered).off('error', broke).off('exit', ended);
      act();
    };
    const answered = (answer: LocalAnswer) => settle(() => done(answer));
    const broke = (error: Error) => settle(() => failed(error));
    const ended = () => settle(() => failed(new Error('the thread of the model ended')));
    worker.on('message', answered).on('error', broke).on('exit', ended);
    worker.postMessage({ text } satisfies LocalQuestion);
  });
}

/** Compiled file of the thread; tests run from the sources and use the build. */
function entryFile(): string {
  const here = fileURLToPath(import.meta.url);
  const entry = join('entry', 'embed-locally.js');
  if (!here.endsWith('.ts')) return join(dirname(here), entry);
  const root = resolve(dirname(here), '../../..');
  return join(root, 'dist', 'controller', 'adapters', 'model', entry);
}
