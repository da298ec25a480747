import { gitText } from '../git.js';
import { commitOf, readBlob, readTree, resolveCommit, type TreeEntry } from '../objects.js';
import { found, ok, type Reply } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { contentEntry } from '../shapes/git.js';
import { wrapped } from './git-objects.js';

export const contentRoutes = [
  repositoryRoute('GET /contents/{*path}', 'read', ['contents=read'], getContents),
  repositoryRoute('GET /contents', 'read', ['contents=read'], getContents),
];

async function getContents(call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = found(await resolveCommit(repository.gitDir, ref));
  const path = (call.parameters.path ?? '').replace(/\/$/, '');
  const { tree } = await commitOf(repository, commit);
  if (path === '') return directory(call, tree, '', ref);
  const entry = found(await entryAt(repository.gitDir, tree, path));
  return entry.type === 'tree' ? directory(call, entry.sha, path, ref) : file(call, entry, path, ref);
}

async function entryAt(gitDir: string, tree: string, path: string): Promise<TreeEntry | undefined> {
  const text = await gitText(gitDir, ['--literal-pathspecs', 'ls-tree', '-z', tree, '--', path]);
  const match = /^(\d+) (\w+) ([0-9a-f]+)\t/.exec(text);
  if (match === null) return undefined;
  const [, mode = '', type = '', sha = ''] = match;
  return { mode, type: type as TreeEntry['type'], sha, size: undefined, path };
}

async function directory(call: RepositoryCall, tree: string, path: string, ref: string): Promise<Reply> {
  const entries = await readTree(call.repository.gitDir, tree, false);
  const prefix = path === '' ? '' : `${path}/`;
  return ok(
    entries.map((entry) => contentEntry(call.world, call.repository, prefix + entry.path, entry, ref)),
  );
}

async function file(call: RepositoryCall, entry: TreeEntry, path: string, ref: string): Promise<Reply> {
  const content = found(await readBlob(call.repository.gitDir, entry.sha));
  if (call.accept.includes('raw')) return { status: 200, body: content.toString(), headers: raw };
  const sized = { ...entry, size: content.length };
  const shape = contentEntry(call.world, call.repository, path, sized, ref);
  return ok({ ...shape, content: wrapped(content), encoding: 'base64' });
}

const raw = { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' };
