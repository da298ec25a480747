import { actorOf } from '../caller.js';
import { booleanField, textField } from '../fields.js';
import { paged } from '../pages.js';
import { created, found, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { deploymentShape, deploymentStatusShape } from '../shapes/deployment.js';
import type { Deployment, DeploymentStatus } from '../state.js';
import { now } from '../world.js';
import { deploymentOf, stateOf } from './deployments.js';

const reads = ['deployments=read'];

export const deploymentStatusRoutes = [
  repositoryRoute('GET /deployments/{deployment}/statuses', 'read', reads, listStatuses),
  repositoryRoute('POST /deployments/{deployment}/statuses', 'write', ['deployments=write'], createStatus),
  repositoryRoute('GET /deployments/{deployment}/statuses/{status}', 'read', reads, getStatus),
];

async function listStatuses(call: RepositoryCall): Promise<Reply> {
  const deployment = deploymentOf(call);
  const newestFirst = [...deployment.statuses].reverse();
  return paged(call, newestFirst, (status) =>
    deploymentStatusShape(call.world, call.repository, deployment, status),
  );
}

async function getStatus(call: RepositoryCall): Promise<Reply> {
  const deployment = deploymentOf(call);
  const status = found(deployment.statuses.find((each) => each.id === Number(call.parameters.status)));
  return ok(deploymentStatusShape(call.world, call.repository, deployment, status));
}

async function createStatus(call: RepositoryCall): Promise<Reply> {
  const { body } = call;
  const deployment = deploymentOf(call);
  const state = stateOf(call);
  const description = textField(body, 'description') ?? '';
  if (description.length > 140) throw refuse(422, 'description is too long (maximum is 140 characters)');
  const logUrl = textField(body, 'log_url') ?? textField(body, 'target_url') ?? '';
  const status: DeploymentStatus = {
    id: call.world.nextId(),
    state,
    creator: actorOf(call.caller),
    description,
    targetUrl: logUrl,
    logUrl,
    environmentUrl: textField(body, 'environment_url') ?? '',
    environment:
      textField(body, 'environment') ?? deployment.statuses.at(-1)?.environment ?? deployment.environment,
    createdAt: now(),
  };
  if (state === 'success' && booleanField(body, 'auto_inactive') !== false)
    retireOlder(call, deployment, status);
  record(call, deployment, status);
  return created(deploymentStatusShape(call.world, call.repository, deployment, status));
}

/** The earlier deployments of the environment that had succeeded become inactive. */
function retireOlder(call: RepositoryCall, deployment: Deployment, cause: DeploymentStatus): void {
  for (const older of call.repository.deployments.values()) {
    if (older.id >= deployment.id || older.environment !== deployment.environment || older.transient)
      continue;
    if (older.statuses.at(-1)?.state !== 'success') continue;
    record(call, older, { ...cause, id: call.world.nextId(), state: 'inactive', description: '' });
  }
}

function record(call: RepositoryCall, deployment: Deployment, status: DeploymentStatus): void {
  const { world, repository } = call;
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  const payload = {
    action: 'created',
    deployment_status: deploymentStatusShape(world, repository, deployment, status),
    deployment: deploymentShape(world, repository, deployment),
  };
  call.events.emit(repository, 'deployment_status', status.creator, payload);
}
