import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WordTable } from '../../ports/knowledge.js';

const FOLDER = join('controller', 'adapters', 'knowledge', 'word-vectors');

/** The one that comes with the program, of English: 5 MB, read in 20 ms. */
export async function readWordTable(): Promise<WordTable> {
  const folder = await tableFolder();
  const words = (await readFile(join(folder, 'words.txt'), 'utf8')).trimEnd().split('\n');
  const bytes = await readFile(join(folder, 'vectors.i8'));
  return { words, numbers: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** In the package's root, above dist when compiled. */
async function tableFolder(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, FOLDER);
    const found = await access(join(candidate, 'vectors.i8')).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
    if (folder === dirname(folder))
      throw new Error(`The folder ${FOLDER} of the program is missing: install it again`);
  }
}
