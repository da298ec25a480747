import type { CommittedFile, FilesBelow } from '../../ports/repositories.js';
import { filesIn, foldersIn } from './tree.js';

/** A few small trees can stand for any number of folders: one tree may be in another one many times. */
const MOST_FOLDERS = 1000;
const MOST_FILES = 10_000;

interface Folder {
  readonly oid: string;
  readonly path: string;
}

/** Files in a folder and below it, those nearer to it first where there are too many. */
export async function walk(root: Folder, tree: (oid: string) => Promise<Buffer>): Promise<FilesBelow> {
  const folders: Folder[] = [root];
  const files: CommittedFile[] = [];
  let looked = 0;
  for (const { oid, path } of folders) {
    if (looked === MOST_FOLDERS || files.length >= MOST_FILES) break;
    looked += 1;
    const content = await tree(oid);
    for (const file of filesIn(content, path)) files.push(file);
    for (const below of foldersIn(content, path)) if (folders.length <= MOST_FOLDERS) folders.push(below);
  }
  const kept = files.slice(0, MOST_FILES);
  return { files: kept.sort(byPath), complete: looked === folders.length && kept.length === files.length };
}

function byPath(left: CommittedFile, right: CommittedFile): number {
  return left.path < right.path ? -1 : 1;
}
