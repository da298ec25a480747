import type { Evidence, EvidenceByField, EvidenceField, Request } from '../../domain/interpretation.js';

/** A plan out of what the grammar alone asks about. */
export interface Found {
  readonly request: Request;
  readonly evidence: EvidenceByField;
  /** The fields that the grammar reads the same way by itself. */
  readonly ofGrammar: readonly EvidenceField[];
}

export interface Widened extends Found {
  /** The parts of the text that no field used. */
  readonly unused: readonly Evidence[];
}
