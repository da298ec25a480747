import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { BuildFailed, type BuildRequest } from '../../ports/runtime.js';

/** The folder of an exported tree that is built (`services[].build.context`); it must be inside the tree, links followed. */
export async function contextFolder(request: BuildRequest, tree: string): Promise<string> {
  const { name, build } = request.service;
  const root = await realpath(tree);
  const folder = await realpath(join(root, build.context)).catch(() => null);
  if (folder !== null && (folder === root || folder.startsWith(root + sep))) return folder;
  const problem = folder === null ? 'does not exist' : 'leads out of the repository';
  throw new BuildFailed(
    `Build context "${build.context}" of ${name} at ${request.commit.slice(0, 12)} ${problem}. ` +
      'Set services[].build.context to a folder of the repository',
    '',
  );
}
