import type { Freeze, Guards, Severity } from './catalog.js';
import type { Action, PostStep } from './intent.js';
import type { Problem } from './problem.js';

/** Who turned a sentence into a control: its author (front matter), the rules over normative wording, or a model. */
export type ControlOrigin = 'front-matter' | 'rules' | 'model';

/** What an SOP demands that code can check. */
export type Demand =
  | { readonly kind: 'require-steps'; readonly steps: readonly PostStep[] }
  /** `hours`: how long the version must have been current and good there; null: having passed its watch is enough. */
  | {
      readonly kind: 'environments-first';
      readonly environments: readonly string[];
      readonly hours: number | null;
    }
  | { readonly kind: 'freeze'; readonly freeze: Freeze }
  | { readonly kind: 'pinned-version' }
  | { readonly kind: 'signed-version' }
  /** Upper bounds, and a watch of at least `watchSeconds`. */
  | { readonly kind: 'guards'; readonly guards: Guards }
  | { readonly kind: 'approvals'; readonly count: number }
  /** Logins or teams as written; one of them has to approve. */
  | { readonly kind: 'approver'; readonly names: readonly string[] }
  /** No other service is deployed to the environment at the same time. */
  | { readonly kind: 'alone' };

/** A demand with the sentence it comes from, exactly as written. */
export type Control = Demand & {
  readonly quote: string;
  readonly origin: ControlOrigin;
  /** Narrower than the SOP's own scope, where the sentence says so ("production deployments …"); null: the SOP's. */
  readonly scope: SopScope | null;
  /** Where the sentence says so (must: high, should: medium, may: low); null: the SOP's. */
  readonly severity: Severity | null;
};

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
  /** Sentences in normative wording that no control came of, exactly as written: shown as advice, never as passed. */
  readonly advice: readonly string[];
  /** What is searched: without front matter. */
  readonly body: string;
  /** `sha256:…` of the file. */
  readonly digest: string;
}

export type ParsedSop =
  /** `severityGiven`: its author says how severe it is; otherwise the words of each sentence do. */
  | { readonly ok: true; readonly sop: Sop; readonly severityGiven?: boolean }
  /** `passing`: it is worth another try. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly passing?: boolean };

/** What an SOP, or the policy, has to say about a plan. */
export interface Finding {
  /** SOP id, or `policy`. */
  readonly source: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly verdict: FindingVerdict;
  readonly environment: string | null;
  readonly message: string;
  /** The passage, as written in the SOP or the catalog. */
  readonly quote: string;
  /** What a person can do about it; empty when nothing is to be done. */
  readonly fix: string;
  /** Who found it: code, or a model by name. What a model found can hold a plan up, and never lets one pass. */
  readonly by: string;
  /** A person let it pass. */
  readonly waiver: { readonly by: string; readonly reason: string } | null;
}

export const FINDING_VERDICTS = [
  'complies',
  'tightened',
  'deviates',
  'waived',
  'not-applicable',
  'cannot-tell',
] as const;
/** `cannot-tell`: what the passage demands could not be checked; it is advice for whoever approves. */
export type FindingVerdict = (typeof FINDING_VERDICTS)[number];
