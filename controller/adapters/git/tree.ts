import type { CommittedFile } from '../../ports/repositories.js';

/** One line of a git tree object: mode in octal, name, object id. */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

export const FILE_MODE = '100644';
export const FOLDER_MODE = '40000';

/** Reads a tree object (`<mode> <name>\0<20 bytes>` repeated; git's gitformat-tree). */
export function treeEntries(tree: Buffer): readonly TreeEntry[] {
  // One decoding of the whole, not three of each entry: four times as fast on large folders.
  const latin1 = tree.toString('latin1');
  const hex = tree.toString('hex');
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < tree.length) {
    const space = latin1.indexOf(' ', at);
    const end = latin1.indexOf('\0', space);
    if (space < 0 || end < 0 || end + 21 > tree.length) throw new Error('A tree object is damaged.');
    const name = latin1.slice(space + 1, end);
    entries.push({
      mode: latin1.slice(at, space),
      name: /[\x80-\xff]/.test(name) ? tree.toString('utf8', space + 1, end) : name,
      oid: hex.slice(2 * end + 2, 2 * end + 42),
    });
    at = end + 21;
  }
  return entries;
}

/** One entry by name, without decoding the others. */
export function findTreeEntry(tree: Buffer, name: string): TreeEntry | null {
  const wanted = Buffer.concat([Buffer.from(` ${name}`), Buffer.from([0])]);
  let at = 0;
  while (at < tree.length) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0x00, space);
    if (space < 0 || end < 0 || end + 21 > tree.length) throw new Error('A tree object is damaged.');
    if (end - space + 1 === wanted.length && wanted.compare(tree, space, end + 1) === 0) {
      return { mode: tree.toString('latin1', at, space), name, oid: tree.toString('hex', end + 1, end + 21) };
    }
    at = end + 21;
  }
  return null;
}

/** A tree object with some entries replaced, added or (null) taken out, in git's order. */
export function editTree(tree: Buffer, changes: ReadonlyMap<string, TreeEntry | null>): Buffer {
  const entries = treeEntries(tree).filter(({ name }) => !changes.has(name));
  for (const entry of changes.values()) if (entry !== null) entries.push(entry);
  const sorted = entries.map((entry) => ({ entry, key: sortKey(entry) }));
  sorted.sort((left, right) => left.key.compare(right.key));
  const parts = sorted.flatMap(({ entry }) => [
    Buffer.from(`${entry.mode} ${entry.name}\0`),
    Buffer.from(entry.oid, 'hex'),
  ]);
  return Buffer.concat(parts);
}

/** git sorts by bytes, and a folder as if its name ended in "/". */
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.mode === FOLDER_MODE ? `${entry.name}/` : entry.name);
}

/** How an entry is listed; null for a folder. */
export function fileKind(mode: string): CommittedFile['kind'] | null {
  if (mode === FOLDER_MODE || mode === '040000') return null;
  if (mode === '120000') return 'symlink';
  if (mode === '160000') return 'submodule';
  return 'file';
}

/** Everything in a tree object that is no folder, with the path of the folder before its name. */
export function filesIn(tree: Buffer, folder: string): readonly CommittedFile[] {
  return treeEntries(tree).flatMap(({ mode, name, oid }) => {
    const kind = fileKind(mode);
    return kind === null ? [] : [{ path: below(folder, name), oid, kind }];
  });
}

export function foldersIn(
  tree: Buffer,
  folder: string,
): readonly { readonly oid: string; readonly path: string }[] {
  return treeEntries(tree).flatMap(({ mode, name, oid }) =>
    fileKind(mode) === null ? [{ oid, path: below(folder, name) }] : [],
  );
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
