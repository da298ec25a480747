import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Catalog } from '../domain/catalog.js';
import type { Problem } from '../domain/problem.js';
import { parseCatalog } from '../planning/documents/catalog.js';
import type { IntentItem, Item, ItemKind } from './items.js';
import { readItems } from './read-items.js';
import type { LabelledIntent } from './run-intents.js';

/** Largest data file that is read, in bytes. */
const FILE_BYTES = 64 * 1024 * 1024;

export interface ReadSet {
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
}

/**
 * The labelled items of a file, or of the *.jsonl files in a folder and in its folders `intents` and `sops`. Throws when
 * `path` cannot be read at all; a file below it that cannot be is a problem of its own.
 */
export async function readSet(path: string, kinds: readonly ItemKind[]): Promise<ReadSet> {
  const files = (await stat(path)).isDirectory() ? await filesOf(path, kinds) : [path];
  const read = await Promise.all(files.map(readFileOf));
  const items = read.flatMap((each) => each.items).filter(({ kind }) => kinds.includes(kind));
  return { items, problems: [...read.flatMap((each) => each.problems), ...repeatedIds(items)] };
}

/** Where the SOPs of a set are: the folder `sops` in it, or the folder itself (of its file). */
export async function sopFolderOf(path: string): Promise<string> {
  const folder = (await stat(path)).isDirectory() ? path : dirname(path);
  const below = join(folder, 'sops');
  const isThere = await stat(below)
    .then((found) => found.isDirectory())
    .catch(() => false);
  return isThere ? below : folder;
}

async function filesOf(folder: string, kinds: readonly ItemKind[]): Promise<readonly string[]> {
  const below = kinds.map((kind) => (kind === 'intent' ? 'intents' : 'sops'));
  const folders = [folder, ...[...new Set(below)].map((name) => join(folder, name))];
  const listed = await Promise.all(
    folders.map(async (each) => {
      const names = await readdir(each).catch(() => []);
      return names
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(each, name));
    }),
  );
  return listed.flat();
}

async function readFileOf(file: string): Promise<ReadSet> {
  try {
    if ((await stat(file)).size > FILE_BYTES)
      return {
        items: [],
        problems: [problemOf(file, `The file is larger than ${FILE_BYTES} bytes`, 'Split it.')],
      };
    return readItems(file, await readFile(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return {
      items: [],
      problems: [problemOf(file, `The file cannot be read (${code})`, 'Make it readable.')],
    };
  }
}

function repeatedIds(items: readonly Item[]): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    if (item.kind === 'sentence') return [];
    const key = `${item.kind} ${item.id}`;
    const repeated = seen.has(key);
    seen.add(key);
    const { file, line, id } = item;
    return repeated
      ? [{ file, line, field: 'id', message: `"${id}" is there twice`, fix: 'Give it another one.' }]
      : [];
  });
}

export interface WithCatalogs {
  readonly intents: readonly LabelledIntent[];
  readonly problems: readonly Problem[];
}

/** Each intent with its catalog: a file of that name beside its own, in `catalogs` there, or in `catalogs` one folder up. */
export async function withCatalogs(items: readonly IntentItem[]): Promise<WithCatalogs> {
  const known = new Map<string, Promise<Catalog | readonly Problem[]>>();
  const intents: LabelledIntent[] = [];
  const problems: Problem[] = [];
  for (const item of items) {
    const key = `${dirname(item.file)}\0${item.catalog}`;
    const found = known.get(key) ?? loadCatalog(dirname(item.file), item.catalog);
    const reported = known.has(key);
    known.set(key, found);
    const catalog = await found;
    if ('services' in catalog) intents.push({ item, catalog });
    else if (!reported) problems.push(...catalog.map((problem) => at(item, problem)));
  }
  return { intents, problems };
}

/** The problem of a catalog, told at the first line that names it. */
function at(item: IntentItem, problem: Problem): Problem {
  const where = problem.line === null ? '' : ` (line ${problem.line})`;
  const message = `Catalog ${item.catalog}${where}: ${problem.message}`;
  return { file: item.file, line: item.line, field: 'catalog', message, fix: problem.fix };
}

async function loadCatalog(folder: string, name: string): Promise<Catalog | readonly Problem[]> {
  const names = /\.(?:ya?ml|json)$/i.test(name) ? [name] : [`${name}.yaml`, `${name}.yml`, `${name}.json`];
  for (const place of [folder, join(folder, 'catalogs'), join(dirname(folder), 'catalogs')])
    for (const each of names) {
      const text = await readFile(join(place, basename(each)), 'utf8').catch(() => null);
      if (text === null) continue;
      const parsed = parseCatalog(each, text);
      return parsed.ok ? parsed.catalog : parsed.problems;
    }
  return [
    problemOf(name, 'There is no such file', 'Put it into "catalogs" beside the folder of the intents.'),
  ];
}

export function problemOf(file: string, message: string, fix: string): Problem {
  return { file, line: null, field: null, message, fix };
}
