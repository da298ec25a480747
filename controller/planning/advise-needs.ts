import type { Catalog, Guards, RuntimeKind } from '../domain/catalog.js';
import type { PostStep } from '../domain/intent.js';
import type { Problem } from '../domain/problem.js';
import type { QuarantineRecord } from '../domain/records.js';
import type { Sop } from '../domain/sop.js';
import type { Signature } from '../ports/repositories.js';
import type { Grounded } from './ground.js';

export interface Waiver {
  readonly source: string;
  readonly quote: string;
  readonly by: string;
  readonly reason: string;
}

/** One environment in which a version has passed its watch. */
export interface GoodIn {
  readonly environment: string;
  /** How long it has been what users reach there, without a break: the longest such time that the records tell. */
  readonly seconds: number;
  /** It is that now, and the time grows. */
  readonly current: boolean;
}

export interface AdviseNeeds {
  readonly now: Date;
  readonly catalog: Catalog;
  readonly sops: readonly Sop[];
  /** SOP files that cannot be read: what they demand is not known. */
  readonly sopProblems: readonly Problem[];
  /** Versions that were rolled back and not lifted, of this service. */
  readonly quarantine: readonly QuarantineRecord[];
  /** Where this commit has passed its watch. */
  readonly goodIn: readonly GoodIn[];
  /** Is a signature on the version's tag or commit? It is not verified. */
  readonly signature: Signature;
  /** Whether the repository's forge knows who approved (GitHub), or only who merged; null: nobody told. */
  readonly forgeKnowsReviews: boolean | null;
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
