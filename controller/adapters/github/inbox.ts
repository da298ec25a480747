import { ForgeUnavailable } from '../../ports/forge.js';
import type {
  ChangedFile,
  ForgeComment,
  ForgeInbox,
  KnownAuthors,
  MergeGroup,
  OpenPull,
} from '../../ports/forge-inbox.js';
import { mayWrite } from './approval-facts.js';
import { type Authors, type AuthorsNeeds, authorsOfIntent, authorsOfPull } from './authors.js';
import type { GitHubClient } from './client.js';
import { isUnknownThere } from './failures.js';

const EVERY_PAGE = 100;
const NOTHING = new Uint8Array();
const REFRESH_MS = 60_000;

export function createGitHubInbox(authors: AuthorsNeeds): ForgeInbox {
  const { client, repository } = authors;
  const { branch } = repository;
  const at = { owner: client.owner, repo: client.repo };
  return {
    openPulls: () => openPulls(client),
    commentsSince: (time) => commentsSince(client, time),
    changedFiles: (pull, head, folder, limit) => changedFiles(client, pull, head, folder, limit),
    mayWrite: (login) => mayWrite(client, login),
    authorsOfPull: async (pull) => listed(await authorsOfPull(client, pull)),
    authorsOfIntent: async (path, revision) => {
      await repository.refresh(AbortSignal.timeout(REFRESH_MS));
      const head = await repository.head();
      if (head === null) throw new ForgeUnavailable(`${branch} of ${repository.id} is gone`);
      return listed(await authorsOfIntent(authors, { head, intentPath: path, intentRevision: revision }));
    },
    mergeGroups: async () => {
      const prefix = `gh-readonly-queue/${branch}/pr-`;
      const { git } = await client.rest();
      const { data } = await git
        .listMatchingRefs({ ...at, ref: `heads/${prefix}` })
        .catch((error: unknown) => {
          // A server without merge queues may not know how to list branches by prefix.
          if (isUnknownThere(error)) return { data: [] };
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

function listed({ logins, doubt }: Authors): KnownAuthors {
  return { logins: [...logins], doubt };
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

/** More files in one pull request are not read: whoever opens it, a stranger from a fork perhaps, decides how many there are. */
const MOST_FILES = 20;

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
  const paths = files
    .filter(({ filename, status }) => status !== 'removed' && isIn(folder, filename))
    .map(({ filename }) => filename);
  if (paths.length === 0) return [];
  const entries = await entriesOf(client, head, folder);
  return Promise.all(
    paths.map(async (path, index): Promise<ChangedFile> => {
      const entry = entries.get(path);
      if (entry === undefined) return { path, kind: 'file', change: 'deleted', bytes: NOTHING };
      const { kind, size, sha } = entry;
      if (kind !== 'file') return { path, kind, change: 'present', bytes: NOTHING };
      if (index >= MOST_FILES) return { path, kind, change: 'not-read', bytes: NOTHING };
      if (size > limit) return { path, kind, change: 'too-large', bytes: NOTHING };
      return { path, kind, change: 'present', bytes: await readBlob(client, sha) };
    }),
  );
}

function isIn(folder: string, path: string): boolean {
  const name = path.slice(folder.length + 1);
  return path.startsWith(`${folder}/`) && !name.includes('/') && /\.ya?ml$/i.test(name);
}

const KINDS: Readonly<Record<string, ChangedFile['kind']>> = { '120000': 'symlink', '160000': 'submodule' };

interface Entry {
  readonly kind: ChangedFile['kind'];
  readonly size: number;
  readonly sha: string;
}

/** What is in a folder at a commit, from its tree: asked for a link, GitHub answers with the file that it leads to. */
async function entriesOf(
  client: GitHubClient,
  commit: string,
  folder: string,
): Promise<ReadonlyMap<string, Entry>> {
  const { git } = await client.rest();
  const at = { owner: client.owner, repo: client.repo };
  const { data: root } = await git.getTree({ ...at, tree_sha: commit });
  const inner = root.tree.find(({ path, type }) => path === folder && type === 'tree')?.sha;
  if (inner === undefined) return new Map();
  const { data } = await git.getTree({ ...at, tree_sha: inner });
  return new Map(
    data.tree
      .filter(({ type }) => type !== 'tree')
      .map(({ path, mode, size = 0, sha = '' }) => [
        `${folder}/${path}`,
        { kind: KINDS[mode ?? ''] ?? 'file', size, sha },
      ]),
  );
}

async function readBlob(client: GitHubClient, file_sha: string): Promise<Uint8Array> {
  const { git } = await client.rest();
  const { data } = await git.getBlob({ owner: client.owner, repo: client.repo, file_sha });
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}
