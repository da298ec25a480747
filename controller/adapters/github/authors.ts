import { type GitOpsRepository, ObjectMissing } from '../../ports/repositories.js';
import type { Actor, GitHubClient } from './client.js';
import { mergedPullsOf } from './merged-pulls.js';

export interface AuthorsNeeds {
  readonly client: GitHubClient;
  readonly repository: GitOpsRepository;
  /** What an intent's file says, as a hash; null when it cannot be read. Formatting does not change it. */
  readonly revisionOf: (path: string, bytes: Uint8Array) => string | null;
}

export interface AuthorsQuestion {
  /** Head of the protected branch. */
  readonly head: string;
  readonly intentPath: string;
  /** Of the intent that the plan was made for. */
  readonly intentRevision: string;
  /** The plan's file and its pull request. */
  readonly path: string;
  readonly number: number;
}

const EVERY_PAGE = 100;
const WEB_FLOW = 'web-flow';
const INTENT_BYTES = 64 * 1024;

type Logins = readonly (string | null | undefined)[];

/**
 * Whose own request a plan is: everybody who wrote the intent's file since it has said what it says, who opened the pull request
 * that brought it, and who edited the plan in its own pull request.
 */
export async function authorsOf(
  needs: AuthorsNeeds,
  question: AuthorsQuestion,
  actor: Actor,
): Promise<ReadonlySet<string>> {
  const logins = [...(await intentAuthors(needs, question)), ...(await planEditors(needs, question))];
  return new Set(logins.flatMap((login) => (login == null || login === actor.login ? [] : [login])));
}

async function intentAuthors(needs: AuthorsNeeds, question: AuthorsQuestion): Promise<Logins> {
  const { client } = needs;
  const { head: sha, intentPath } = question;
  const asked = { owner: client.owner, repo: client.repo, sha, path: intentPath, per_page: EVERY_PAGE };
  const { data: history } = await (await client.rest()).repos.listCommits(asked);
  const logins: (string | null | undefined)[] = [];
  for (const { sha: commit, author, committer, parents } of history) {
    // A server may list commits that did not touch it.
    if (
      !(await changesFile(
        needs,
        intentPath,
        commit,
        parents.map((parent) => parent.sha),
      ))
    )
      continue;
    const pulls = await mergedPullsOf(client, commit);
    logins.push(author?.login, ...pulls.map(({ login }) => login));
    // Who merges a pull request may become its commits' committer; who pushes a commit as somebody else stays it.
    if (pulls.length === 0 && committer?.login !== WEB_FLOW) logins.push(committer?.login);
    const before = parents[0]?.sha;
    if (before === undefined || !(await saidTheSame(needs, question, before))) break;
  }
  return logins;
}

/** Did the file say the same at a commit already? */
async function saidTheSame(
  { repository, revisionOf }: AuthorsNeeds,
  { intentPath, intentRevision }: AuthorsQuestion,
  commit: string,
): Promise<boolean> {
  const entry = await repository.entry(commit, intentPath);
  if (entry?.kind !== 'file') return false;
  return revisionOf(intentPath, await repository.read(entry.oid, INTENT_BYTES)) === intentRevision;
}

async function planEditors(needs: AuthorsNeeds, { number, path }: AuthorsQuestion): Promise<Logins> {
  const { client } = needs;
  const octokit = await client.octokit();
  const asked = { owner: client.owner, repo: client.repo, pull_number: number, per_page: EVERY_PAGE };
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, asked);
  const edits = await Promise.all(
    commits.map(async ({ sha, author, parents }) => {
      const before = parents.map((parent) => parent.sha);
      return before.length < 2 || (await changesFile(needs, path, sha, before)) ? [author?.login] : [];
    }),
  );
  return edits.flat();
}

/** A merge changes a file only when it makes of it what neither side had. */
async function changesFile(
  { repository }: AuthorsNeeds,
  path: string,
  commit: string,
  parents: readonly string[],
): Promise<boolean> {
  try {
    const merged = (await repository.entry(commit, path))?.oid;
    const sides = await Promise.all(parents.map(async (side) => (await repository.entry(side, path))?.oid));
    return !sides.includes(merged);
  } catch (error) {
    // A squashed branch that was deleted: it cannot be told.
    if (error instanceof ObjectMissing) return true;
    throw error;
  }
}
