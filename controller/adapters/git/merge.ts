import { MergeRefused, RefMoved } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import type { Identity } from './object-writer.js';
import { GitFailed, type GitProgram } from './program.js';
import { lastWords } from './redact.js';
import type { BranchChange, Refs } from './refs.js';

export interface MergeRequest {
  readonly into: string;
  readonly branch: string;
  readonly expected: string;
  readonly message: string;
  readonly author: Identity;
}

export interface MergeNeeds {
  readonly git: GitProgram;
  readonly gitDir: string;
  readonly id: string;
  readonly refs: Refs;
  /** Moves the protected branch, here or at the remote. Throws RefMoved. */
  publish(change: BranchChange): Promise<void>;
}

/** Merges as `git merge --no-ff` would; in the work tree that has the protected branch checked out, if there is one. */
export async function mergeBranch(needs: MergeNeeds, request: MergeRequest): Promise<string> {
  const { author, branch, expected, into } = request;
  if (
    !/^[^<>\u0000-\u001f\u007f]*[^\s<>\u0000-\u001f\u007f.,:;"'][^<>\u0000-\u001f\u007f]*$/.test(author.name)
  ) {
    throw new MergeRefused(
      `"${lastWords(author.name, 60)}" is not a name to merge in. Give the person's name.`,
    );
  }
  const present = await needs.refs.head(branch);
  if (present !== expected) {
    throw new RefMoved(
      `Branch ${branch} of ${needs.id} is ${present === null ? 'gone' : `at ${present.slice(0, 12)}`}, not at ${expected.slice(0, 12)}.`,
    );
  }
  const workTree = await workTreeOf(needs, into);
  return workTree === null ? mergeInStore(needs, request) : mergeInWorkTree(needs, request, workTree);
}

/** The folder that has a branch checked out; null when none has. */
export async function workTreeOf(
  { git, gitDir, id }: Pick<MergeNeeds, 'git' | 'gitDir' | 'id'>,
  branch: string,
): Promise<string | null> {
  const answer = await git.run([`--git-dir=${gitDir}`, 'worktree', 'list', '--porcelain']).catch((error) => {
    throw unavailable(id, error);
  });
  for (const block of answer.toString('utf8').split('\n\n')) {
    const lines = block.split('\n');
    const folder = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
    const gone = lines.some((line) => line.startsWith('prunable'));
    if (folder !== undefined && !gone && lines.includes(`branch refs/heads/${branch}`)) return folder;
  }
  return null;
}

function identityOf({ name, email }: Identity): Record<string, string> {
  const address = email.replace(/[<>\u0000-\u001f\u007f]/g, '');
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
  };
}

const MERGE = ['merge', '--no-ff', '--no-edit', '--no-verify', '--no-gpg-sign', '--no-autostash', '--quiet'];

async function mergeInWorkTree(needs: MergeNeeds, request: MergeRequest, folder: string): Promise<string> {
  const at = (args: readonly string[]) =>
    needs.git.run(['-C', folder, ...args], { env: identityOf(request.author), timeoutMs: 60_000 });
  const refuse = (reason: string, fix: string, cause?: unknown) =>
    new MergeRefused(
      `${request.branch} was not merged into ${request.into} in ${folder}: ${reason}. ${fix}`,
      { cause },
    );
  const dirty = await at(['status', '--porcelain', '--untracked-files=no']).catch((error) => {
    throw unavailable(needs.id, error);
  });
  if (dirty.length > 0) {
    const changed = lastWords(dirty.toString('utf8'), 200);
    throw refuse(`there are uncommitted changes (${changed})`, 'Commit them or put them away ("git stash").');
  }
  try {
    await at([...MERGE, '-m', request.message, request.expected]);
  } catch (error) {
    if (!(error instanceof GitFailed)) throw unavailable(needs.id, error);
    await at(['merge', '--abort']).catch(() => {});
    const said = lastWords(`${error.stdout}\n${error.stderr}`);
    throw refuse(
      `git says "${said}"`,
      'Nothing was changed. Merge it by hand, or let the plan be made again.',
      error,
    );
  }
  const head = await needs.refs.head(request.into);
  if (head === null) throw refuse('the branch is gone', 'Look at the repository.');
  return head;
}

const TRIES = 5;

/** A merge without a work tree, in the object store alone (git merge-tree, git 2.38 or newer). */
async function mergeInStore(needs: MergeNeeds, request: MergeRequest): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const base = await needs.refs.head(request.into);
    if (base === null) {
      throw new MergeRefused(
        `${request.into} has no commit yet. Commit something to it, commander.yaml for example.`,
      );
    }
    const next = await mergeCommit(needs, request, base);
    if (next === base) return base;
    try {
      await needs.publish({ branch: request.into, expected: base, next, reason: `merge ${request.branch}` });
      return next;
    } catch (error) {
      if (!(error instanceof RefMoved) || attempt === TRIES) throw error;
    }
  }
}

async function mergeCommit(needs: MergeNeeds, request: MergeRequest, base: string): Promise<string> {
  const env = identityOf(request.author);
  const at = async (args: readonly string[], input = '') =>
    (await needs.git.run([`--git-dir=${needs.gitDir}`, ...args], { env, input })).toString('utf8').trim();
  try {
    const merged = await at(['merge-base', base, request.expected]).catch(() => '');
    if (merged === request.expected) return base;
    const tree = (await at(['merge-tree', '--write-tree', '--name-only', base, request.expected])).split(
      '\n',
    )[0];
    const commit = [
      'commit-tree',
      '--no-gpg-sign',
      '-p',
      base,
      '-p',
      request.expected,
      '-F',
      '-',
      tree ?? '',
    ];
    return await at(commit, request.message);
  } catch (error) {
    if (!(error instanceof GitFailed)) throw unavailable(needs.id, error);
    throw new MergeRefused(
      `${request.branch} was not merged into ${request.into}: ${mergeTreeReason(error)}`,
      {
        cause: error,
      },
    );
  }
}

function mergeTreeReason(error: GitFailed): string {
  if (/usage: git merge-tree|unknown option/.test(error.stderr)) {
    return `this git cannot merge without a work tree. Install git 2.38 or newer, or check the branch out and run "git merge".`;
  }
  if (error.exitCode === 1) {
    const said = lastWords(error.stdout.split('\n').slice(1).join('\n'), 200);
    return `they are in conflict (${said}). Merge it by hand, or let the plan be made again.`;
  }
  return `git says "${lastWords(error.stderr)}".`;
}
