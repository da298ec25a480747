import { git, gitLines, gitText } from './git.js';
import type { History } from './history.js';
import { type Commit, commitOf, type Person, writeCommit } from './objects.js';

/** GitHub itself, as the committer of what it makes. */
export function gitHub(): Person {
  return { name: 'GitHub', email: 'noreply@github.com', seconds: Math.floor(Date.now() / 1000) };
}

/** What a merge made: the new tip of the base branch and the commits that it added to reach it. */
export interface Merged {
  readonly tip: string;
  readonly commits: readonly string[];
}

/** The tree of merging two commits; undefined when they conflict or have no common history. */
export async function mergeTrees(gitDir: string, ours: string, theirs: string): Promise<string | undefined> {
  const result = await git(gitDir, ['merge-tree', '--write-tree', '--no-messages', ours, theirs]);
  return result.code === 0 ? result.stdout.toString().split('\n')[0] : undefined;
}

/** A merge commit of the two; undefined when they conflict. */
export async function mergeCommit(
  gitDir: string,
  base: string,
  head: string,
  message: string,
  author: Person,
): Promise<Merged | undefined> {
  const tree = await mergeTrees(gitDir, base, head);
  if (tree === undefined) return undefined;
  const commit = { tree, parents: [base, head], message, author, committer: gitHub() };
  const tip = await writeCommit(gitDir, commit);
  return { tip, commits: [tip] };
}

/** One commit on the base with all that the head changes; undefined when they conflict. */
export async function squashCommit(
  gitDir: string,
  base: string,
  head: string,
  message: string,
  author: Person,
): Promise<Merged | undefined> {
  const tree = await mergeTrees(gitDir, base, head);
  if (tree === undefined) return undefined;
  const tip = await writeCommit(gitDir, { tree, parents: [base], message, author, committer: gitHub() });
  return { tip, commits: [tip] };
}

/** The head's own commits replayed on the base, by the committer; undefined when one conflicts. */
export async function rebaseCommits(
  history: History,
  base: string,
  head: string,
  committer: Person,
): Promise<Merged | undefined> {
  const range = ['rev-list', '--reverse', '--topo-order', '--no-merges', head, `^${base}`];
  const commits: string[] = [];
  let tip = base;
  for (const sha of await gitLines(history.gitDir, range)) {
    const commit = await commitOf(history, sha);
    const tree = await replayedTree(history, tip, commit);
    if (tree === undefined) return undefined;
    const { message, author } = commit;
    tip = await writeCommit(history.gitDir, { tree, parents: [tip], message, author, committer });
    commits.push(tip);
  }
  return { tip, commits };
}

/**
 * The tree of a commit's change applied to another commit. Git 2.39 cannot be told the merge base, so that the
 * target's tree is put on the commit's parent first, which makes that parent the merge base.
 */
async function replayedTree(history: History, onto: string, commit: Commit): Promise<string | undefined> {
  const target = await gitText(history.gitDir, ['rev-parse', `${onto}^{tree}`]);
  const parent = commit.parents[0];
  const committer = gitHub();
  const borrowed = {
    tree: target,
    parents: parent === undefined ? [] : [parent],
    message: 'replay',
    author: committer,
    committer,
  };
  return mergeTrees(history.gitDir, await writeCommit(history.gitDir, borrowed), commit.sha);
}
