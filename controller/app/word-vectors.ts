import { readWordTable } from '../adapters/knowledge/word-vectors.js';
import { wordVectors } from '../planning/knowledge/word-vectors.js';
import type { WordVectors } from '../ports/knowledge.js';

export async function readWordVectors(): Promise<WordVectors> {
  return wordVectors(await readWordTable());
}
