import { paged } from '../pages.js';
import { listRefs, readRef } from '../refs.js';
import { ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { branchRules, branchShape, protectionShape, shortBranch } from '../shapes/branch.js';

const reads = ['contents=read'];

export const branchRoutes = [
  repositoryRoute('GET /branches', 'read', reads, listBranches),
  repositoryRoute('GET /branches/{*branch}/protection', 'admin', ['administration=read'], getProtection),
  repositoryRoute('GET /branches/{*branch}', 'read', reads, getBranch),
  repositoryRoute('GET /rules/branches/{*branch}', 'read', ['metadata=read'], getRules),
];

async function listBranches(call: RepositoryCall): Promise<Reply> {
  const refs = await listRefs(call.repository.gitDir, 'refs/heads/');
  const only = call.query.get('protected');
  const kept = refs.filter((ref) => only === null || String(isProtected(call, branchOf(ref.name))) === only);
  return paged(call, kept, (ref) => shortBranch(call.world, call.repository, branchOf(ref.name), ref.sha));
}

async function getBranch(call: RepositoryCall): Promise<Reply> {
  const name = call.parameters.branch ?? '';
  const ref = await readRef(call.repository.gitDir, `refs/heads/${name}`);
  if (ref === undefined) throw refuse(404, 'Branch not found');
  return ok(await branchShape(call.world, call.repository, name, ref.sha));
}

async function getProtection(call: RepositoryCall): Promise<Reply> {
  const name = call.parameters.branch ?? '';
  if (!isProtected(call, name)) throw refuse(404, 'Branch not protected');
  return ok(protectionShape(call.world, call.repository, name));
}

async function getRules(call: RepositoryCall): Promise<Reply> {
  return paged(call, branchRules(call.repository, call.parameters.branch ?? ''), (rule) => rule);
}

function isProtected(call: RepositoryCall, branch: string): boolean {
  return call.repository.protections.has(branch);
}

function branchOf(ref: string): string {
  return ref.slice('refs/heads/'.length);
}
