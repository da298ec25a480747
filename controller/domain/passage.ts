/** A piece of an SOP that is found by itself: what stands under one heading, or a part of that where it is long. */
export interface Passage {
  /** `sha256` of all the rest: the same passage has the same id. */
  readonly id: string;
  readonly repository: string;
  /** Id of the SOP. */
  readonly sop: string;
  readonly path: string;
  readonly title: string;
  /** From the document's outermost heading to the one it stands under. */
  readonly headings: readonly string[];
  /** As written. */
  readonly text: string;
  /** How the document begins, where the passage is not its beginning: a few dozen words that say what it is about. */
  readonly context: string;
  /** Place among the document's passages, from 0. */
  readonly index: number;
}
