import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TextInContext, TokenVectors } from '../../ports/model.js';
import type { EmbeddingProvider } from './provider.js';

const IDLE_MS = 60_000;
/** A text takes up to a second, by its length, and the first one a quarter of a second more. */
const HUNG_MS = 60_000;
/** What was made of a passage is kept before the next one is begun: on a busy machine there may be no time for two. */
const AT_ONCE = 1;
/** Part of the name, so that what an earlier version made without vectors of tokens is made anew. */
const MADE = 'tokens';

/** One vector of the whole text, whose context does not count; or those of its tokens. */
export interface LocalQuestion extends TextInContext {
  readonly wanted: 'vector' | 'tokens';
}

export type LocalAnswer =
  | { readonly vector: readonly number[] }
  | { readonly tokens: TokenVectors }
  | { readonly problem: string };

/**
 * A small sentence model whose weights come with npm (N. Reimers, I. Gurevych, "Sentence-BERT", 2019; all-MiniLM-L6-v2, Apache-2.0): 384
 * numbers, English. A vector is of the first 256 tokens of a text, and so many are read of a passage. Nothing leaves the machine. It runs
 * in a thread of its own, which begins with the first text and ends, with its memory, when it was not asked for `idleMs`.
 */
export function createLocalEmbeddings(model: string, idleMs: number = IDLE_MS): EmbeddingProvider {
  const thread = new ModelThread(idleMs);
  return {
    name: `local/${model}+${MADE}`,
    atOnce: AT_ONCE,
    embed: (texts, signal) =>
      oneByOne(texts, signal, async (text) => {
        const answer = await thread.ask({ wanted: 'vector', context: '', text });
        return 'vector' in answer ? answer.vector : [];
      }),
    tokens: (texts, signal) =>
      oneByOne(texts, signal, async (text) => {
        const answer = await thread.ask({ wanted: 'tokens', ...text });
        if ('tokens' in answer) return answer.tokens;
        throw new Error('the model gave no vectors of tokens');
      }),
  };
}

/** What nobody waits for any more is not embedded. */
async function oneByOne<Given, Made>(
  all: readonly Given[],
  signal: AbortSignal,
  make: (given: Given) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (const given of all) {
    signal.throwIfAborted();
    made.push(await make(given));
  }
  return made;
}

/** The thread, asked one text after the other, so that a question waits for one passage and not for all; a new one where the last has ended. */
class ModelThread {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly idleMs: number) {}

  /** Throws when the model has a problem with it. */
  ask(question: LocalQuestion): Promise<Exclude<LocalAnswer, { problem: string }>> {
    const asked = this.turn.then(() => this.askAlone(question));
    this.turn = asked.catch(() => undefined);
    return asked;
  }

  private async askAlone(question: LocalQuestion): Promise<Exclude<LocalAnswer, { problem: string }>> {
    if (this.idle !== null) clearTimeout(this.idle);
    const worker = this.worker ?? this.begin();
    // The process waits for an answer, and not for a thread that has nothing to do.
    worker.ref();
    const hung = setTimeout(() => this.end(worker), HUNG_MS);
    try {
      const answer = await answerOf(worker, question);
      if ('problem' in answer) throw new Error(answer.problem);
      return answer;
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

function answerOf(worker: Worker, question: LocalQuestion): Promise<LocalAnswer> {
  return new Promise((done, failed) => {
    const settle = (act: () => void) => {
      worker.off('message', answered).off('error', broke).off('exit', ended);
      act();
    };
    const answered = (answer: LocalAnswer) => settle(() => done(answer));
    const broke = (error: Error) => settle(() => failed(error));
    const ended = () => settle(() => failed(new Error('the thread of the model ended')));
    worker.on('message', answered).on('error', broke).on('exit', ended);
    worker.postMessage(question);
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
