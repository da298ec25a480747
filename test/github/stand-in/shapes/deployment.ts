import type { Json } from '../reply.js';
import type { Deployment, DeploymentStatus, Repository } from '../state.js';
import { nodeId, type World } from '../world.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';
import { simpleUser } from './user.js';

export function deploymentShape(world: World, repository: Repository, deployment: Deployment): Json {
  const base = repositoryUrl(world, repository);
  const url = `${base}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: base,
    creator: simpleUser(world, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  };
}

export function deploymentStatusShape(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Json {
  const base = repositoryUrl(world, repository);
  const deploymentUrl = `${base}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: simpleUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deploymentUrl,
    repository_url: base,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

/** GitHub's `environment`, which deployments make when they are the first to name it. */
export function environmentShape(world: World, repository: Repository, first: Deployment): Json {
  const name = encodeURIComponent(first.environment);
  return {
    id: first.id,
    node_id: nodeId('EN', first.id),
    name: first.environment,
    url: `${repositoryUrl(world, repository)}/environments/${name}`,
    html_url: `${repositoryHtmlUrl(world, repository)}/deployments/activity_log?environments_filter=${name}`,
    created_at: first.createdAt,
    updated_at: first.createdAt,
    can_admins_bypass: true,
    protection_rules: [],
    deployment_branch_policy: null,
  };
}
