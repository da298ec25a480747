import type { Freeze, Guards, RuntimeKind, ScriptStep, Service } from './catalog.js';
import type { Action, IntentSource, PostStep } from './intent.js';
import type { Evidence, EvidenceByField, Reader } from './interpretation.js';
import { digestOf } from './json.js';
import type { Finding } from './sop.js';

export const PLAN_STATUSES = [
  'pending_approval',
  'approved',
  'running',
  'failed',
  'rolled_back',
  'succeeded',
  'superseded',
  'expired',
  'rejected',
  'withdrawn',
  'stale',
] as const;
/** `stale`: merged, but what it assumed no longer held, so it was not run and was planned again. */
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** A version as asked, and the commit it stands for. */
export interface PlannedVersion {
  /** As written in the intent; null when the intent names none. */
  readonly asked: string | null;
  /** The tag, branch or commit that was resolved. */
  readonly ref: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** Name of the artifact: `<ref or version>-<12 hex>`, safe as a file name and an image tag. */
  readonly tag: string;
}

/** What runs in an environment, in the words of a plan. */
export interface ReleaseReference {
  readonly release: string;
  readonly version: string;
  readonly commit: string;
}

export type PlannedStep =
  | { readonly kind: 'checkout' | 'build' | 'start' | 'health' | 'switch' | 'watch' | 'stop' }
  | { readonly kind: 'script'; readonly name: PostStep; readonly script: ScriptStep };

export interface PlannedEnvironment {
  readonly environment: string;
  readonly runtime: RuntimeKind;
  readonly host: string;
  readonly port: number;
  /** What is current there while planning; the release is only run if that still holds. */
  readonly replaces: ReleaseReference | null;
  /** Rollback: the recorded release to go back to. */
  readonly target: ReleaseReference | null;
  readonly steps: readonly PlannedStep[];
  readonly guards: Guards;
}

/** What the plan takes for granted about the world. A merged plan whose assumptions no longer hold is planned again. */
export interface Assumptions {
  readonly intentRevision: string;
  /** Digest of the part of the catalog the plan uses. */
  readonly catalog: string;
  /** Digest of the SOPs that apply. */
  readonly sops: string;
}

/** Who read the intent's text, and what nobody used of it. */
export interface PlanReading {
  readonly readers: readonly Reader[];
  readonly unused: readonly Evidence[];
}

/** What SOPs demand of the approval, besides the policy; the approval stage holds the plan to the stricter of both. */
export interface ApprovalDemands {
  /** People who have to approve, at least; 0: the policy's number. */
  readonly approvals: number;
  /** One of each list has to be among those who approve. */
  readonly approvers: readonly (readonly string[])[];
}

/** Also of plans of an earlier version, which have none. */
export function approvalDemandsOf(plan: { readonly approval?: ApprovalDemands }): ApprovalDemands {
  return plan.approval ?? NO_DEMANDS;
}

export const NO_DEMANDS: ApprovalDemands = { approvals: 0, approvers: [] };

/** Typed, grounded, immutable. Everything that execution will do is in it. */
export interface PlanContent {
  readonly apiVersion: 'devopscommander.io/v1alpha1';
  readonly kind: 'DeploymentPlan';
  readonly intent: { readonly name: string; readonly text: string; readonly source: IntentSource };
  readonly action: Action;
  readonly service: Service;
  readonly version: PlannedVersion;
  readonly environments: readonly PlannedEnvironment[];
  readonly freezes: readonly Freeze[];
  readonly findings: readonly Finding[];
  readonly evidence: EvidenceByField;
  readonly reading: PlanReading;
  readonly approval: ApprovalDemands;
  /** What the plan was made without (a model, embeddings, …), in words for people; empty when nothing is missing. */
  readonly madeWithout: readonly string[];
  readonly assumptions: Assumptions;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface DeploymentPlan extends PlanContent {
  /** `sha256:<64 hex>` of everything else. */
  readonly digest: string;
}

export function sealPlan(content: PlanContent): DeploymentPlan {
  return { ...content, digest: digestOf(content) };
}

/** The digest that a plan's content has, whatever its `digest` field says. */
export function computeDigest(plan: DeploymentPlan): string {
  const { digest: _claimed, ...content } = plan;
  return digestOf(content);
}
