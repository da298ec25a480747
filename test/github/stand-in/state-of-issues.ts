import type { Account, App } from './state.js';

/** Plain data: issues, pull requests and what is said about them. */

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: string;
  readonly createdAt: string;
}

export interface IssueComment {
  readonly id: number;
  readonly issueNumber: number;
  readonly user: Account;
  readonly app: App | undefined;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
}

export interface CommitComment {
  readonly id: number;
  readonly commitId: string;
  readonly user: Account;
  body: string;
  readonly path: string | null;
  readonly position: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  readonly id: number;
  readonly user: Account;
  body: string;
  state: ReviewState;
  readonly commitId: string;
  submittedAt: string | null;
}

/** The pull request's side of an issue. */
export interface Pull {
  readonly id: number;
  readonly headRepositoryId: number;
  readonly headOwner: Account;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: { readonly at: string; readonly by: Account; readonly sha: string } | null;
  /** The merge that was last tried, of which base and head; GitHub's `merge_commit_sha` while it is open. */
  trial: { readonly base: string; readonly head: string; readonly sha: string | null } | null;
  /** Commits that its merge brought to the base branch, and those of its own branch. */
  broughtCommits: Set<string>;
  readonly reviews: Review[];
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: Account;
  readonly app: App | undefined;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  labels: string[];
  assignees: Account[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  readonly pull: Pull | undefined;
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: Pull };
