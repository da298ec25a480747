import type { History } from './history.js';
import type { CommitComment, Issue, IssueComment, Label } from './state-of-issues.js';

/** Plain data: everything that the stand-in keeps beside git. */

export type * from './state-of-issues.js';

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
  detailsUrl: string;
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

/** Ways in which GitHub tells that a branch moved. */
export const activityTypes = [
  'push',
  'force_push',
  'branch_creation',
  'branch_deletion',
  'pr_merge',
  'merge_queue_merge',
] as const;
export type ActivityType = (typeof activityTypes)[number];

/** A change of a branch, with who made it. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly type: ActivityType;
  readonly actor: Account;
  readonly at: string;
}

export interface Repository extends History {
  readonly id: number;
  readonly owner: Account;
  name: string;
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
  /** Oldest first. */
  readonly activities: Activity[];
}
