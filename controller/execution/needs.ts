import type { RuntimeKind } from '../domain/catalog.js';
import type { DeploymentPlan, PlannedEnvironment } from '../domain/plan.js';
import type { ExecutionRecord, StepRecord } from '../domain/records.js';
import type { Lane } from '../domain/release.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { Monitor } from '../ports/monitor.js';
import type { PlanCheck } from '../ports/plan-check.js';
import type { ServiceRepository } from '../ports/repositories.js';
import type { Runtime } from '../ports/runtime.js';
import type { Scripts } from '../ports/scripts.js';
import type { Store } from '../ports/store.js';

export interface ExecutionNeeds {
  readonly store: Store;
  readonly forges: ReadonlyMap<string, Forge>;
  readonly planCheck: PlanCheck;
  readonly runtimes: ReadonlyMap<RuntimeKind, Runtime>;
  readonly serviceRepositories: ServiceRepository;
  readonly scripts: Scripts;
  /** What every script sees besides what it is about: where to notify. */
  readonly scriptEnvironment: Readonly<Record<string, string>>;
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one step of one attempt works with. */
export interface StepContext {
  readonly needs: ExecutionNeeds;
  readonly execution: ExecutionRecord;
  readonly plan: DeploymentPlan;
  readonly planned: PlannedEnvironment;
  readonly step: StepRecord;
  readonly lane: Lane;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** `failed` is the release's fault and ends the execution; a throw is the world's and is tried again. */
export type StepResult =
  | { readonly kind: 'succeeded'; readonly detail: string; readonly output?: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly output?: string }
  | { readonly kind: 'waiting'; readonly detail: string };

export const succeeded = (detail: string, output = ''): StepResult => ({ kind: 'succeeded', detail, output });
export const failed = (detail: string, output = ''): StepResult => ({ kind: 'failed', detail, output });

/** This attempt no longer may act: a newer one, a rollback or a person took the execution over. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

export function runtimeOf(needs: Pick<ExecutionNeeds, 'runtimes'>, kind: RuntimeKind): Runtime {
  const runtime = needs.runtimes.get(kind);
  if (runtime === undefined) throw new Error(`This controller has no ${kind} runtime`);
  return runtime;
}
