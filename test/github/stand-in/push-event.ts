import { readChanges } from './diffs.js';
import { gitLines } from './git.js';
import { isAncestor } from './history.js';
import { commitOf, type Person } from './objects.js';
import { noCommit } from './refs.js';
import type { Json } from './reply.js';
import { pushedRepository, repositoryHtmlUrl } from './shapes/repository.js';
import type { Account, Repository } from './state.js';
import { accountWithEmail, emailOf, timestamp, type World } from './world.js';

/** A ref that moved; `noCommit` before: it is new, after: it is gone. */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** GitHub lists at most this many commits in a push. */
const most = 20;

/** The payload of a push event. */
export async function pushPayload(
  world: World,
  repository: Repository,
  change: RefChange,
  by: Account,
): Promise<Json> {
  const { ref, before, after } = change;
  const created = before === noCommit;
  const deleted = after === noCommit;
  const html = repositoryHtmlUrl(world, repository);
  const commits = deleted ? [] : await newCommits(repository, change);
  const shown = await Promise.all(commits.map((sha) => pushedCommit(world, repository, sha)));
  return {
    ref,
    before,
    after,
    repository: pushedRepository(world, repository),
    pusher: { name: by.login, email: emailOf(by) },
    created,
    deleted,
    forced: !created && !deleted && !(await isAncestor(repository, before, after)),
    base_ref: null,
    compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: shown,
    head_commit: deleted ? null : await pushedCommit(world, repository, after),
  };
}

async function newCommits(repository: Repository, change: RefChange): Promise<string[]> {
  const { before, after, ref } = change;
  const known = before === noCommit ? ['--not', `--exclude=${ref}`, '--branches'] : [`^${before}`];
  // The excluded name is matched below refs/heads, which is where --branches looks.
  const not = known.map((each) => each.replace('refs/heads/', ''));
  return gitLines(repository.gitDir, ['rev-list', '--reverse', `--max-count=${most}`, after, ...not]);
}

async function pushedCommit(world: World, repository: Repository, sha: string): Promise<Json> {
  const commit = await commitOf(repository, sha);
  const changes = await readChanges(repository, commit.parents[0], sha);
  const paths = (status: string) =>
    changes.filter((change) => change.status === status).map((change) => change.path);
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.committer.seconds * 1000),
    url: `${repositoryHtmlUrl(world, repository)}/commit/${sha}`,
    author: person(world, commit.author),
    committer: person(world, commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: [...paths('modified'), ...paths('renamed'), ...paths('changed')],
  };
}

function person(world: World, someone: Person): Json {
  const account = accountWithEmail(world, someone.email);
  const date = timestamp(someone.seconds * 1000);
  return {
    name: someone.name,
    email: someone.email,
    date,
    ...(account === null ? {} : { username: account.login }),
  };
}
