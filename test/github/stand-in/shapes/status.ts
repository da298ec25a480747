import type { Json } from '../reply.js';
import type { CommitStatus, Repository } from '../state.js';
import { nodeId, type World } from '../world.js';
import { repositoryUrl } from './repository.js';
import { simpleUser } from './user.js';

/** GitHub's `simple-commit-status`, as in the combined status. */
export function simpleStatus(world: World, repository: Repository, sha: string, status: CommitStatus): Json {
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${sha}`,
    avatar_url: `${world.address.web}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function statusShape(world: World, repository: Repository, sha: string, status: CommitStatus): Json {
  return { ...simpleStatus(world, repository, sha, status), creator: simpleUser(world, status.creator) };
}
