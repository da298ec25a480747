import type { Person } from '../../domain/command.js';
import type { IntentSpec } from '../../domain/intent.js';
import type { ExecutionRecord, PlanRecord } from '../../domain/records.js';
import type { Lane } from '../../domain/release.js';
import type { Store } from '../../ports/store.js';
import type { WaiverComment } from '../waivers.js';
import type { Counts } from './status.js';

/** What the API can do; the composition root fills it with the stages' commands. */
export interface Operations {
  readonly store: Store;
  approve(intent: string, person: Person): Promise<PlanRecord>;
  reject(intent: string, person: Person, reason: string): Promise<PlanRecord>;
  /** Plans an intent again, whatever stands for it. */
  plan(intent: string, person: Person): Promise<string>;
  hold(intent: string, person: Person, reason: string): Promise<string>;
  resume(intent: string, person: Person): Promise<string>;
  /** Lets what an SOP blocks pass, for the intent as it is. */
  waive(intent: string, sop: string, person: Person, reason: string): Promise<string>;
  /** The same said under a pull request: the SOP, then why. */
  waiveInPull(comment: WaiverComment, words: string): Promise<string>;
  retry(target: string, person: Person): Promise<unknown>;
  abort(execution: number, person: Person, reason: string): Promise<ExecutionRecord>;
  unlock(lane: Lane, person: Person, reason: string): Promise<unknown>;
  rollback(lane: Lane, person: Person, reason: string): Promise<unknown>;
  liftQuarantine(id: number, person: Person, reason: string): Promise<unknown>;
  /** The whole plan of a document, nothing written. */
  dryRun(document: { readonly name: string; readonly spec: IntentSpec }): Promise<unknown>;
  /** Looks at every repository now. */
  look(): Promise<void>;
  repositories(): readonly RepositoryState[];
}

export interface RepositoryState {
  readonly id: string;
  readonly branch: string;
  readonly head: string | null;
  readonly lookedAt: string | null;
  readonly problem: string | null;
  /** What is wrong with the catalog and the SOPs there. */
  readonly fileProblems: readonly string[];
  /** Plan files on the protected branch that are not executed, and why. */
  readonly notExecuted: readonly { readonly path: string; readonly reason: string }[];
}

export type { Counts };
