import type { CommitIdentity } from '../domain/commit-identity.js';
import type { PlanStatus } from '../domain/plan.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { PlanCheck } from '../ports/plan-check.js';
import type { PlanEditor } from '../ports/plan-editor.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';

export interface ApprovalNeeds {
  readonly store: Store;
  /** By repository id. */
  readonly forges: ReadonlyMap<string, Forge>;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly planCheck: PlanCheck;
  readonly planEditor: PlanEditor;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose commits on the controller's branches are its own. */
  readonly identity: CommitIdentity;
}

/** Ends of plans that were never run. */
export const NEVER_RUN: readonly PlanStatus[] = ['superseded', 'expired', 'rejected', 'withdrawn', 'stale'];
