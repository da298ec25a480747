import type { Guards, RuntimeKind, Service } from './catalog.js';
import type { ExecutionKind, ExecutionStatus, StepStatus } from './execution.js';
import type { Action, IntentDocument, IntentState } from './intent.js';
import type { JsonValue } from './json.js';
import type { DeploymentPlan, PlannedStep, PlanStatus } from './plan.js';
import type { Instance, ReleaseState, Verdict } from './release.js';

/** One intent file (or resource) as last seen. `path` is unique in its repository; so is `name` among those not withdrawn. */
export interface IntentRecord {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  readonly name: string;
  /** Blob that was read, 40 hex. */
  readonly blob: string;
  /** Protected-branch commit at which it was read. */
  readonly commit: string;
  /** null while the file is broken. */
  readonly revision: string | null;
  readonly document: IntentDocument | null;
  readonly state: IntentState;
  /** Why it is in this state, for people: problems, questions, a reason. */
  readonly detail: readonly string[];
  /** The plan that stands for this intent; null when there is none. */
  readonly planDigest: string | null;
  /** When to look again by itself (state `waiting`, `blocked` by a freeze, plan expiry). */
  readonly checkAt: Date | null;
  readonly updatedAt: Date;
}

export interface StoredProposal {
  readonly branch: string;
  readonly head: string;
  readonly number: number | null;
  readonly url: string | null;
}

export interface PlanRecord {
  readonly digest: string;
  readonly intentId: string;
  readonly repository: string;
  readonly status: PlanStatus;
  readonly statusReason: string;
  readonly plan: DeploymentPlan;
  /** Path and exact text of the plan's file. */
  readonly path: string;
  readonly file: string;
  /** Markdown for people. */
  readonly body: string;
  readonly proposal: StoredProposal | null;
  /** Who holds it up, and why; null when nobody does. What is held neither starts nor goes on to the next environment. */
  readonly hold: string | null;
  readonly approvedBy: readonly string[];
  readonly approvedCommit: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly updatedAt: Date;
}

export interface ExecutionRecord {
  readonly id: number;
  readonly kind: ExecutionKind;
  readonly action: Action;
  readonly service: string;
  readonly environments: readonly string[];
  /** The approved plan it runs, or (rollback, restore) the one that brought the release it is about. */
  readonly planDigest: string;
  /** rollback and restore: the release it is about. */
  readonly releaseId: string | null;
  readonly status: ExecutionStatus;
  /** Why it waits, failed or ended; empty while it simply runs. */
  readonly reason: string;
  /** Fencing token of the attempt that may write; grows with each claim. */
  readonly epoch: number;
  /** A person asked to stop it, or a rollback pre-empted it: by whom and why. */
  readonly abort: string | null;
  readonly correlationId: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface StepRecord {
  readonly executionId: number;
  readonly index: number;
  readonly environment: string;
  readonly step: PlannedStep;
  readonly status: StepStatus;
  readonly attempts: number;
  /** One line for people. */
  readonly detail: string;
  /** Capped, redacted tail of what a program printed. */
  readonly output: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface LaneRecord {
  readonly service: string;
  readonly environment: string;
  /** Execution that may act here. */
  readonly holder: number | null;
  readonly currentRelease: string | null;
  /** Highest fencing token given out for this lane. */
  readonly fence: number;
}

export interface ReleaseRecord {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly runtime: RuntimeKind;
  readonly version: string;
  readonly commit: string;
  readonly tag: string;
  /** Folder or image that it is started from; null before the build is done. */
  readonly artifact: string | null;
  readonly instance: Instance | null;
  readonly state: ReleaseState;
  /** The service as it was planned: what is needed to start the release again. */
  readonly spec: Service;
  readonly host: string;
  readonly port: number;
  readonly guards: Guards;
  readonly planDigest: string;
  readonly executionId: number;
  /** What the watch measured, as the next release's baseline; null until it is good. */
  readonly baseline: JsonValue;
  readonly createdAt: Date;
  /** When users first reached it. */
  readonly currentAt: Date | null;
  /** When it passed its watch. */
  readonly goodAt: Date | null;
  readonly endedAt: Date | null;
  readonly endReason: string;
}

export interface WatchRecord {
  readonly releaseId: string;
  readonly executionId: number;
  readonly startedAt: Date;
  readonly guards: Guards;
  /** Accumulators, as plain JSON. */
  readonly state: JsonValue;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly tickedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface QuarantineRecord {
  readonly id: number;
  readonly service: string;
  readonly commit: string;
  readonly version: string;
  readonly reason: string;
  readonly incidentId: number | null;
  readonly createdAt: Date;
  readonly liftedAt: Date | null;
  readonly liftedBy: string | null;
}

export interface TimelineEntry {
  readonly at: string;
  readonly event: string;
}

export interface IncidentRecord {
  readonly id: number;
  /** At most one incident for each release: a rollback happens once. */
  readonly releaseId: string;
  readonly service: string;
  readonly environment: string;
  readonly repository: string;
  readonly version: string;
  readonly commit: string;
  /** `rolling_back` · `resolved` the old release serves · `stuck` nothing to go back to came up: a person is needed. */
  readonly state: 'rolling_back' | 'resolved' | 'stuck';
  readonly reason: string;
  readonly evidence: JsonValue;
  readonly timeline: readonly TimelineEntry[];
  readonly executionId: number | null;
  /** Commit of the incident's file on its own branch; null until it is written. */
  readonly writtenCommit: string | null;
  readonly branch: string | null;
  /** A model's words about the evidence. It decides nothing. */
  readonly summary: { readonly model: string; readonly text: string } | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

/** A command that a person gave in a comment on a forge. */
export interface ForgeCommandRecord {
  readonly repository: string;
  readonly commentId: number;
  /** Number of the pull request (or issue) it stands under. */
  readonly pull: number;
  readonly person: string;
  /** The words after `/commander`. */
  readonly command: string;
  /**
   * `taken` to be carried out · `started` · `done` · `refused`, with the reason · `denied` to somebody who may not command.
   */
  readonly state: 'taken' | 'started' | 'done' | 'refused' | 'denied';
  readonly answer: string;
  readonly createdAt: Date;
}

/** Something that was written on a forge: under which id it is found there, and what it says. */
export interface ForgeNote {
  readonly remoteId: string;
  /** Hash of the content; equal when nothing is to be written. */
  readonly content: string;
}

/** A person let a finding pass: for one revision of one intent, and one sentence of one SOP. */
export interface WaiverRecord {
  readonly id: number;
  readonly intentId: string;
  readonly revision: string;
  /** `Finding.source` and `Finding.quote`, exactly. */
  readonly source: string;
  readonly quote: string;
  readonly reason: string;
  readonly person: string;
  readonly createdAt: Date;
}

/** What an intent in a pull request would come to, before it is merged. */
export interface IntentPreview {
  readonly path: string;
  readonly name: string;
  readonly outcome: 'plan' | 'blocked' | 'question' | 'refused' | 'broken' | 'suspended' | 'waiting';
  /** One line for each thing to say, for people. */
  readonly detail: readonly string[];
  /** The plan as it would be proposed, in Markdown; null where there is none. */
  readonly plan: string | null;
}

export interface PullPreview {
  /** The pull request's head that was read. */
  readonly head: string;
  readonly intents: readonly IntentPreview[];
}
