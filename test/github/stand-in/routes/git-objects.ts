import { actorOf } from '../caller.js';
import { jsonObject, listField, requiredText, textField, textList } from '../fields.js';
import {
  objectType,
  type Person,
  readBlob,
  readCommit,
  readTree,
  resolveCommit,
  writeBlob,
  writeCommit,
} from '../objects.js';
import { created, found, type Json, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { gitCommit } from '../shapes/commit.js';
import { gitTree } from '../shapes/git.js';
import { repositoryUrl } from '../shapes/repository.js';
import { type TreeChange, writeTree } from '../trees.js';
import { emailOf, nodeId } from '../world.js';
import { requireCommits } from './git-refs.js';

const reads = ['contents=read'];
const writes = ['contents=write'];

export const gitObjectRoutes = [
  repositoryRoute('POST /git/blobs', 'write', writes, createBlob),
  repositoryRoute('GET /git/blobs/{sha}', 'read', reads, getBlob),
  repositoryRoute('POST /git/trees', 'write', writes, createTree),
  repositoryRoute('GET /git/trees/{*sha}', 'read', reads, getTree),
  repositoryRoute('POST /git/commits', 'write', writes, createCommit),
  repositoryRoute('GET /git/commits/{sha}', 'read', reads, getCommit),
];

async function createBlob(call: RepositoryCall): Promise<Reply> {
  await requireCommits(call);
  const encoding = textField(call.body, 'encoding') ?? 'utf-8';
  const content = Buffer.from(requiredText(call.body, 'content'), encoding === 'base64' ? 'base64' : 'utf8');
  const sha = await writeBlob(call.repository.gitDir, content);
  return created({ sha, url: blobUrl(call, sha) });
}

async function getBlob(call: RepositoryCall): Promise<Reply> {
  const sha = call.parameters.sha ?? '';
  const content = found(await readBlob(call.repository.gitDir, sha));
  const body = {
    sha,
    node_id: nodeId('B', sha),
    size: content.length,
    url: blobUrl(call, sha),
    content: wrapped(content),
    encoding: 'base64',
  };
  return ok(body);
}

function blobUrl(call: RepositoryCall, sha: string): string {
  return `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}`;
}

/** Base64 in lines of 60, as GitHub writes it. */
export function wrapped(content: Buffer): string {
  return content
    .toString('base64')
    .replace(/(.{60})/g, '$1\n')
    .replace(/([^\n])$/, '$1\n');
}

async function createTree(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  await requireCommits(call);
  const entries = listField(call.body, 'tree');
  if (entries === undefined || entries.length === 0) throw refuse(422, 'Invalid tree info');
  const base = textField(call.body, 'base_tree');
  if (base !== undefined && (await treeOf(call, base)) === undefined) {
    throw refuse(404, 'Not Found');
  }
  const changes = await Promise.all(entries.map((entry) => treeChange(call, jsonObject(entry))));
  const sha = await writeTree(gitDir, base, changes);
  if (sha === undefined) throw refuse(422, 'GitRPC::BadObjectState');
  return created(gitTree(call.world, call.repository, sha, await readTree(gitDir, sha, false)));
}

async function treeChange(call: RepositoryCall, entry: Json): Promise<TreeChange> {
  const path = textField(entry, 'path');
  if (path === undefined || path === '') throw refuse(422, 'tree.path is missing');
  if (path.startsWith('/')) throw refuse(422, 'tree.path cannot start with a slash');
  if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()))) {
    throw refuse(422, 'tree.path contains a malformed path component');
  }
  const content = textField(entry, 'content');
  const mode = textField(entry, 'mode') ?? '100644';
  if (!['100644', '100755', '040000', '160000', '120000'].includes(mode)) {
    throw refuse(422, 'tree.mode must be one of 100644, 100755, 040000, 160000 or 120000');
  }
  if (content !== undefined) return { path, mode, sha: await writeBlob(call.repository.gitDir, content) };
  if (entry.sha === null) return { path, mode, sha: null };
  const sha = textField(entry, 'sha');
  if (sha === undefined) throw refuse(422, 'Must supply either tree.sha or tree.content');
  const type = await objectType(call.repository, sha);
  if (type === undefined && mode !== '160000') throw refuse(422, `tree.sha ${sha} is not a valid object`);
  return { path, mode, sha };
}

async function treeOf(call: RepositoryCall, name: string): Promise<string | undefined> {
  const type = await objectType(call.repository, name);
  return type === 'tree' || type === 'commit' ? name : undefined;
}

async function getTree(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  await requireCommits(call);
  const name = call.parameters.sha ?? '';
  const type = await objectType(call.repository, name);
  const commit = type === 'tree' ? undefined : found(await resolveCommit(gitDir, name));
  const tree = commit === undefined ? name : found(await readCommit(call.repository, commit)).tree;
  const entries = await readTree(gitDir, tree, call.query.has('recursive'));
  return ok(gitTree(call.world, call.repository, type === undefined ? tree : name, entries));
}

async function createCommit(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  await requireCommits(call);
  const message = requiredText(call.body, 'message');
  const tree = requiredText(call.body, 'tree');
  const parents = textList(call.body, 'parents') ?? [];
  if ((await objectType(call.repository, tree)) !== 'tree') throw refuse(422, 'Tree SHA does not exist');
  for (const parent of parents) {
    if ((await objectType(call.repository, parent)) !== 'commit') {
      throw refuse(422, 'Parent SHA does not exist or is not a commit object');
    }
  }
  const author = personOf(call, 'author', callerPerson(call));
  const committer = personOf(call, 'committer', author);
  const sha = await writeCommit(gitDir, { tree, parents, message, author, committer });
  return created(gitCommit(call.world, call.repository, found(await readCommit(call.repository, sha))));
}

function personOf(call: RepositoryCall, role: 'author' | 'committer', otherwise: Person): Person {
  if (call.body[role] === undefined || call.body[role] === null) return otherwise;
  const given = jsonObject(call.body[role]);
  const date = textField(given, 'date');
  const seconds = date === undefined ? otherwise.seconds : Math.floor(Date.parse(date) / 1000);
  if (Number.isNaN(seconds)) throw refuse(422, `${role}.date is not a valid date`);
  return { name: requiredText(given, 'name'), email: requiredText(given, 'email'), seconds };
}

/** The caller as the author of a commit made now. */
export function callerPerson(call: RepositoryCall): Person {
  const account = actorOf(call.caller);
  return {
    name: account.name ?? account.login,
    email: emailOf(account),
    seconds: Math.floor(Date.now() / 1000),
  };
}

async function getCommit(call: RepositoryCall): Promise<Reply> {
  const commit = found(await readCommit(call.repository, call.parameters.sha ?? ''));
  return ok(gitCommit(call.world, call.repository, commit));
}
