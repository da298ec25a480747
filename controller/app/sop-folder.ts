import { lstat, open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createDocumentText } from '../adapters/knowledge/pdf.js';
import type { Catalog } from '../domain/catalog.js';
import type { Problem } from '../domain/problem.js';
import type { Sop } from '../domain/sop.js';
import { bindControls } from '../planning/controls/bind.js';
import { parseCatalog } from '../planning/documents/catalog.js';
import { createKnowledge } from '../planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../planning/knowledge/memory-records.js';
import { passagesOf } from '../planning/knowledge/passages.js';
import { isSopFile, parseSopFile, sopByteLimit } from '../planning/knowledge/sop-file.js';
import { CATALOG_FILE, SOP_FOLDER } from '../planning/world.js';
import { systemClock } from '../ports/clock.js';
import type { Search } from '../ports/knowledge.js';
import type { Embedder } from '../ports/model.js';
import { readWordVectors } from './word-vectors.js';

const CATALOG_BYTES = 1024 * 1024;
const REPOSITORY = 'here';

export interface SopFolder {
  readonly sops: readonly Sop[];
  /** Those of the catalog, too: its names are what sentences are read against. */
  readonly problems: readonly Problem[];
}

/** The SOPs of a repository's folder as they are on the disk, committed or not, with their controls. */
export async function readSopFolder(folder: string): Promise<SopFolder> {
  const { catalog, problems: ofCatalog } = await readCatalog(folder);
  const documents = createDocumentText();
  const sops: Sop[] = [];
  const problems: Problem[] = [...ofCatalog];
  for (const path of await pathsIn(folder)) {
    const bytes = await readCapped(folder, path, sopByteLimit(path));
    const parsed = Buffer.isBuffer(bytes)
      ? await parseSopFile(documents, path, bytes)
      : ({ ok: false, problems: [bytes] } as const);
    if (!parsed.ok) problems.push(...parsed.problems);
    else
      sops.push(
        catalog === null ? parsed.sop : bindControls(parsed.sop, catalog, parsed.severityGiven === true),
      );
  }
  return { sops, problems };
}

/** Searches them as the controller would; without an embedder by words and what they mean. */
export async function searchSops(
  sops: readonly Sop[],
  embedder: Embedder | null,
  question: string,
  limit: number,
  signal: AbortSignal,
): Promise<Search> {
  const records = memoryPassageRecords();
  const knowledge = createKnowledge({
    records,
    embedder,
    wordVectors: readWordVectors,
    vectors: null,
    clock: systemClock,
  });
  const passages = sops.flatMap((sop) => passagesOf(REPOSITORY, sop));
  const { without } = await knowledge.hold(REPOSITORY, passages, signal);
  const search = await knowledge.search({ repository: REPOSITORY, text: question, limit }, signal);
  return { ...search, without: [...new Set([...without, ...search.without])] };
}

async function readCatalog(
  folder: string,
): Promise<{ readonly catalog: Catalog | null; readonly problems: readonly Problem[] }> {
  const bytes = await readCapped(folder, CATALOG_FILE, CATALOG_BYTES);
  if (!Buffer.isBuffer(bytes)) return { catalog: null, problems: [bytes] };
  const parsed = parseCatalog(CATALOG_FILE, bytes.toString('utf8'));
  if (!parsed.ok) return { catalog: null, problems: parsed.problems };
  return { catalog: parsed.catalog, problems: parsed.catalog.problems };
}

async function pathsIn(folder: string): Promise<readonly string[]> {
  const root = join(folder, SOP_FOLDER);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && isSopFile(entry.name))
    .map(({ parentPath, name }) => join(SOP_FOLDER, relative(root, parentPath), name).replaceAll(sep, '/'))
    .sort();
}

/** As from a commit: links are not followed, and what is too large is a problem of its own. */
async function readCapped(folder: string, path: string, limit: number): Promise<Buffer | Problem> {
  const problem = (message: string, fix: string): Problem => ({
    file: path,
    line: null,
    field: null,
    message,
    fix,
  });
  const found = await lstat(join(folder, path)).catch(() => null);
  if (found === null) return problem('There is no such file', `Name the repository's folder`);
  if (!found.isFile()) return problem('It is not a file', 'Commit the file itself');
  const tooLarge = `The file has ${found.size} bytes, at most ${limit} are read`;
  if (found.size > limit) return problem(tooLarge, `Keep it under ${limit / 1024} KiB`);
  const file = await open(join(folder, path)).catch(() => null);
  if (file === null) return problem('It cannot be read', 'Make it readable');
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
