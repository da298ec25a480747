import type { Control, Sop } from '../../domain/sop.js';
import type { Names } from '../grammar/names.js';
import { compileSentences } from './compile.js';

/**
 * An SOP with the controls that its sentences come to in a catalog, besides those of its front matter. A sentence that the
 * front matter already made a control of is its author's to read. `severityGiven`: the author said how severe it is.
 */
export function bindControls(sop: Sop, names: Names, severityGiven: boolean): Sop {
  const compiled = compileSentences(sop.body, names);
  const read = new Set(sop.controls.map(({ quote }) => quote));
  const known = new Set(sop.controls.map(({ kind, quote }) => `${kind}\0${quote}`));
  const added = compiled.controls
    .filter(({ kind, quote }) => !known.has(`${kind}\0${quote}`))
    .map((control): Control => (severityGiven ? { ...control, severity: null } : control));
  return {
    ...sop,
    controls: [...sop.controls, ...added],
    advice: compiled.advice.filter((sentence) => !read.has(sentence)),
  };
}
