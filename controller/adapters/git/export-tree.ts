import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.js';
import { RepositoryUnavailable } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import { CatFile } from './object-reader.js';
import { assertOid } from './oid.js';
import type { GitProgram } from './program.js';
import { linksLeavingTree, type Symlink } from './symlinks.js';

export interface TreeLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

export interface ExportNeeds {
  readonly git: GitProgram;
  readonly gitDir: string;
  readonly id: string;
  readonly log: Log;
  readonly limits: TreeLimits;
}

interface TreeFile {
  readonly mode: string;
  readonly oid: string;
  readonly bytes: number;
  readonly path: string;
}

const EXPORT_MS = 300_000;
const ABANDONED_MS = 3_600_000;

/** Writes the tree of a commit to `<folder>/<commit>`: complete, or not there at all. A second call finds it there. */
export async function exportTree(
  needs: ExportNeeds,
  folder: string,
  commit: string,
  signal: AbortSignal,
): Promise<string> {
  const target = join(folder, assertOid(commit));
  if (await isFolder(target)) return target;
  const temporary = join(folder, `tmp-${randomBytes(6).toString('hex')}`);
  const index = `${temporary}.index`;
  try {
    const files = await listTree(needs, commit, signal);
    assertWithin(needs, commit, files);
    await mkdir(temporary, { recursive: true });
    await removeAbandoned(folder);
    await checkOut(needs, commit, temporary, index, signal);
    await removeLinksOut(needs, commit, temporary, files);
    await rename(temporary, target).catch(async (error) => {
      if (!(await isFolder(target))) throw error;
    });
    return target;
  } catch (error) {
    throw unavailable(needs.id, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(index, { force: true });
  }
}

async function listTree(
  { git, gitDir }: ExportNeeds,
  commit: string,
  signal: AbortSignal,
): Promise<readonly TreeFile[]> {
  const args = [`--git-dir=${gitDir}`, 'ls-tree', '-r', '-l', '-z', '--full-tree', commit];
  const listing = (await git.run(args, { signal, configuration: 'none' })).toString('utf8');
  return listing.split('\0').flatMap((line) => {
    const [, mode, oid, bytes, path] = /^(\d+) \w+ ([0-9a-f]{40}) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    if (mode === undefined || oid === undefined || path === undefined) return [];
    return [{ mode, oid, path, bytes: bytes === '-' ? 0 : Number(bytes) }];
  });
}

function assertWithin({ id, limits }: ExportNeeds, commit: string, files: readonly TreeFile[]): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= limits.maxBytes && files.length <= limits.maxFiles) return;
  throw new RepositoryUnavailable(
    `Commit ${commit.slice(0, 12)} of ${id} is too large to check out: ${files.length} files with ${bytes} bytes, at most ${limits.maxFiles} files with ${limits.maxBytes} bytes are allowed. Take large files out of it.`,
  );
}

/**
 * Files as committed, through an index of our own. No hook and no filter program can run: the mirror has none, and
 * nobody's configuration is read.
 */
async function checkOut(
  { git, gitDir }: ExportNeeds,
  commit: string,
  folder: string,
  index: string,
  signal: AbortSignal,
): Promise<void> {
  const at = [`--git-dir=${gitDir}`, `--work-tree=${folder}`];
  const run = {
    cwd: folder,
    env: { GIT_INDEX_FILE: index },
    configuration: 'none' as const,
    signal,
    timeoutMs: EXPORT_MS,
  };
  await git.run([...at, 'read-tree', commit], run);
  await git.run([...at, 'checkout-index', '--all', '--quiet'], run);
}

async function removeLinksOut(
  { git, gitDir, id, log }: ExportNeeds,
  commit: string,
  folder: string,
  files: readonly TreeFile[],
): Promise<void> {
  const committed = files.filter(({ mode }) => mode === '120000');
  if (committed.length === 0) return;
  const objects = new CatFile(git, gitDir, id);
  const links: Symlink[] = [];
  for (const { path, oid, bytes } of committed) {
    const target = bytes > 4096 ? '/' : (await objects.read(oid, 4096)).content.toString('utf8');
    links.push({ path, target });
  }
  objects.close();
  const leaving = linksLeavingTree(links);
  for (const path of leaving) await rm(join(folder, path), { force: true });
  if (leaving.length > 0) {
    const paths = leaving.slice(0, 10);
    log.warn({ repository: id, commit, paths }, 'symbolic links that lead out of the tree were left out');
  }
}

/** Takes away what controllers that were killed have left. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('tmp-')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
}

export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
