import type { Catalog, Guards, RuntimeKind } from '../domain/catalog.js';
import type { PostStep } from '../domain/intent.js';
import type { Problem } from '../domain/problem.js';
import type { QuarantineRecord } from '../domain/records.js';
import type { Sop } from '../domain/sop.js';
import type { Grounded } from './ground.js';

export interface Waiver {
  readonly source: string;
  readonly quote: string;
  readonly by: string;
  readonly reason: string;
}

export interface AdviseNeeds {
  readonly now: Date;
  readonly catalog: Catalog;
  readonly sops: readonly Sop[];
  /** SOP files that cannot be read: what they demand is not known. */
  readonly sopProblems: readonly Problem[];
  /** Versions that were rolled back and not lifted, of this service. */
  readonly quarantine: readonly QuarantineRecord[];
  /** Environments in which this commit has passed its watch, and is current now. */
  readonly goodIn: readonly string[];
  readonly defaults: Guards;
  readonly scripts: readonly string[];
  /** What people let pass, for this revision of the intent: findings of SOPs with that source and quote, exactly. */
  readonly waivers: readonly Waiver[];
  readonly runtimes: readonly RuntimeKind[];
}

/** The scripts a request means: those asked for; a test that names none means run_tests. */
export function stepsAsked(grounded: Pick<Grounded, 'request'>): readonly PostStep[] {
  const { action, postSteps } = grounded.request;
  return action === 'test' && postSteps.length === 0 ? ['run_tests'] : postSteps;
}

export function changesWhatRuns(grounded: Grounded): boolean {
  return grounded.request.action === 'deploy' || grounded.request.action === 'rollback';
}

export function frozenMessage(name: string, environment: string, until: Date): string {
  return `${environment} is frozen by "${name}" until ${until.toISOString()}`;
}

export function freezeFix(until: Date): string {
  return `It is planned again by itself after ${until.toISOString()}`;
}
