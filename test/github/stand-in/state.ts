import type { Commit } from './objects.js';

/** Plain data: everything that the stand-in keeps beside git. */

/** What someone may do in a repository, weakest first. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAt: string;
}

export type Permissions = Readonly<Record<string, 'read' | 'write' | 'admin'>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly owner: Account;
  readonly bot: Account;
  readonly hook: Hook | undefined;
  readonly createdAt: string;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly repositoryIds: Set<number>;
  readonly createdAt: string;
}

/** A token of a user, or of an installation of an App (then `installation` is set). */
export interface Token {
  readonly value: string;
  readonly account: Account;
  readonly installation?: Installation;
  readonly permissions?: Permissions;
  readonly repositoryIds?: ReadonlySet<number>;
  /** Milliseconds since the epoch; user tokens never expire. */
  expiresAt?: number;
}

export interface Protection {
  readonly requiredChecks: readonly string[];
  readonly requiredReviews: number;
  readonly enforceAdmins: boolean;
  readonly dismissStale: boolean;
}

export interface Hook {
  readonly id: number;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly createdAt: string;
  /** The App that the hook belongs to; a repository's own hook has none. */
  readonly appId?: number;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly hook: Hook;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly redelivery: boolean;
  deliveredAt: string;
  /** 0 until there is an answer, and when there was none. */
  statusCode: number;
  status: string;
}

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

export interface CommitStatus {
  readonly id: number;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly app: App;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly creator: Account;
  readonly description: string;
  readonly targetUrl: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly environment: string;
  readonly createdAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: Account;
  readonly createdAt: string;
  updatedAt: string;
  readonly statuses: DeploymentStatus[];
}

export interface QueueEntry {
  readonly number: number;
  readonly by: Account;
  readonly branch: string;
  readonly baseSha: string;
  readonly headSha: string;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  readonly gitDir: string;
  readonly commits: Map<string, Commit>;
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly parentId: number | undefined;
  archived: boolean;
  readonly createdAt: string;
  pushedAt: string;
  readonly roles: Map<string, Role>;
  readonly protections: Map<string, Protection>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, IssueComment>;
  readonly commitComments: Map<number, CommitComment>;
  readonly labels: Map<string, Label>;
  readonly statuses: Map<string, CommitStatus[]>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly deployments: Map<number, Deployment>;
  readonly hooks: Hook[];
  readonly deliveries: Delivery[];
  readonly queue: QueueEntry[];
}
