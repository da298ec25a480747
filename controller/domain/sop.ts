import type { Freeze, Guards, Severity } from './catalog.js';
import type { Action, PostStep } from './intent.js';
import type { Problem } from './problem.js';

/** What an SOP demands that code can check. Each control carries the sentence it comes from. */
export type Control =
  | { readonly kind: 'require-steps'; readonly steps: readonly PostStep[]; readonly quote: string }
  | { readonly kind: 'environments-first'; readonly environments: readonly string[]; readonly quote: string }
  | { readonly kind: 'freeze'; readonly freeze: Freeze; readonly quote: string }
  | { readonly kind: 'pinned-version'; readonly quote: string }
  | { readonly kind: 'guards'; readonly guards: Guards; readonly quote: string };

/** To which plans an SOP applies; an empty list means all. */
export interface SopScope {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly actions: readonly Action[];
}

export interface Sop {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly severity: Severity;
  readonly scope: SopScope;
  readonly controls: readonly Control[];
  /** `sha256:…` of the file. */
  readonly digest: string;
}

export type ParsedSop =
  | { readonly ok: true; readonly sop: Sop }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What an SOP, or the policy, has to say about a plan. */
export interface Finding {
  /** SOP id, or `policy`. */
  readonly source: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly verdict: 'complies' | 'tightened' | 'deviates';
  readonly environment: string | null;
  readonly message: string;
  /** The passage, as written in the SOP or the catalog. */
  readonly quote: string;
  /** What a person can do about it; empty when nothing is to be done. */
  readonly fix: string;
}
