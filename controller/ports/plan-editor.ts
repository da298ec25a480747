import type { StoredProposal } from '../domain/records.js';

/** A person changed the plan's file on its branch: the edit becomes a request of its own, checked like any other. */
export interface PlanEditor {
  adopt(edit: PlanEdit): Promise<Adoption>;
}

export interface PlanEdit {
  readonly intentId: string;
  /** The plan that was proposed. */
  readonly digest: string;
  readonly path: string;
  /** Text of the plan's file as edited. */
  readonly file: string;
  readonly editor: string;
  /** Where the edit was seen; the plan that comes of it takes that over. null when it was seen nowhere of ours. */
  readonly proposal: StoredProposal | null;
}

export type Adoption =
  | { readonly kind: 'adopted'; readonly digest: string }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string };
