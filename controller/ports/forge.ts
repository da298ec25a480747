import type { DeploymentPlan } from '../domain/plan.js';

/** Where a plan is proposed. On GitHub `number` is the pull request's; on the local forge it is null. */
export interface ProposalReference {
  readonly branch: string;
  /** The commit that carries the plan's file. */
  readonly head: string;
  readonly number: number | null;
  readonly url: string | null;
}

export interface ProposeRequest {
  readonly plan: DeploymentPlan;
  /** Path of the plan's file. */
  readonly path: string;
  readonly file: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** What we wrote last for this intent; null for the first time. */
  readonly previous: ProposalReference | null;
}

/** Somebody else's commit is on the branch: it is never overwritten. `head` is what is there now. */
export interface ForeignHead {
  readonly head: string;
  readonly author: string;
}

export type ProposeResult =
  | { readonly kind: 'proposed'; readonly reference: ProposalReference }
  | { readonly kind: 'foreign-head'; readonly foreign: ForeignHead };

/** Whether the file with a digest on the protected branch is an approval, asked at the source each time. */
export type ApprovalCheck =
  | { readonly kind: 'approved'; readonly by: readonly string[]; readonly commit: string }
  | { readonly kind: 'not-merged' }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** The proposal was merged with a person's edit in it that was not checked yet. */
      readonly edited?: MergedEdit;
    };

export interface MergedEdit {
  /** Where the edited file is, on the protected branch. */
  readonly commit: string;
  /** The proposal's head that was merged. */
  readonly head: string;
  readonly by: string;
}

/** How a proposal stands. `gone`: nothing is left of it. */
export type Standing =
  | {
      readonly kind: 'open';
      readonly head: string;
      /** Why it could not be approved as it is, for example a changed base; null when nothing is in the way. */
      readonly obstacle: string | null;
    }
  | { readonly kind: 'merged' }
  | { readonly kind: 'closed'; readonly by: string }
  | { readonly kind: 'gone' };

/** The forge does not answer, does not let us, or asks for a pause. The message says what to do; it is tried again. */
export class ForgeUnavailable extends Error {
  override readonly name: string = 'ForgeUnavailable';
  /** The same without what differs each time (address, moment), for records that keep it. */
  readonly brief: string;

  constructor(message: string, options: { readonly cause?: unknown; readonly brief?: string } = {}) {
    super(message, { cause: options.cause });
    this.brief = options.brief ?? message;
  }
}

export interface Forge {
  readonly kind: 'local' | 'github';
  /** Brings what is read of the repository up to date with the forge; a no-op where it is read directly. */
  refresh(): Promise<void>;
  propose(request: ProposeRequest): Promise<ProposeResult>;
  standing(reference: ProposalReference): Promise<Standing>;
  /** Closes a proposal without merging: superseded, withdrawn, expired, rejected. Repeating it is a no-op. */
  close(reference: ProposalReference, reason: string): Promise<void>;
  /** `file`: the plan's file exactly as it was proposed; what is on the protected branch at `path` must be the same. */
  checkApproval(
    plan: DeploymentPlan,
    path: string,
    file: string,
    reference: ProposalReference,
  ): Promise<ApprovalCheck>;
  /** Proposes a branch of ours that carries no plan (an incident's file); null where a branch is all there is. */
  proposeBranch(branch: string, title: string, body: string): Promise<number | null>;
  /** Merges in the name of a person (`commander approve`). Throws MergeRefused. */
  approve(
    plan: DeploymentPlan,
    reference: ProposalReference,
    person: { readonly name: string; readonly email: string },
  ): Promise<string>;
}
