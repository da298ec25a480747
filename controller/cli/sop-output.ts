import colors from 'picocolors';
import type { Sop } from '../domain/sop.js';
import { describeControl } from '../planning/controls/describe.js';
import type { FoundPassage } from '../ports/knowledge.js';
import { safe, safeLines } from './table.js';

const SHOWN = 600;

export function passageText({ passage, ranks }: FoundPassage, place: number): string {
  const { path, headings, text } = passage;
  const where = `${place}. ${safe(path)}${headings.length === 0 ? '' : ` # ${headings.map(safe).join(' > ')}`}`;
  const found = [
    ranks.words === null ? '' : `words ${ranks.words}`,
    ranks.wordVectors === null ? '' : `word vectors ${ranks.wordVectors}`,
    ranks.meaning === null ? '' : `meaning ${ranks.meaning}`,
    ranks.lateInteraction === null ? '' : `late interaction ${ranks.lateInteraction}`,
  ];
  const how = `(rank by ${found.filter((each) => each !== '').join(', ')})`;
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text;
  return `${colors.bold(where)} ${colors.dim(how)}\n${indented(safeLines(shown))}`;
}

/** "deploy to production", or "everything". */
export function scopeText({ services, environments, actions }: Sop['scope']): string {
  const parts = [...actions, ...services, ...environments].map(safe);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

/** An SOP with each control beside the sentence that it was made of, so that people can compare them. */
export function checkedText({ id, path, severity, scope, controls, advice }: Sop): string {
  const head = `${colors.bold(safe(id))} ${colors.dim(`(${safe(path)}, ${severity}, for ${scopeText(scope)})`)}`;
  const checked = controls.map(
    (control) =>
      `  ${colors.green('checked')} ${safe(describeControl(control))} ${colors.dim(`[${severityText(control.severity)}by ${control.origin}]`)}\n          ${quoted(control.quote)}`,
  );
  // The spans of one freeze are controls of their own, and are told together.
  const told = [...new Set(checked)];
  const advised = advice.map((sentence) => `  ${colors.yellow('advice ')} ${quoted(sentence)}`);
  const nothing = told.length + advised.length === 0 ? ['  no sentence of it is a rule'] : [];
  return [head, ...told, ...advised, ...nothing].join('\n');
}

function severityText(severity: string | null): string {
  return severity === null ? '' : `${severity}, `;
}

function quoted(text: string): string {
  return `"${safe(text).replace(/\s+/g, ' ').trim()}"`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `   ${line}`.trimEnd())
    .join('\n');
}
