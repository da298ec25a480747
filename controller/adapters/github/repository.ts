import {
  type GitOpsRepository,
  MergeRefused,
  ObjectMissing,
  RefMoved,
  type WriteBranchRequest,
} from '../../ports/repositories.js';
import type { GitHubClient } from './client.js';
import { GitHubFailure, hasStatus, isUnknownThere } from './failures.js';

export interface GitHubRepositoryOptions {
  readonly client: GitHubClient;
  /** The local mirror: everything is read from it. */
  readonly mirror: GitOpsRepository;
  /** Stable id of the repository, whatever it is cloned from. */
  readonly id: string;
  /** Author of what the controller writes. */
  readonly identity: { readonly name: string; readonly email: string };
}

const REFRESH_MS = 60_000;
const FILE = '100644';

/**
 * A GitOps repository on GitHub: read from a local mirror that is fetched only when GitHub says (a conditional request) that the
 * protected branch has moved, or when something is missing in it; written through the Git Data API.
 */
export function createGitHubRepository({
  client,
  mirror,
  identity,
  id,
}: GitHubRepositoryOptions): GitOpsRepository {
  const { owner, repo } = client;
  const at = { owner, repo };

  async function headOf(branch: string): Promise<string | null> {
    try {
      const { data } = await (await client.rest()).git.getRef({ ...at, ref: `heads/${branch}` });
      // A server may answer with the branches that begin with the name.
      if (data.ref !== `refs/heads/${branch}` || !/^[0-9a-f]{40}$/.test(data.object.sha)) return null;
      return data.object.sha;
    } catch (error) {
      if (hasStatus(error, 404)) return null;
      throw error;
    }
  }

  /** What was pushed a moment ago may not be in the mirror yet. */
  async function fetched<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      await mirror.refresh(AbortSignal.timeout(REFRESH_MS));
      return read();
    }
  }

  /** Never forced: the new commit follows the one that is there. Its tree is that of the first parent. */
  async function parentsOf(request: WriteBranchRequest, base: string): Promise<readonly string[]> {
    const { expected, parents, files } = request;
    if (expected === null || parents.includes(expected)) return parents;
    try {
      if (await fetched(() => mirror.contains(base, expected))) return parents;
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      throw new RefMoved(`${expected} is in no branch of ${id} any more.`, { cause: error });
    }
    const foreign = (await changedIn(base, expected)).filter((path) => !(path in files));
    // With files of people on the branch it goes on from there; otherwise from the newest base.
    return foreign.length > 0 ? [expected] : [base, expected, ...parents.slice(1)];
  }

  /** What a branch has changed since it left another one; where that cannot be told, something that nobody knows. */
  async function changedIn(base: string, head: string): Promise<readonly string[]> {
    const { repos } = await client.rest();
    try {
      const { data } = await repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}` });
      return (data.files ?? []).flatMap(({ filename, previous_filename }) => [
        filename,
        ...(previous_filename === undefined ? [] : [previous_filename]),
      ]);
    } catch (error) {
      if (isUnknownThere(error)) return [''];
      throw error;
    }
  }

  async function writeCommit(request: WriteBranchRequest): Promise<string> {
    const rest = await client.rest();
    const [base] = request.parents;
    if (base === undefined) throw new TypeError('A branch on GitHub starts from a commit.');
    const parents = await parentsOf(request, base);
    const { data: commit } = await rest.git.getCommit({ ...at, commit_sha: parents[0] ?? base });
    const entries = Object.entries(request.files).map(([path, content]) => ({
      path,
      mode: FILE as '100644',
      type: 'blob' as const,
      ...(content === null ? { sha: null } : { content }),
    }));
    const { data: tree } = await rest.git.createTree({ ...at, base_tree: commit.tree.sha, tree: entries });
    const author = { ...identity, date: new Date().toISOString() };
    const { data: written } = await rest.git.createCommit({
      ...at,
      message: request.message,
      tree: tree.sha,
      parents: [...parents],
      author,
      committer: author,
    });
    return written.sha;
  }

  async function moveBranch({ branch, expected }: WriteBranchRequest, sha: string): Promise<void> {
    const { git } = await client.rest();
    // GitHub's own comparison is only that nothing gets lost; a branch that was set back has moved, too.
    if (expected !== null && (await headOf(branch)) !== expected)
      throw new RefMoved(`Branch ${branch} of ${id} has moved.`);
    try {
      if (expected === null) await git.createRef({ ...at, ref: `refs/heads/${branch}`, sha });
      else await git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: false });
    } catch (error) {
      // The answer may have been lost after it was done.
      if ((await headOf(branch)) === sha) return;
      if (hasStatus(error, 409, 422) && error instanceof GitHubFailure)
        throw new RefMoved(`Branch ${branch} of ${id} has moved: ${error.message}`, { cause: error });
      throw error;
    }
  }

  const notProtected = (branch: string) => {
    if (branch === mirror.branch)
      throw new TypeError(`${branch} is the protected branch: only a person's merge may move it.`);
  };

  return {
    id,
    branch: mirror.branch,
    refresh: async (signal) => {
      const head = await headOf(mirror.branch);
      if (head === null || head !== (await mirror.head())) await mirror.refresh(signal);
    },
    head: (branch = mirror.branch) => (branch === mirror.branch ? mirror.head() : headOf(branch)),
    list: (commit, folder) => fetched(() => mirror.list(commit, folder)),
    walk: (commit, folder) => fetched(() => mirror.walk(commit, folder)),
    entry: (commit, path) => fetched(() => mirror.entry(commit, path)),
    read: mirror.read,
    commit: (oid) => fetched(() => mirror.commit(oid)),
    contains: (commit, ancestor) => fetched(() => mirror.contains(commit, ancestor)),
    introducedBy: mirror.introducedBy,
    movedBy: async () => null,
    branches: mirror.branches,
    writeBranch: async (request) => {
      notProtected(request.branch);
      const sha = await writeCommit(request);
      await moveBranch(request, sha);
      return sha;
    },
    deleteBranch: async (branch, expected) => {
      notProtected(branch);
      const head = await headOf(branch);
      if (head === null) return;
      if (head !== expected) throw new RefMoved(`Branch ${branch} of ${id} has moved.`);
      const { git } = await client.rest();
      await git.deleteRef({ ...at, ref: `heads/${branch}` }).catch((error: unknown) => {
        if (!hasStatus(error, 404, 422)) throw error;
      });
    },
    merge: async () => {
      throw new MergeRefused(`${id} is on GitHub: the plan's pull request is reviewed and merged there.`);
    },
    watchPaths: () => [],
  };
}
