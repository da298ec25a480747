import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordActivity } from './activity.js';
import { gitText } from './git.js';
import { createHistory } from './history.js';
import { gitHub } from './merge.js';
import { writeBlob, writeCommit } from './objects.js';
import { moveRef, noCommit } from './refs.js';
import type { Account, Repository } from './state.js';
import { writeTree } from './trees.js';
import { findRepository, fullName, newToken, now, type World } from './world.js';

export interface NewRepository {
  readonly defaultBranch?: string;
  /** The files of the first commit; without any the repository is empty. */
  readonly files?: Readonly<Record<string, string>>;
  readonly private?: boolean;
}

/** Refuses pushes to branches that the server says are protected for who pushes. */
const updateHook = `#!/bin/sh
case " $PROTECTED_REFS " in
*" $1 "*) echo "error: GH006: Protected branch update failed for $1." >&2; exit 1 ;;
esac
`;

/** A new repository on disk and in the world. */
export async function addRepository(world: World, name: string, options: NewRepository): Promise<Repository> {
  if (findRepository(world, name) !== undefined) throw new Error(`There is a repository ${name} already.`);
  const repository = newRepository(world, name, options, undefined);
  const { gitDir, defaultBranch } = repository;
  await mkdir(gitDir, { recursive: true });
  await gitText(gitDir, ['init', '-q', '--bare', '-b', defaultBranch, gitDir]);
  await configure(gitDir);
  if (options.files !== undefined) {
    const after = await firstCommit(gitDir, defaultBranch, options.files);
    const change = { ref: `refs/heads/${defaultBranch}`, before: noCommit, after };
    await recordActivity(world, repository, change, repository.owner, 'push');
  }
  world.repositories.set(repository.id, repository);
  return repository;
}

/** A copy of a repository that belongs to somebody else. */
export async function addFork(world: World, parent: Repository, login: string): Promise<Repository> {
  const options = { defaultBranch: parent.defaultBranch, private: parent.private };
  const fork = newRepository(world, `${login}/${parent.name}`, options, parent.id);
  if (findRepository(world, fullName(fork)) !== undefined)
    throw new Error(`${fullName(fork)} is there already.`);
  await cp(parent.gitDir, fork.gitDir, { recursive: true });
  world.repositories.set(fork.id, fork);
  return fork;
}

function newRepository(
  world: World,
  name: string,
  options: NewRepository,
  parentId: number | undefined,
): Repository {
  const [login = '', short = ''] = name.split('/');
  if (short === '') throw new Error(`A repository is named owner/name, not ${name}.`);
  const id = world.nextId();
  const at = now();
  return {
    id,
    owner: ownerNamed(world, login),
    name: short,
    ...createHistory(join(world.folder, `${id}.git`)),
    defaultBranch: options.defaultBranch ?? 'main',
    private: options.private ?? false,
    parentId,
    archived: false,
    createdAt: at,
    pushedAt: at,
    roles: new Map(),
    protections: new Map(),
    issues: new Map(),
    comments: new Map(),
    commitComments: new Map(),
    labels: new Map(),
    statuses: new Map(),
    checkRuns: new Map(),
    deployments: new Map(),
    hooks: [],
    deliveries: [],
    queue: [],
    activities: [],
  };
}

/** An owner that is not a user is an organization. */
function ownerNamed(world: World, login: string): Account {
  return world.accounts.get(login.toLowerCase()) ?? addAccount(world, login, 'Organization', null, null);
}

export function addAccount(
  world: World,
  login: string,
  type: Account['type'],
  name: string | null,
  email: string | null,
): Account {
  if (world.accounts.has(login.toLowerCase())) {
    throw new Error(
      `There is an account ${login} already; an owner that is no user becomes an organization.`,
    );
  }
  const account: Account = { id: world.nextId(), login, type, name, email, createdAt: now() };
  world.accounts.set(login.toLowerCase(), account);
  return account;
}

/** A token of a user. */
export function addToken(world: World, account: Account): string {
  const value = newToken('ghp_');
  world.tokens.set(value, { value, account });
  return value;
}

async function configure(gitDir: string): Promise<void> {
  const settings = {
    'http.receivepack': 'true',
    'uploadpack.allowAnySHA1InWant': 'true',
    'uploadpack.allowFilter': 'true',
    'receive.hideRefs': 'refs/pull',
    'gc.auto': '0',
    'core.logAllRefUpdates': 'false',
  };
  const text = Object.entries(settings).map(([key, value]) => {
    const [section, name] = key.split('.');
    return `[${section}]\n\t${name} = ${value}\n`;
  });
  await writeFile(join(gitDir, 'config'), `[core]\n\tbare = true\n\tfsync = none\n${text.join('')}`);
  await mkdir(join(gitDir, 'hooks'), { recursive: true });
  await writeFile(join(gitDir, 'hooks', 'update'), updateHook);
  await chmod(join(gitDir, 'hooks', 'update'), 0o755);
}

async function firstCommit(
  gitDir: string,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const changes = [];
  for (const [path, content] of Object.entries(files)) {
    changes.push({ path, mode: '100644', sha: await writeBlob(gitDir, content) });
  }
  const tree = await writeTree(gitDir, undefined, changes);
  if (tree === undefined) throw new Error(`The files ${Object.keys(files).join(', ')} do not make a tree.`);
  const author = gitHub();
  const sha = await writeCommit(gitDir, {
    tree,
    parents: [],
    message: 'Initial commit',
    author,
    committer: author,
  });
  await moveRef(gitDir, `refs/heads/${branch}`, noCommit, sha);
  return sha;
}
