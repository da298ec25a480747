import type { Action, PostStep } from './intent.js';

/** The text a field comes from: UTF-16 offsets [start, end) into the intent's original text, and that text. */
export interface Evidence {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Guards as a person asks for them in a text. errorRate is a fraction (2 % is 0.02). */
export interface RequestedGuards {
  readonly errorRate: number | null;
  readonly latencyP95Ms: number | null;
  readonly watchMinutes: number | null;
}

export const EVIDENCE_FIELDS = [
  'action',
  'service',
  'version',
  'environments',
  'postSteps',
  'errorRate',
  'latencyP95Ms',
  'watchMinutes',
] as const;
export type EvidenceField = (typeof EVIDENCE_FIELDS)[number];
export type EvidenceByField = Readonly<Partial<Record<EvidenceField, readonly Evidence[]>>>;

/** What an intent asks for, in identities of the catalog. `version` is as written; null means the default of the action. */
export interface Request {
  readonly action: Action;
  readonly service: string;
  readonly version: string | null;
  /** In the order asked. */
  readonly environments: readonly string[];
  readonly postSteps: readonly PostStep[];
  readonly guards: RequestedGuards;
  /** "Promote from staging": the environment whose good release is meant when no version is written. */
  readonly promotedFrom?: string;
}

export interface Question {
  readonly field: 'action' | 'service' | 'version' | 'environments' | 'guards' | 'text';
  readonly question: string;
  /** The answers that would do; empty when open. */
  readonly choices: readonly string[];
}

/** The reading of an intent's text against a catalog. */
export type Interpretation =
  | { readonly outcome: 'plan'; readonly request: Request; readonly evidence: EvidenceByField }
  | {
      readonly outcome: 'clarify';
      readonly questions: readonly Question[];
      readonly evidence: EvidenceByField;
    }
  | { readonly outcome: 'refuse'; readonly reason: string; readonly evidence: EvidenceByField };
