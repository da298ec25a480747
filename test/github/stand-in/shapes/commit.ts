import { readChanges } from '../diffs.js';
import { type Commit, commitOf, type Person } from '../objects.js';
import type { Json } from '../reply.js';
import type { Repository } from '../state.js';
import { accountWithEmail, nodeId, timestamp, type World } from '../world.js';
import { changedFile } from './diff.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';
import { simpleUser } from './user.js';

const unverified = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** GitHub's `git-commit`, the plain object of git. */
export function gitCommit(world: World, repository: Repository, commit: Commit): Json {
  const url = repositoryUrl(world, repository);
  const html = repositoryHtmlUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parents(commit, `${url}/git/commits/`, html),
    verification: unverified,
  };
}

/** GitHub's `commit`, with the accounts that its e-mail addresses belong to. */
export function commitShape(world: World, repository: Repository, commit: Commit): Json {
  const url = repositoryUrl(world, repository);
  const html = repositoryHtmlUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: commentsOn(repository, commit.sha),
      verification: unverified,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: accountOf(world, commit.author),
    committer: accountOf(world, commit.committer),
    parents: parents(commit, `${url}/commits/`, html),
  };
}

export async function commitShapeOf(world: World, repository: Repository, sha: string): Promise<Json> {
  return commitShape(world, repository, await commitOf(repository, sha));
}

/** A commit with its files, as when one is asked for. */
export async function commitWithFiles(world: World, repository: Repository, sha: string): Promise<Json> {
  const commit = await commitOf(repository, sha);
  const changes = await readChanges(repository, commit.parents[0], sha);
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return {
    ...commitShape(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: changes.map((change) => changedFile(world, repository, sha, change)),
  };
}

function person(someone: Person): Json {
  return { name: someone.name, email: someone.email, date: timestamp(someone.seconds * 1000) };
}

function accountOf(world: World, someone: Person): Json | null {
  const account = accountWithEmail(world, someone.email);
  return account === null ? null : simpleUser(world, account);
}

function parents(commit: Commit, urlPrefix: string, html: string): Json[] {
  return commit.parents.map((sha) => ({ sha, url: urlPrefix + sha, html_url: `${html}/commit/${sha}` }));
}

function commentsOn(repository: Repository, sha: string): number {
  return [...repository.commitComments.values()].filter((comment) => comment.commitId === sha).length;
}
