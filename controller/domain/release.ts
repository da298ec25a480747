import type { RuntimeKind } from './catalog.js';

/**
 * `candidate` started, not yet serving · `watching` serving, under watch · `good` passed its watch · `held` its watch ended without a
 * verdict · `bad` rolled back from · `retired` replaced · `gone` no longer there. The current release of a service in
 * an environment is a property of the lane, not of the release.
 */
export type ReleaseState = 'candidate' | 'watching' | 'good' | 'held' | 'bad' | 'retired' | 'gone';

/** A running (or kept) copy of a release, as its runtime knows it. Opaque to everyone but the runtime. */
export interface Instance {
  /** The release's id: starting the same id twice gives the same instance. */
  readonly id: string;
  readonly runtime: RuntimeKind;
  /** Where the instance itself answers (not the stable port). */
  readonly host: string;
  readonly port: number;
  /** Runtime's own: process group, container id, folder. */
  readonly handle: Readonly<Record<string, string | number>>;
}

/** One service in one environment: what releases follow one another on. */
export interface Lane {
  readonly service: string;
  readonly environment: string;
}

export function laneName(lane: Lane): string {
  return `${lane.environment}/${lane.service}`;
}

/** `healthy`, `unhealthy` or `unknown`. No data is unknown; unknown neither rolls back nor promotes. */
export type Verdict = 'healthy' | 'unhealthy' | 'unknown';
