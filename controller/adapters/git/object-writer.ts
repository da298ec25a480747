import { randomBytes } from 'node:crypto';
import * as files from 'node:fs/promises';
import { dirname, join } from 'node:path';
import git from 'isomorphic-git';
import { editTree, FILE_MODE, FOLDER_MODE, type TreeEntry } from './tree.js';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly identity: Identity;
  readonly at: Date;
}

/** New objects, loose, in git's own format; nothing points at them until a ref does. */
export interface ObjectWriter {
  blob(content: Buffer): Promise<string>;
  tree(content: Buffer): Promise<string>;
  commit(commit: NewCommit): Promise<string>;
}

export function createObjectWriter(gitDir: string): ObjectWriter {
  const target = { fs: { promises: atomicFiles }, gitdir: gitDir };
  return {
    blob: (content) => git.writeBlob({ ...target, blob: content }),
    tree: (content) => git.writeObject({ ...target, type: 'tree', object: content, format: 'content' }),
    commit: ({ tree, parents, message, identity, at }) => {
      const signature = {
        name: plain(identity.name),
        email: plain(identity.email),
        timestamp: Math.floor(at.getTime() / 1000),
        timezoneOffset: 0,
      };
      const commit = { tree, parent: [...parents], message, author: signature, committer: signature };
      return git.writeCommit({ ...target, commit });
    },
  };
}

/** A file appears complete or not at all: a controller killed while writing must not leave half an object behind. */
async function writeFile(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `tmp_obj_${randomBytes(8).toString('hex')}`);
  await files.writeFile(temporary, data, { mode: 0o444, flag: 'wx' });
  await files.rename(temporary, path);
}

const { readFile, mkdir, rmdir, unlink, stat, lstat, readdir, readlink, symlink } = files;
const atomicFiles = { readFile, writeFile, mkdir, rmdir, unlink, stat, lstat, readdir, readlink, symlink };

function plain(text: string): string {
  return text.replace(/[<>\u0000-\u001f\u007f]/g, '').trim();
}

type Change = string | null;

/**
 * Writes the trees that differ when `changes` (path to content, null deletes) are made to the tree at `folder`, and no
 * other. `read` gives the present tree object of a folder. Answers the new tree's id; null when nothing is left in it.
 */
export async function writeTrees(
  writer: ObjectWriter,
  read: (folder: string) => Promise<Buffer>,
  changes: ReadonlyMap<string, Change>,
  folder = '',
): Promise<string | null> {
  const direct = new Map<string, TreeEntry | null>();
  const below = new Map<string, Map<string, Change>>();
  for (const [path, content] of changes) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      direct.set(path, await fileEntry(writer, path, content));
      continue;
    }
    const name = path.slice(0, slash);
    const inner = below.get(name) ?? new Map<string, Change>();
    below.set(name, inner.set(path.slice(slash + 1), content));
  }
  for (const [name, inner] of below) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const oid = await writeTrees(writer, read, inner, path);
    direct.set(name, oid === null ? null : { mode: FOLDER_MODE, name, oid });
  }
  const next = editTree(await read(folder), direct);
  return next.length === 0 && folder !== '' ? null : writer.tree(next);
}

async function fileEntry(writer: ObjectWriter, name: string, content: Change): Promise<TreeEntry | null> {
  if (content === null) return null;
  return { mode: FILE_MODE, name, oid: await writer.blob(Buffer.from(content, 'utf8')) };
}

/** Throws for a path that git would not take into a tree, or that leaves it. */
export function assertTreePath(path: string): void {
  const parts = path.split('/');
  const bad = (part: string) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git';
  if (parts.some(bad) || /[\u0000-\u001f\u007f\\]/.test(path)) {
    throw new TypeError(`Not a path inside the repository: ${JSON.stringify(path.slice(0, 200))}`);
  }
}
