import { createGitOpsRepository } from '../../../controller/adapters/git/gitops-repository.js';
import type { GitHubClient } from '../../../controller/adapters/github/client.js';
import { createGitHubRepository } from '../../../controller/adapters/github/repository.js';
import type { GitOpsRepository } from '../../../controller/ports/repositories.js';
import { IDENTITY, program } from '../../git/support.js';
import { commitOn } from '../stand-in/support.js';
import { REPOSITORY, type Site } from './site.js';

const at = `/repos/${REPOSITORY}`;

export interface RepositorySite {
  readonly repository: GitOpsRepository;
  /** Where a branch is on GitHub; null when it is not there. */
  head(branch?: string): Promise<string | null>;
  /** Content of a file at a commit or branch on GitHub; null when it is not there. */
  file(ref: string, path: string): Promise<string | null>;
  /** olga commits files on top of a commit and moves the branch there. */
  push(branch: string, files: Record<string, string>, parent?: string, force?: boolean): Promise<string>;
  /** The name of a branch nobody has used yet. */
  newBranch(): string;
  /** The product writes `plans/new.yaml` to a branch: a new one on main unless `change` says otherwise. */
  write(
    branch: string,
    text: string,
    change?: { expected?: string | null; parents?: string[] },
  ): Promise<string>;
  close(): void;
}

/** The product's repository on the stand-in, with a real mirror, and what olga sees and does there. */
export async function openRepository(site: Site, client: GitHubClient): Promise<RepositorySite> {
  const { olga, github, folder, log } = site;
  const mirror = await createGitOpsRepository({
    git: program,
    location: `${github.webUrl}/${REPOSITORY}.git`,
    dataDir: `${folder}/data`,
    log,
    identity: IDENTITY,
    authorization: async () =>
      `Basic ${Buffer.from(`x-access-token:${await client.gitToken()}`).toString('base64')}`,
  });
  const head: RepositorySite['head'] = async (branch = 'main') => {
    const { status, body } = await olga(`GET ${at}/git/ref/heads/${branch}`);
    return status === 200 ? body.object.sha : null;
  };
  const repository = createGitHubRepository({
    client,
    mirror,
    identity: IDENTITY,
    id: `${github.webUrl}/${REPOSITORY}`,
  });
  let branches = 0;
  return {
    repository,
    head,
    file: async (ref, path) => {
      const { status, body } = await olga(`GET ${at}/contents/${path}?ref=${ref}`);
      return status === 200 ? Buffer.from(body.content, 'base64').toString() : null;
    },
    push: async (branch, files, parent, force = false) => {
      const present = await head(branch);
      const sha = await commitOn(olga, REPOSITORY, parent ?? present ?? (await head()) ?? '', files);
      const { status, body } =
        present === null
          ? await olga(`POST ${at}/git/refs`, { ref: `refs/heads/${branch}`, sha })
          : await olga(`PATCH ${at}/git/refs/heads/${branch}`, { sha, force });
      if (status > 201) throw new Error(`${branch} was not moved: ${JSON.stringify(body)}`);
      return sha;
    },
    newBranch: () => {
      branches += 1;
      return `commander/intent-${branches}`;
    },
    write: async (branch, text, change = {}) =>
      repository.writeBranch({
        branch,
        expected: null,
        parents: [(await head()) ?? ''],
        files: { 'plans/new.yaml': text },
        message: `Plan\n\n${text}`,
        ...change,
      }),
    close: () => mirror.close(),
  };
}
