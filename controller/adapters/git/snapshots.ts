import type { CommittedFile, FilesBelow } from '../../ports/repositories.js';
import { BoundedMap } from './bounded-map.js';
import { type Commit, parseCommit } from './commit.js';
import type { ObjectReader } from './object-reader.js';
import { FOLDER_MODE, fileKind, filesIn, findTreeEntry, type TreeEntry } from './tree.js';
import { walk } from './walk.js';

const COMMIT_BYTES = 1024 * 1024;
const TREE_BYTES = 64 * 1024 * 1024;

/** What commits contain. Caches by object id, so nothing in it can go stale. */
export interface Snapshots {
  commit(oid: string): Promise<Commit>;
  list(commit: string, folder: string): Promise<readonly CommittedFile[]>;
  walk(commit: string, folder: string): Promise<FilesBelow>;
  entry(commit: string, path: string): Promise<CommittedFile | null>;
  /** The tree object of a folder at a commit; an empty buffer when there is no such folder. */
  folder(commit: string, folder: string): Promise<Buffer>;
}

export function createSnapshots(objects: ObjectReader): Snapshots {
  const commits = new BoundedMap<string, Commit>(4096);
  const trees = new BoundedMap<string, Buffer>(8 * 1024 * 1024, (tree) => tree.length);
  const walks = new BoundedMap<string, FilesBelow>(60_000, ({ files }) => files.length + 1);
  const listings = new BoundedMap<string, readonly CommittedFile[]>(60_000, (files) => files.length + 1);

  async function commit(oid: string): Promise<Commit> {
    const known = commits.get(oid);
    if (known !== undefined) return known;
    const object = await objects.read(oid, COMMIT_BYTES);
    if (object.type !== 'commit') throw new Error(`${oid} is a ${object.type}, not a commit.`);
    const read = parseCommit(oid, object.content);
    commits.set(oid, read);
    return read;
  }

  async function tree(oid: string): Promise<Buffer> {
    const known = trees.get(oid);
    if (known !== undefined) return known;
    const object = await objects.read(oid, TREE_BYTES);
    if (object.type !== 'tree') throw new Error(`${oid} is a ${object.type}, not a tree.`);
    trees.set(oid, object.content);
    return object.content;
  }

  async function find(commitOid: string, parts: readonly string[]): Promise<TreeEntry | null> {
    let at: TreeEntry = { mode: FOLDER_MODE, name: '', oid: (await commit(commitOid)).tree };
    for (const part of parts) {
      if (fileKind(at.mode) !== null) return null;
      const next = findTreeEntry(await tree(at.oid), part);
      if (next === null) return null;
      at = next;
    }
    return at;
  }

  async function folderEntry(commitOid: string, folder: string): Promise<TreeEntry | null> {
    const found = await find(commitOid, split(folder));
    return found !== null && fileKind(found.mode) === null ? found : null;
  }

  return {
    commit,
    async list(commitOid, folder) {
      const found = await folderEntry(commitOid, folder);
      if (found === null) return [];
      const key = `${found.oid} ${folder}`;
      const known = listings.get(key);
      if (known !== undefined) return known;
      const files = filesIn(await tree(found.oid), split(folder).join('/'));
      listings.set(key, files);
      return files;
    },
    async walk(commitOid, folder) {
      const found = await folderEntry(commitOid, folder);
      if (found === null) return { files: [], complete: true };
      const key = `${found.oid} ${folder}`;
      const known = walks.get(key);
      if (known !== undefined) return known;
      const below = await walk({ oid: found.oid, path: split(folder).join('/') }, tree);
      walks.set(key, below);
      return below;
    },
    async entry(commitOid, path) {
      const found = await find(commitOid, split(path));
      const kind = found === null ? null : fileKind(found.mode);
      return found === null || kind === null ? null : { path, oid: found.oid, kind };
    },
    async folder(commitOid, folder) {
      const found = await folderEntry(commitOid, folder);
      return found === null ? Buffer.alloc(0) : tree(found.oid);
    },
  };
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
