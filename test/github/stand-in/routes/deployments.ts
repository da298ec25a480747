import { actorOf } from '../caller.js';
import { checkState, latestStatuses } from '../checks.js';
import { booleanField, choiceField, requiredText, textField, textList } from '../fields.js';
import { isAncestor } from '../history.js';
import { mergeCommit } from '../merge.js';
import { resolveCommit } from '../objects.js';
import { page, paged } from '../pages.js';
import { refsChanged } from '../ref-changes.js';
import { branchTip, moveRef } from '../refs.js';
import { created, found, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { deploymentShape, environmentShape } from '../shapes/deployment.js';
import type { Deployment } from '../state.js';
import { now } from '../world.js';
import { callerPerson } from './git-objects.js';

const reads = ['deployments=read'];
const writes = ['deployments=write'];

export const deploymentRoutes = [
  repositoryRoute('GET /deployments', 'read', reads, listDeployments),
  repositoryRoute('POST /deployments', 'write', writes, createDeployment),
  repositoryRoute('GET /deployments/{deployment}', 'read', reads, getDeployment),
  repositoryRoute('GET /environments', 'read', ['actions=read'], listEnvironments),
];

async function listDeployments(call: RepositoryCall): Promise<Reply> {
  const { query } = call;
  const is = (key: string, value: string) => (query.get(key) ?? value) === value;
  const kept = [...call.repository.deployments.values()].filter(
    (each) =>
      is('sha', each.sha) &&
      is('ref', each.ref) &&
      is('task', each.task) &&
      is('environment', each.environment),
  );
  return paged(call, kept.reverse(), (each) => deploymentShape(call.world, call.repository, each));
}

async function getDeployment(call: RepositoryCall): Promise<Reply> {
  return ok(deploymentShape(call.world, call.repository, deploymentOf(call)));
}

async function createDeployment(call: RepositoryCall): Promise<Reply> {
  const { repository, body } = call;
  const ref = requiredText(body, 'ref');
  const sha = await resolveCommit(repository.gitDir, ref);
  if (sha === undefined) throw refuse(422, `No ref found for: ${ref}`);
  const merged = booleanField(body, 'auto_merge') === false ? undefined : await autoMerge(call, ref);
  if (merged !== undefined) return merged;
  requireContexts(call, sha, ref);
  const at = now();
  const environment = textField(body, 'environment') ?? 'production';
  const deployment: Deployment = {
    id: call.world.nextId(),
    sha,
    ref,
    task: textField(body, 'task') ?? 'deploy',
    payload: body.payload ?? '',
    environment,
    description: textField(body, 'description') ?? null,
    transient: booleanField(body, 'transient_environment') ?? false,
    production: booleanField(body, 'production_environment') ?? environment === 'production',
    creator: actorOf(call.caller),
    createdAt: at,
    updatedAt: at,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  const shape = deploymentShape(call.world, repository, deployment);
  const payload = { action: 'created', deployment: shape, workflow: null, workflow_run: null };
  call.events.emit(repository, 'deployment', deployment.creator, payload);
  return created(shape);
}

/** Without `auto_merge: false` a branch behind the default one gets it merged in first, instead of a deployment. */
async function autoMerge(call: RepositoryCall, ref: string): Promise<Reply | undefined> {
  const { repository } = call;
  const { gitDir, defaultBranch } = repository;
  const head = await branchTip(gitDir, ref);
  const base = await branchTip(gitDir, defaultBranch);
  if (head === undefined || base === undefined || (await isAncestor(repository, base, head)))
    return undefined;
  const merged = await mergeCommit(
    gitDir,
    head,
    base,
    `Merge ${defaultBranch} into ${ref}`,
    callerPerson(call),
  );
  const name = `refs/heads/${ref}`;
  if (merged === undefined || !(await moveRef(gitDir, name, head, merged.tip))) {
    throw refuse(409, `Conflict merging ${defaultBranch} into ${ref}.`);
  }
  await refsChanged(call, repository, [{ ref: name, before: head, after: merged.tip }], actorOf(call.caller));
  return { status: 202, body: { message: `Auto-merged ${defaultBranch} into ${ref} on deployment.` } };
}

/** Without `required_contexts` all that there are have to be green. */
function requireContexts(call: RepositoryCall, sha: string, ref: string): void {
  const { repository } = call;
  const all = latestStatuses(repository, sha).map((status) => status.context);
  const required = textList(call.body, 'required_contexts') ?? all;
  const missing = required.filter((name) => checkState(repository, sha, name) !== 'success');
  if (missing.length === 0) return;
  const errors = [{ resource: 'Deployment', field: 'required_contexts', code: 'invalid', contexts: missing }];
  throw refuse(409, `Conflict: Commit status checks failed for ${ref}.`, {}, { errors });
}

async function listEnvironments(call: RepositoryCall): Promise<Reply> {
  const firsts = new Map<string, Deployment>();
  for (const each of call.repository.deployments.values()) {
    if (!firsts.has(each.environment)) firsts.set(each.environment, each);
  }
  const { items, headers } = page(call, [...firsts.values()]);
  const environments = items.map((first) => environmentShape(call.world, call.repository, first));
  return { status: 200, body: { total_count: firsts.size, environments }, headers };
}

/** The deployment of the path. */
export function deploymentOf(call: RepositoryCall): Deployment {
  return found(call.repository.deployments.get(Number(call.parameters.deployment)));
}

export const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;

/** The state of a deployment status, which has to be there. */
export function stateOf(call: RepositoryCall): (typeof deploymentStates)[number] {
  const state = choiceField(call.body, 'state', deploymentStates);
  if (state === undefined) throw refuse(422, `Invalid request.\n\n"state" wasn't supplied.`);
  return state;
}
