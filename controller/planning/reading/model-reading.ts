import type { Evidence, EvidenceByField, Request } from '../../domain/interpretation.js';

/** A model's reading after its evidence was checked. No word of the model is in it: only the text's and the catalog's. */
export type ModelReading =
  | {
      readonly outcome: 'plan';
      /** `<provider>/<model>`. */
      readonly model: string;
      readonly request: Request;
      readonly evidence: EvidenceByField;
    }
  | {
      readonly outcome: 'clarify' | 'refuse';
      readonly model: string;
      /** The words of the text that are the reason; null when it named none that stand there. */
      readonly about: Evidence | null;
    }
  /** Not asked, not answered, or answered with what does not hold. */
  | { readonly outcome: 'none'; readonly reason: string };

export type ModelPlan = Extract<ModelReading, { outcome: 'plan' }>;
