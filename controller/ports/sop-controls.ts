import type { Control } from '../domain/sop.js';

/** What a model made of one sentence of one SOP. */
export interface StoredControl {
  /** `Sop.digest` of the file that the sentence is in. */
  readonly sop: string;
  /** `sentenceHash` of the sentence. */
  readonly sentence: string;
  /** null: nothing that code could check came of it. */
  readonly control: Control | null;
  /** `<provider>/<model>` that was asked. */
  readonly model: string;
}

/** Controls that a model made of sentences: made once, evaluated by code ever after. */
export interface SopControls {
  /** All that is stored of files with these digests. */
  of(sops: readonly string[]): Promise<readonly StoredControl[]>;
  /** A control that is stored already stays as it is; that there was none may be replaced. Tells whether it was written. */
  keep(record: StoredControl): Promise<boolean>;
}
