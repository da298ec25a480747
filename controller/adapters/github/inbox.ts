import type { ChangedFile, ForgeComment, ForgeInbox, MergeGroup, OpenPull } from '../../ports/forge-inbox.js';
import { mayWrite } from './approval-facts.js';
import type { GitHubClient } from './client.js';
import { hasStatus } from './failures.js';

const EVERY_PAGE = 100;
const NOTHING = new Uint8Array();

export function createGitHubInbox(client: GitHubClient, branch: string): ForgeInbox {
  const at = { owner: client.owner, repo: client.repo };
  return {
    openPulls: () => openPulls(client),
    commentsSince: (time) => commentsSince(client, time),
    changedFiles: (pull, head, folder, limit) => changedFiles(client, pull, head, folder, limit),
    mayWrite: (login) => mayWrite(client, login),
    mergeGroups: async () => {
      const prefix = `gh-readonly-queue/${branch}/pr-`;
      const { git } = await client.rest();
      const { data } = await git
        .listMatchingRefs({ ...at, ref: `heads/${prefix}` })
        .catch((error: unknown) => {
          // A server without merge queues may not know how to list branches by prefix.
          if (hasStatus(error, 404)) return { data: [] };
          throw error;
        });
      return data.flatMap(({ ref, object }): readonly MergeGroup[] => {
        const number = /\/pr-(\d+)-[0-9a-f]+$/.exec(ref)?.[1];
        return number === undefined || !ref.startsWith(`refs/heads/${prefix}`)
          ? []
          : [{ commit: object.sha, pull: Number(number) }];
      });
    },
  };
}

async function openPulls(client: GitHubClient): Promise<readonly OpenPull[]> {
  const octokit = await client.octokit();
  const asked = { owner: client.owner, repo: client.repo, state: 'open' as const, per_page: EVERY_PAGE };
  const pulls = await octokit.paginate(octokit.rest.pulls.list, asked);
  return pulls.map(({ number, head, base }) => ({
    number,
    branch: head.ref,
    head: head.sha,
    base: base.ref,
    ownBranch: head.repo?.id === base.repo.id,
  }));
}

async function commentsSince(client: GitHubClient, time: Date): Promise<readonly ForgeComment[]> {
  const octokit = await client.octokit();
  const comments = await octokit.paginate(octokit.rest.issues.listCommentsForRepo, {
    owner: client.owner,
    repo: client.repo,
    since: `${time.toISOString().slice(0, 19)}Z`,
    sort: 'updated',
    direction: 'asc',
    per_page: EVERY_PAGE,
  });
  return comments.flatMap(({ id, issue_url, user, body, created_at, updated_at }) => {
    const pull = /\/(\d+)$/.exec(issue_url)?.[1];
    if (pull === undefined || user === null) return [];
    return [
      {
        id,
        pull: Number(pull),
        login: user.login,
        person: user.type !== 'Bot',
        body: body ?? '',
        createdAt: new Date(created_at),
        updatedAt: new Date(updated_at),
      },
    ];
  });
}

async function changedFiles(
  client: GitHubClient,
  pull: number,
  head: string,
  folder: string,
  limit: number,
): Promise<readonly ChangedFile[]> {
  const octokit = await client.octokit();
  const asked = { owner: client.owner, repo: client.repo, pull_number: pull, per_page: EVERY_PAGE };
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, asked);
  const inside = files.filter(
    ({ filename }) => filename.startsWith(`${folder}/`) && !filename.slice(folder.length + 1).includes('/'),
  );
  if (inside.length === 0) return [];
  const kinds = await kindsIn(client, head, folder);
  return Promise.all(
    inside.map(async ({ filename: path, status }): Promise<ChangedFile> => {
      const kind = kinds.get(path);
      if (status === 'removed' || kind === undefined)
        return { path, kind: 'file', change: 'deleted', bytes: NOTHING };
      return kind === 'file'
        ? readAt(client, head, path, limit)
        : { path, kind, change: 'present', bytes: NOTHING };
    }),
  );
}

const KINDS: Readonly<Record<string, ChangedFile['kind']>> = { '120000': 'symlink', '160000': 'submodule' };

/** What is in a folder at a commit, from its tree: asked for a link, GitHub answers with the file that it leads to. */
async function kindsIn(
  client: GitHubClient,
  commit: string,
  folder: string,
): Promise<ReadonlyMap<string, ChangedFile['kind']>> {
  const { git } = await client.rest();
  const at = { owner: client.owner, repo: client.repo };
  const { data: root } = await git.getTree({ ...at, tree_sha: commit });
  const inner = root.tree.find(({ path, type }) => path === folder && type === 'tree')?.sha;
  if (inner === undefined) return new Map();
  const { data } = await git.getTree({ ...at, tree_sha: inner });
  const entries = data.tree.filter(({ type }) => type !== 'tree');
  return new Map(entries.map(({ path, mode }) => [`${folder}/${path}`, KINDS[mode ?? ''] ?? 'file']));
}

/** https://docs.github.com/en/rest/repos/contents: the content of a file up to 1 MB comes with it. */
async function readAt(client: GitHubClient, ref: string, path: string, limit: number): Promise<ChangedFile> {
  const { repos } = await client.rest();
  try {
    const { data } = await repos.getContent({ owner: client.owner, repo: client.repo, path, ref });
    if (Array.isArray(data) || data.type !== 'file' || data.size > limit || data.encoding !== 'base64')
      return { path, kind: 'file', change: 'too-large', bytes: NOTHING };
    return { path, kind: 'file', change: 'present', bytes: Buffer.from(data.content, 'base64') };
  } catch (error) {
    if (hasStatus(error, 404)) return { path, kind: 'file', change: 'deleted', bytes: NOTHING };
    throw error;
  }
}
