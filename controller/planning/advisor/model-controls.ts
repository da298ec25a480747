import { sha256 } from '../../domain/json.js';
import type { Control, Sop } from '../../domain/sop.js';
import type { StoredControl } from '../../ports/sop-controls.js';

export function sentenceHash(sentence: string): string {
  return sha256(sentence);
}

/**
 * SOPs with the controls that a model made of their sentences. Such a sentence stays advice: whoever approves still reads it,
 * beside what became of it, so that a model that misread it hides nothing. A record of a sentence that is no advice any
 * more (the rules read it now, or the file has changed) counts for nothing.
 */
export function withModelControls(sops: readonly Sop[], stored: readonly StoredControl[]): readonly Sop[] {
  const known = new Map(stored.map((record) => [key(record.sop, record.sentence), record.control]));
  return sops.map((sop) => {
    const made = [...new Set(sop.advice)].flatMap((sentence): Control[] => {
      const control = known.get(key(sop.digest, sentenceHash(sentence))) ?? null;
      return control === null ? [] : [{ ...control, quote: sentence, origin: 'model' }];
    });
    return made.length === 0 ? sop : { ...sop, controls: [...sop.controls, ...made] };
  });
}

function key(sop: string, sentence: string): string {
  return `${sop} ${sentence}`;
}
