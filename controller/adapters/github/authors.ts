import { type CommitIdentity, isWrittenBy } from '../../domain/commit-identity.js';
import { type GitOpsRepository, ObjectMissing } from '../../ports/repositories.js';
import { type Activity, activitiesOf, broughtThere } from './activities.js';
import type { Actor, GitHubClient } from './client.js';
import { mergedPullsOf } from './merged-pulls.js';

export interface AuthorsNeeds {
  readonly client: GitHubClient;
  readonly repository: GitOpsRepository;
  /** Whose commits on the controller's branches are its own. */
  readonly identity: CommitIdentity;
  /** What an intent's file says, as a hash; null when it cannot be read. Formatting does not change it. */
  readonly revisionOf: (path: string, bytes: Uint8Array) => string | null;
}

export interface AuthorsQuestion {
  /** Head of the protected branch. */
  readonly head: string;
  readonly intentPath: string;
  /** Of the intent that the plan was made for. */
  readonly intentRevision: string;
  /** The plan's file, its pull request, and the branch of that. */
  readonly path: string;
  readonly number: number;
  readonly branch: string;
}

type IntentQuestion = Pick<AuthorsQuestion, 'head' | 'intentPath' | 'intentRevision'>;

/** Whose own request a plan is. */
export interface Authors {
  readonly logins: ReadonlySet<string>;
  /** Why it cannot be told; null when it can. */
  readonly doubt: string | null;
}

const EVERY_PAGE = 100;
/** https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request */
const MOST_COMMITS = 250;
const WEB_FLOW = 'web-flow';
const INTENT_BYTES = 64 * 1024;

/** Logins of one commit, of which those that GitHub does not know are missing; `about` it for people. */
interface Wrote {
  readonly logins: readonly (string | null | undefined)[];
  readonly about: string;
}

/**
 * Everybody who wrote the intent's file since it has said what it says, who pushed that or opened the pull request that brought
 * it, and who edited the plan in its own pull request.
 */
export async function authorsOf(
  needs: AuthorsNeeds,
  question: AuthorsQuestion,
  actor: Actor,
): Promise<Authors> {
  const [onMain, onBranch] = await Promise.all([
    activitiesOf(needs.client, needs.repository.branch),
    activitiesOf(needs.client, question.branch),
  ]);
  const commits = await commitsOf(needs.client, question.number);
  // What was pushed to the branch for earlier plans is not this one's business.
  const shas = new Set(commits.map(({ sha }) => sha));
  const pushes = (onBranch ?? []).filter(({ after }) => shas.has(after));
  const [intent, plan, pushed] = await Promise.all([
    intentAuthors(needs, question, onMain ?? []),
    planEditors(needs, question, commits, pushes),
    pushers(needs, question, pushes),
  ]);
  const wrote = [...intent, ...plan];
  const known = [...wrote.flatMap(({ logins }) => logins), ...pushed];
  const unknown = wrote.find(({ logins }) => logins.every((login) => login == null));
  const logins = new Set(known.flatMap((login) => (login == null || login === actor.login ? [] : [login])));
  if (commits.length >= MOST_COMMITS)
    return { logins, doubt: `#${question.number} has more commits than GitHub lists, and so maybe authors` };
  // Where the server does not tell who pushed (it has no such list), the names of commits are all there is.
  const told = onMain !== null && onBranch !== null;
  return { logins, doubt: told && unknown !== undefined ? unknown.about : null };
}

/** The same without a plan: everybody whose own request an intent on the protected branch is. */
export async function authorsOfIntent(needs: AuthorsNeeds, question: IntentQuestion): Promise<Authors> {
  const activities = await activitiesOf(needs.client, needs.repository.branch);
  const wrote = await intentAuthors(needs, question, activities ?? []);
  const unknown = wrote.find(({ logins }) => logins.every((login) => login == null));
  const doubt = activities === null || unknown === undefined ? null : unknown.about;
  return { logins: known(wrote.flatMap(({ logins }) => logins)), doubt };
}

/** Everybody whose own request an intent is that is in a pull request only: who opened it, and whose commits are in it. */
export async function authorsOfPull(client: GitHubClient, number: number): Promise<Authors> {
  const { owner, repo } = client;
  const { data: pull } = await (await client.rest()).pulls.get({ owner, repo, pull_number: number });
  const commits = await commitsOf(client, number);
  const wrote = commits.flatMap(({ author, committer }) => [author?.login, committer?.login]);
  const doubt =
    commits.length >= MOST_COMMITS
      ? `#${number} has more commits than GitHub lists, and so maybe authors`
      : null;
  return { logins: known([pull.user?.login, ...wrote]), doubt };
}

function known(logins: readonly (string | null | undefined)[]): ReadonlySet<string> {
  return new Set(logins.flatMap((login) => (login == null || login === WEB_FLOW ? [] : [login])));
}

async function intentAuthors(
  needs: AuthorsNeeds,
  question: IntentQuestion,
  activities: readonly Activity[],
): Promise<readonly Wrote[]> {
  const { client, repository } = needs;
  const { head: sha, intentPath } = question;
  const asked = { owner: client.owner, repo: client.repo, sha, path: intentPath, per_page: EVERY_PAGE };
  const { data: history } = await (await client.rest()).repos.listCommits(asked);
  const wrote: Wrote[] = [];
  for (const { sha: commit, commit: written, author, committer, parents } of history) {
    const before = parents.map((parent) => parent.sha);
    // A server may list commits that did not touch it.
    if (!(await changesFile(repository, intentPath, commit, before))) continue;
    const pulls = await mergedPullsOf(client, commit);
    const email = written.author?.email ?? 'nobody';
    wrote.push({
      logins: [
        author?.login,
        ...pulls.map(({ login }) => login),
        // Who merges a pull request may become its commits' committer; who pushes a commit as somebody else stays it.
        ...(pulls.length > 0 || committer?.login === WEB_FLOW ? [] : [committer?.login]),
        ...(pulls.length > 0 ? [] : [await broughtThere(repository, activities, commit)]),
      ],
      about: `it cannot be told who wrote ${intentPath} (${commit.slice(0, 12)} by ${email}, whom GitHub does not know)`,
    });
    const [first] = before;
    if (first === undefined || !(await saidTheSame(needs, question, first))) return wrote;
  }
  return wrote;
}

/** Did the file say the same at a commit already? */
async function saidTheSame(
  { repository, revisionOf }: AuthorsNeeds,
  { intentPath, intentRevision }: IntentQuestion,
  commit: string,
): Promise<boolean> {
  const entry = await repository.entry(commit, intentPath);
  if (entry?.kind !== 'file') return false;
  return revisionOf(intentPath, await repository.read(entry.oid, INTENT_BYTES)) === intentRevision;
}

async function commitsOf({ octokit, owner, repo }: GitHubClient, pull_number: number) {
  const client = await octokit();
  const asked = { owner, repo, pull_number, per_page: EVERY_PAGE };
  return client.paginate(client.rest.pulls.listCommits, asked);
}

/** Of the commits in the plan's pull request, those that are not ours and are more than a merge of the base. */
async function planEditors(
  { repository, identity }: AuthorsNeeds,
  { path }: AuthorsQuestion,
  commits: Awaited<ReturnType<typeof commitsOf>>,
  activities: readonly Activity[],
): Promise<readonly Wrote[]> {
  const edits = await Promise.all(
    commits.map(async ({ sha, commit, author, committer, parents }): Promise<readonly Wrote[]> => {
      if (isOurs(commit, identity)) return [];
      const before = parents.map((parent) => parent.sha);
      if (before.length > 1 && !(await changesFile(repository, path, sha, before))) return [];
      const logins = [author?.login, committer?.login, await broughtThere(repository, activities, sha)];
      const about = `it cannot be told who edited the plan (${sha.slice(0, 12)} by ${commit.author?.email ?? 'nobody'}, whom GitHub does not know)`;
      return [{ logins: logins.filter((login) => login !== WEB_FLOW), about }];
    }),
  );
  return edits.flat();
}

interface Signed {
  readonly author?: { readonly name?: string; readonly email?: string } | null;
  readonly committer?: { readonly name?: string; readonly email?: string } | null;
}

function isOurs({ author, committer }: Signed, identity: CommitIdentity): boolean {
  const [one, other] = [author, committer].map((who) => ({ name: who?.name ?? '', email: who?.email ?? '' }));
  return one !== undefined && other !== undefined && isWrittenBy({ author: one, committer: other }, identity);
}

/** Whoever changed the branch, whatever name their commits go by; merging the base into it is no edit. */
async function pushers(
  { repository }: AuthorsNeeds,
  { path }: AuthorsQuestion,
  activities: readonly Activity[],
): Promise<readonly string[]> {
  const logins = await Promise.all(
    activities.map(async ({ login, after }) =>
      (await isPlainMerge(repository, path, after)) ? [] : [login],
    ),
  );
  return logins.flat();
}

async function isPlainMerge(repository: GitOpsRepository, path: string, commit: string): Promise<boolean> {
  try {
    const { parents } = await repository.commit(commit);
    return parents.length > 1 && !(await changesFile(repository, path, commit, parents));
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}

/** A merge changes a file only when it makes of it what neither side had. */
async function changesFile(
  repository: GitOpsRepository,
  path: string,
  commit: string,
  parents: readonly string[],
): Promise<boolean> {
  try {
    const now = (await repository.entry(commit, path))?.oid;
    const sides = await Promise.all(parents.map(async (side) => (await repository.entry(side, path))?.oid));
    return !sides.includes(now);
  } catch (error) {
    // A squashed branch that was deleted: it cannot be told.
    if (error instanceof ObjectMissing) return true;
    throw error;
  }
}
