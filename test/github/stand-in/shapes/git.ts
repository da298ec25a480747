import type { TreeEntry } from '../objects.js';
import type { Ref } from '../refs.js';
import type { Json } from '../reply.js';
import type { Repository } from '../state.js';
import { nodeId, type World } from '../world.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';

export function gitRef(world: World, repository: Repository, ref: Ref): Json {
  const url = repositoryUrl(world, repository);
  return {
    ref: ref.name,
    node_id: nodeId('REF', `${repository.id}:${ref.name}`),
    url: `${url}/git/${ref.name}`,
    object: { sha: ref.sha, type: ref.type, url: `${url}/git/${ref.type}s/${ref.sha}` },
  };
}

export function gitTree(
  world: World,
  repository: Repository,
  sha: string,
  entries: readonly TreeEntry[],
): Json {
  const url = repositoryUrl(world, repository);
  return {
    sha,
    url: `${url}/git/trees/${sha}`,
    tree: entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      ...(entry.size === undefined ? {} : { size: entry.size }),
      sha: entry.sha,
      url: `${url}/git/${entry.type}s/${entry.sha}`,
    })),
    truncated: false,
  };
}

/** The part that a file and an entry of a directory have in common in the contents API. */
export function contentEntry(
  world: World,
  repository: Repository,
  path: string,
  entry: TreeEntry,
  ref: string,
): Json {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${repositoryUrl(world, repository)}/contents/${encoded}?ref=${ref}`;
  const html = repositoryHtmlUrl(world, repository);
  const isFile = entry.type === 'blob';
  const page = `${html}/${isFile ? 'blob' : 'tree'}/${ref}/${encoded}`;
  const gitUrl = `${repositoryUrl(world, repository)}/git/${isFile ? 'blobs' : 'trees'}/${entry.sha}`;
  return {
    name: path.split('/').at(-1),
    path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: page,
    git_url: gitUrl,
    download_url: isFile ? `${html}/raw/${ref}/${encoded}` : null,
    type: isFile ? 'file' : entry.type === 'tree' ? 'dir' : 'submodule',
    _links: { self: url, git: gitUrl, html: page },
  };
}
