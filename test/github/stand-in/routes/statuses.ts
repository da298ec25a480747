import { actorOf } from '../caller.js';
import { latestStatuses } from '../checks.js';
import { choiceField, textField } from '../fields.js';
import { gitLines } from '../git.js';
import { commitOf, resolveCommit } from '../objects.js';
import { page, paged } from '../pages.js';
import { created, found, invalid, type Json, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commitShape } from '../shapes/commit.js';
import { minimalRepository, repositoryUrl } from '../shapes/repository.js';
import { simpleStatus, statusShape } from '../shapes/status.js';
import type { CommitStatus } from '../state.js';
import { fullName, now } from '../world.js';

const reads = ['statuses=read'];

export const statusRoutes = [
  repositoryRoute('POST /statuses/{sha}', 'write', ['statuses=write'], createStatus),
  repositoryRoute('GET /commits/{*ref}/statuses', 'read', reads, listStatuses),
  repositoryRoute('GET /commits/{*ref}/status', 'read', reads, combinedStatus),
];

async function createStatus(call: RepositoryCall): Promise<Reply> {
  const { repository, world } = call;
  const sha = await resolveCommit(repository.gitDir, call.parameters.sha ?? '');
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${call.parameters.sha}`);
  const state = choiceField(call.body, 'state', ['error', 'failure', 'pending', 'success']);
  if (state === undefined) throw invalid('Status', { field: 'state', code: 'missing_field' });
  const description = textField(call.body, 'description') ?? null;
  if ((description?.length ?? 0) > 140)
    throw invalid('Status', 'description is too long (maximum is 140 characters)');
  const status: CommitStatus = {
    id: world.nextId(),
    state,
    context: textField(call.body, 'context') ?? 'default',
    description,
    targetUrl: textField(call.body, 'target_url') ?? null,
    creator: actorOf(call.caller),
    createdAt: now(),
  };
  const statuses = repository.statuses.get(sha) ?? [];
  repository.statuses.set(sha, [...statuses, status]);
  await announce(call, sha, status);
  return created(statusShape(world, repository, sha, status));
}

async function announce(call: RepositoryCall, sha: string, status: CommitStatus): Promise<void> {
  const { world, repository } = call;
  if (!call.events.isHeard(repository, 'status')) return;
  const format = '--format=%(refname:short) %(objectname)';
  const heads = await gitLines(repository.gitDir, ['for-each-ref', '--contains', sha, format, 'refs/heads']);
  const branches = heads.slice(0, 10).map((line) => {
    const [name = '', tip = ''] = line.split(' ');
    return {
      name,
      commit: { sha: tip, url: `${repositoryUrl(world, repository)}/commits/${tip}` },
      protected: repository.protections.has(name),
    };
  });
  const payload: Json = {
    id: status.id,
    sha,
    name: fullName(repository),
    avatar_url: null,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commitShape(world, repository, await commitOf(repository, sha)),
    branches,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
  call.events.emit(repository, 'status', actorOf(call.caller), payload);
}

async function listStatuses(call: RepositoryCall): Promise<Reply> {
  const sha = await commitNamed(call);
  const newestFirst = [...(call.repository.statuses.get(sha) ?? [])].reverse();
  return paged(call, newestFirst, (status) => statusShape(call.world, call.repository, sha, status));
}

async function combinedStatus(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const sha = await commitNamed(call);
  const latest = latestStatuses(repository, sha);
  const { items, headers } = page(call, latest);
  const url = `${repositoryUrl(world, repository)}/commits/${sha}`;
  const body = {
    state: combined(latest),
    statuses: items.map((status) => simpleStatus(world, repository, sha, status)),
    sha,
    total_count: latest.length,
    repository: minimalRepository(world, repository),
    commit_url: url,
    url: `${url}/status`,
  };
  return { status: 200, body, headers };
}

function combined(latest: readonly CommitStatus[]): string {
  if (latest.some((status) => status.state === 'failure' || status.state === 'error')) return 'failure';
  if (latest.length === 0 || latest.some((status) => status.state === 'pending')) return 'pending';
  return 'success';
}

async function commitNamed(call: RepositoryCall): Promise<string> {
  return found(await resolveCommit(call.repository.gitDir, call.parameters.ref ?? ''));
}
