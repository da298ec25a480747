import type { Action, PostStep } from '../domain/intent.js';
import type { Interpretation, RequestedGuards } from '../domain/interpretation.js';
import type { Demand, SopScope } from '../domain/sop.js';

/** Where an item stands, for messages. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export type Outcome = Interpretation['outcome'];
export const OUTCOMES: readonly Outcome[] = ['plan', 'clarify', 'refuse'];

/** What a careful person reads. A field that is not there is not judged. */
export interface ExpectedReading {
  readonly outcome: Outcome;
  readonly action?: Action | null;
  readonly service?: string | null;
  readonly version?: string | null;
  readonly environments?: readonly string[];
  readonly postSteps?: readonly PostStep[];
  readonly guards?: Partial<RequestedGuards>;
}

/** A labelled intent. */
export interface IntentItem extends Place {
  readonly kind: 'intent';
  readonly id: string;
  /** File name of its catalog. */
  readonly catalog: string;
  readonly text: string;
  readonly expected: ExpectedReading;
  readonly tags: readonly string[];
}

/** A question, and what answers it: `<path>#<Heading> > <Sub heading>`. */
export interface QuestionItem extends Place {
  readonly kind: 'question';
  readonly id: string;
  readonly question: string;
  readonly relevant: readonly string[];
  /** Only documents whose path begins so are searched, as if a repository had no others. null: all. */
  readonly within: string | null;
}

/** `advice`: it demands what code cannot check. `none`: it demands nothing. */
export type ExpectedControls = readonly ExpectedDemand[] | 'advice' | 'none';

/** `scope` is only judged where the label has one. */
export interface ExpectedDemand {
  readonly demand: Demand;
  readonly scope?: SopScope;
}

/** A labelled sentence of an SOP. */
export interface SentenceItem extends Place {
  readonly kind: 'sentence';
  /** Path of its document. */
  readonly document: string;
  readonly sentence: string;
  readonly controls: ExpectedControls;
}

export type Item = IntentItem | QuestionItem | SentenceItem;
export type ItemKind = Item['kind'];
