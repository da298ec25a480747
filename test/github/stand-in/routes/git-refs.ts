import { actorOf } from '../caller.js';
import { booleanField, requiredText } from '../fields.js';
import { isAncestor } from '../history.js';
import { objectType } from '../objects.js';
import { requirePushable } from '../protection.js';
import { refsChanged } from '../ref-changes.js';
import { isRefName, listRefs, moveRef, noCommit, type Ref, readRef } from '../refs.js';
import { created, found, noContent, notFound, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { gitRef } from '../shapes/git.js';

const reads = ['contents=read'];
const writes = ['contents=write'];

export const gitRefRoutes = [
  repositoryRoute('GET /git/ref/{*ref}', 'read', reads, getRef),
  repositoryRoute('GET /git/matching-refs/{*ref}', 'read', reads, matchingRefs),
  repositoryRoute('GET /git/matching-refs', 'read', reads, matchingRefs),
  repositoryRoute('POST /git/refs', 'write', writes, createRef),
  repositoryRoute('PATCH /git/refs/{*ref}', 'write', writes, updateRef),
  repositoryRoute('DELETE /git/refs/{*ref}', 'write', writes, deleteRef),
];

async function getRef(call: RepositoryCall): Promise<Reply> {
  await requireCommits(call);
  return show(call, found(await readRef(call.repository.gitDir, fullRef(call))));
}

async function matchingRefs(call: RepositoryCall): Promise<Reply> {
  const prefix = `refs/${call.parameters.ref ?? ''}`;
  const refs = await listRefs(call.repository.gitDir, prefix);
  return ok(refs.map((ref) => gitRef(call.world, call.repository, ref)));
}

async function createRef(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  await requireCommits(call);
  const name = requiredText(call.body, 'ref');
  const sha = requiredText(call.body, 'sha');
  if (!/^refs\/[^/]+\/./.test(name))
    throw refuse(422, `Reference name must start with 'refs/' and contain at least three parts.`);
  if (!(await isRefName(gitDir, name))) throw refuse(422, `${name} is not a valid ref name.`);
  const type = await existingObject(call, sha);
  if ((await readRef(gitDir, name)) !== undefined) throw refuse(422, 'Reference already exists');
  if (!(await moveRef(gitDir, name, noCommit, sha))) throw refuse(422, 'Reference already exists');
  await refsChanged(
    call,
    call.repository,
    [{ ref: name, before: noCommit, after: sha }],
    actorOf(call.caller),
  );
  return created(gitRef(call.world, call.repository, { name, sha, type }));
}

async function updateRef(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  const sha = requiredText(call.body, 'sha');
  const name = fullRef(call);
  const present = await readRef(gitDir, name);
  if (present === undefined) throw refuse(422, 'Reference does not exist');
  const type = await existingObject(call, sha);
  requirePushable(call.caller, call.repository, name);
  if (booleanField(call.body, 'force') !== true && !(await isAncestor(call.repository, present.sha, sha))) {
    throw refuse(422, 'Update is not a fast forward');
  }
  if (!(await moveRef(gitDir, name, present.sha, sha))) throw refuse(422, 'Reference cannot be updated');
  if (present.sha !== sha) {
    const change = { ref: name, before: present.sha, after: sha };
    await refsChanged(call, call.repository, [change], actorOf(call.caller));
  }
  return show(call, { name, sha, type });
}

async function deleteRef(call: RepositoryCall): Promise<Reply> {
  const { gitDir } = call.repository;
  const name = fullRef(call);
  const present = await readRef(gitDir, name);
  if (present === undefined) throw refuse(422, 'Reference does not exist');
  requirePushable(call.caller, call.repository, name);
  if (!(await moveRef(gitDir, name, present.sha, noCommit))) throw refuse(422, 'Reference cannot be updated');
  const change = { ref: name, before: present.sha, after: noCommit };
  await refsChanged(call, call.repository, [change], actorOf(call.caller));
  return noContent;
}

function fullRef(call: RepositoryCall): string {
  const ref = call.parameters.ref ?? '';
  if (!ref.includes('/')) throw notFound();
  return `refs/${ref}`;
}

function show(call: RepositoryCall, ref: Ref): Reply {
  return ok(gitRef(call.world, call.repository, ref));
}

async function existingObject(call: RepositoryCall, sha: string): Promise<string> {
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw refuse(422, `The sha parameter must be exactly 40 characters and contain only [0-9a-f].`);
  const type = await objectType(call.repository, sha);
  if (type === undefined) throw refuse(422, 'Object does not exist');
  return type;
}

/** GitHub refuses the git database of a repository without commits. */
export async function requireCommits(call: RepositoryCall): Promise<void> {
  // One that a commit was read from has some.
  if (call.repository.commits.size > 0) return;
  if ((await listRefs(call.repository.gitDir, 'refs/')).length === 0)
    throw refuse(409, 'Git Repository is empty.');
}
