import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../domain/catalog.js';
import type { Problem } from '../domain/problem.js';
import type { Sop } from '../domain/sop.js';
import { parseCatalog } from '../planning/documents/catalog.js';
import { parseSop } from '../planning/documents/sop.js';
import type { SentenceItem } from './items.js';
import { spaced } from './judge-controls.js';
import { keyOf } from './ranking.js';
import { problemOf } from './set.js';

const MOST_DOCUMENTS = 5000;

export interface ReadDocuments {
  readonly sops: readonly Sop[];
  readonly problems: readonly Problem[];
}

/** The SOPs of a folder and those below it, by their path in it. A broken one is a problem, and the others are read. */
export async function readDocuments(folder: string): Promise<ReadDocuments> {
  const sops: Sop[] = [];
  const problems: Problem[] = [];
  for (const path of await pathsOf(folder)) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => null);
    const parsed = text === null ? null : parseSop(path, text);
    if (parsed === null) problems.push(problemOf(path, 'The document cannot be read', 'Make it readable.'));
    else if (parsed.ok) sops.push(parsed.sop);
    else problems.push(...parsed.problems);
  }
  return { sops, problems };
}

async function pathsOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /\.(?:md|markdown|txt)$/i.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .sort()
    .slice(0, MOST_DOCUMENTS);
}

/** The catalog that the sentences are read against: `catalog.yaml` of the folder. */
export async function readSopCatalog(folder: string): Promise<Catalog | readonly Problem[]> {
  const path = join(folder, 'catalog.yaml');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null)
    return [problemOf(path, 'There is no such file', 'Add the catalog that the sentences are read against.')];
  const parsed = parseCatalog(path, text);
  return parsed.ok ? parsed.catalog : parsed.problems;
}

/** A document with its labelled sentences. */
export interface LabelledDocument {
  readonly sop: Sop;
  readonly items: readonly SentenceItem[];
}

export interface LabelledDocuments {
  readonly documents: readonly LabelledDocument[];
  readonly problems: readonly Problem[];
}

/** The labelled sentences by their document. One that does not stand in it is a problem. */
export function byDocument(items: readonly SentenceItem[], sops: readonly Sop[]): LabelledDocuments {
  const byPath = new Map(sops.map((sop) => [keyOf(sop.path), sop]));
  const documents = new Map<Sop, SentenceItem[]>();
  const problems: Problem[] = [];
  for (const item of items) {
    const sop = byPath.get(keyOf(item.document));
    if (sop === undefined || !holds(sop, item.sentence)) {
      problems.push(notThere(item, sop));
      continue;
    }
    const own = documents.get(sop) ?? [];
    own.push(item);
    documents.set(sop, own);
  }
  return { documents: [...documents].map(([sop, own]) => ({ sop, items: own })), problems };
}

function holds(sop: Sop, sentence: string): boolean {
  return spaced(sop.body).includes(spaced(sentence));
}

function notThere({ file, line, document }: SentenceItem, sop: Sop | undefined): Problem {
  if (sop === undefined)
    return {
      file,
      line,
      field: 'document',
      message: `There is no document "${document.slice(0, 200)}"`,
      fix: 'Write the path of one in the folder "documents".',
    };
  return {
    file,
    line,
    field: 'sentence',
    message: 'The sentence does not stand in its document',
    fix: 'Copy it from there, as it is written.',
  };
}
