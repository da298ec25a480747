import type { Change } from '../diffs.js';
import type { Json } from '../reply.js';
import type { Repository } from '../state.js';
import type { World } from '../world.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';

/** GitHub's `diff-entry`: one changed file, as of the commit. */
export function changedFile(world: World, repository: Repository, commit: string, change: Change): Json {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  const html = repositoryHtmlUrl(world, repository);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${commit}/${path}`,
    raw_url: `${html}/raw/${commit}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${commit}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}
