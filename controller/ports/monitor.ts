import type { MetricsSpec } from '../domain/catalog.js';

/** Cumulative counts of one release at one moment, as its metrics endpoint gives them. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
  /** Latency histogram: cumulative counts by upper bound in seconds, ascending, the last is Infinity; null when there is none. */
  readonly latency: readonly LatencyBucket[] | null;
}

export interface LatencyBucket {
  readonly upperBound: number;
  readonly count: number;
}

export type Sampled =
  | { readonly ok: true; readonly sample: Sample }
  | { readonly ok: false; readonly problem: string };

export interface ProbeResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly milliseconds: number;
  readonly problem: string | null;
}

/** Looks at a release over HTTP. Never throws for what a service does: that is an answer. Bodies are capped, time is limited. */
export interface Monitor {
  sample(address: { readonly host: string; readonly port: number }, metrics: MetricsSpec): Promise<Sampled>;
  probe(address: { readonly host: string; readonly port: number }, path: string): Promise<ProbeResult>;
}
