import { createHash } from 'node:crypto';
import type { ProposalReference } from '../../ports/forge.js';
import { type AuthorsNeeds, authorsOf } from './authors.js';
import type { GitHubClient } from './client.js';
import type { ApprovalFacts, Review } from './decide-approval.js';
import { GitHubFailure, hasStatus } from './failures.js';
import { mergedPullsOf } from './merged-pulls.js';
import { readChecks, requiredNames } from './required-checks.js';

export interface ReviewPolicy {
  readonly approvals: number;
  readonly approvalByAuthor: boolean;
  readonly requiredChecks: readonly string[];
}

export interface ApprovalQuestion {
  readonly path: string;
  /** The plan's file as it was proposed. */
  readonly file: string;
  /** The intent's file, and the hash of what it said when it was planned. */
  readonly intentPath: string;
  readonly intentRevision: string;
  readonly number: number;
  /** Branch of the pull request. */
  readonly branch: string;
  /** Head of the protected branch. */
  readonly head: string;
}

export interface FactsNeeds extends AuthorsNeeds {
  readonly policy: () => Promise<ReviewPolicy>;
}

const EVERY_PAGE = 100;

/** Asks GitHub everything that an approval is decided on, as much of it at once as can be. The mirror has to be up to date. */
export async function gatherFacts(needs: FactsNeeds, question: ApprovalQuestion): Promise<ApprovalFacts> {
  const { client, repository } = needs;
  const { path, number } = question;
  const expected = blobId(question.file);
  const entry = await repository.entry(question.head, path);
  const fileOnBranch = entry === null ? 'absent' : entry.oid === expected ? 'same' : 'different';
  const asked = readPull(client, number);
  const [pull, actor, policy, rest] = await Promise.all([
    asked,
    client.actor(),
    needs.policy(),
    fileOnBranch === 'absent' ? NOTHING_ASKED : askRest(needs, question, expected, asked),
  ]);
  return {
    path,
    branch: repository.branch,
    fileOnBranch,
    pull,
    controller: actor.login,
    controllerIsApp: actor.kind === 'app',
    policy,
    ...rest,
  };
}

type Rest = Pick<
  ApprovalFacts,
  'brought' | 'fileAtHead' | 'reviews' | 'writers' | 'authors' | 'authorDoubt' | 'checks'
>;

async function askRest(
  needs: FactsNeeds,
  question: ApprovalQuestion,
  expected: string,
  asked: Promise<ApprovalFacts['pull']>,
): Promise<Rest> {
  const { client } = needs;
  const { path, number } = question;
  const [pull, brought, reviews, authors, required] = await Promise.all([
    asked,
    broughtBy(needs, question),
    readReviews(client, number),
    client.actor().then((actor) => authorsOf(needs, question, actor)),
    requiredNames(needs),
  ]);
  const people = [
    ...reviews.map(({ login }) => login),
    ...(pull.mergedBy === null ? [] : [pull.mergedBy.login]),
  ];
  const [fileAtHead, checks, writers] = await Promise.all([
    fileAt(client, pull.head, path, expected),
    readChecks(client, pull.head, required),
    writersAmong(client, [...new Set(people)]),
  ]);
  return {
    brought,
    fileAtHead,
    reviews,
    writers,
    authors: authors.logins,
    authorDoubt: authors.doubt,
    checks,
  };
}

const NOTHING_ASKED = {
  brought: null,
  fileAtHead: 'absent',
  reviews: [],
  writers: new Set<string>(),
  authors: new Set<string>(),
  authorDoubt: null,
  checks: [],
} as const;

/** git's id of a file: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobId(text: string): string {
  const content = Buffer.from(text);
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

async function readPull(client: GitHubClient, number: number): Promise<ApprovalFacts['pull']> {
  const { owner, repo } = client;
  const { data } = await (await client.rest()).pulls.get({ owner, repo, pull_number: number });
  if (typeof data.merged !== 'boolean' || typeof data.head?.sha !== 'string' || data.number !== number)
    throw new GitHubFailure(`GitHub's answer about pull request #${number} cannot be read`, 0, undefined);
  const by = data.merged_by;
  return {
    number,
    merged: data.merged,
    mergedAt: data.merged_at,
    mergedBy: by === null ? null : { login: by.login, kind: by.type === 'Bot' ? 'Bot' : 'User' },
    mergeCommit: data.merge_commit_sha,
    base: data.base.ref,
    head: data.head.sha,
    ownBranch: data.head.repo?.id === data.base.repo.id,
  };
}

async function broughtBy(
  { client, repository }: FactsNeeds,
  { head, path }: ApprovalQuestion,
): Promise<ApprovalFacts['brought']> {
  const commit = await repository.introducedBy(head, path);
  if (commit === null) return null;
  const pulls = await mergedPullsOf(client, commit.oid);
  return { commit: commit.oid, pulls: pulls.map(({ number }) => number) };
}

async function fileAt(
  client: GitHubClient,
  ref: string,
  path: string,
  expected: string,
): Promise<ApprovalFacts['fileAtHead']> {
  const { owner, repo } = client;
  try {
    const { data } = await (await client.rest()).repos.getContent({ owner, repo, path, ref });
    if (Array.isArray(data) || data.type !== 'file') return 'different';
    return data.sha === expected ? 'same' : 'different';
  } catch (error) {
    if (hasStatus(error, 404)) return 'absent';
    throw error;
  }
}

async function readReviews(client: GitHubClient, number: number): Promise<readonly Review[]> {
  const { owner, repo } = client;
  const octokit = await client.octokit();
  const asked = { owner, repo, pull_number: number, per_page: EVERY_PAGE };
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, asked);
  return reviews.map(({ id, user, state, commit_id, submitted_at }) => ({
    // Of a deleted account: whose it was is not known, but what it says stands until somebody dismisses it.
    login: user?.login ?? `ghost-${id}`,
    kind: user?.type === 'Bot' ? 'Bot' : 'User',
    state,
    commit: commit_id,
    at: submitted_at ?? null,
  }));
}

/** Logins that may write, asked one by one: https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
async function writersAmong(client: GitHubClient, logins: readonly string[]): Promise<ReadonlySet<string>> {
  const may = await Promise.all(
    logins.map(async (login) => ((await mayWrite(client, login)) ? [login] : [])),
  );
  return new Set(may.flat());
}

export async function mayWrite(client: GitHubClient, username: string): Promise<boolean> {
  const { owner, repo } = client;
  try {
    const asked = { owner, repo, username };
    const { data } = await (await client.rest()).repos.getCollaboratorPermissionLevel(asked);
    return data.permission === 'admin' || data.permission === 'write';
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

export function proposalNumber(reference: ProposalReference): number {
  if (reference.number === null)
    throw new GitHubFailure(`${reference.branch} has no pull request on record`, 0, undefined);
  return reference.number;
}
