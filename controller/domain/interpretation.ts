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

/**
 * Why the grammar asks: `missing` and `ambiguous` fields, words it does not know (`unknown-words`), a language it does not read
 * (`language`) may be answered by a model's reading; the others (negations, hidden or look-alike characters, talk of approvals,
 * several targets, …: `doubt`) only by a person.
 */
export type QuestionCause = 'missing' | 'ambiguous' | 'unknown-words' | 'language' | 'doubt';

export interface Question {
  readonly field: 'action' | 'service' | 'version' | 'environments' | 'guards' | 'text';
  readonly question: string;
  /** The answers that would do; empty when open. */
  readonly choices: readonly string[];
  /** Without it: `doubt`. */
  readonly cause?: QuestionCause;
}

/** One interpreter that read the text. */
export interface Reader {
  /** `grammar`, or a model's `<provider>/<model>`. */
  readonly name: string;
  readonly outcome: Interpretation['outcome'];
  /** The fields of the request that are its reading. */
  readonly fields: readonly EvidenceField[];
}

/** Who read what in a text. */
export interface Readership {
  readonly readers: readonly Reader[];
  /** Parts of the text that no field used. */
  readonly unused: readonly Evidence[];
  /** What the reading was made without, for people: models that do not answer. */
  readonly without: readonly string[];
}

/** The reading of an intent's text against a catalog. */
export type Interpretation =
  | {
      readonly outcome: 'plan';
      readonly request: Request;
      readonly evidence: EvidenceByField;
      /** Absent: the grammar alone. */
      readonly readership?: Readership;
    }
  | {
      readonly outcome: 'clarify';
      readonly questions: readonly Question[];
      readonly evidence: EvidenceByField;
      readonly readership?: Readership;
    }
  | {
      readonly outcome: 'refuse';
      readonly reason: string;
      readonly evidence: EvidenceByField;
      readonly readership?: Readership;
    };
