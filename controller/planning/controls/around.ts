import type { SopScope } from '../../domain/sop.js';
import type { Statement } from '../documents/markdown.js';
import type { NameIndex } from '../grammar/names.js';
import { isSectionFiller, OTHER_SUBJECTS } from './fillers.js';
import { markSentence } from './mark-sentence.js';
import { markNames } from './name-marks.js';
import { environmentsIn, servicesIn } from './pattern.js';
import { plainSentence } from './plain-sentence.js';

export const NO_SCOPE: SopScope = { services: [], environments: [], actions: [] };

/** What the introduction of a list says about all of its items; null: something that is not understood. */
export function introductionScope({ introduction }: Statement, index: NameIndex): SopScope | null {
  if (introduction === null) return NO_SCOPE;
  const marked = markSentence(plainSentence(introduction).replace(/:\s*$/, ''), index).replace(
    /\{M\+[hml]\}/g,
    ' ',
  );
  return scopeIn(marked, index);
}

const ABOUT =
  /^(?:this|the) (?:procedure|sop|policy|document|standard|guide|page|runbook|rules?) (?:covers?|applies to|is (?:only )?(?:for|about)|concerns?|governs?)\b/i;
const ABOUT_SEARCHED = 20;

/**
 * What a document says that it is about, which counts for more than its title: "This procedure covers checkout and payments".
 * `unknown`: in words that name nothing of the catalog; null: it does not say.
 */
export function documentScope(
  statements: readonly Statement[],
  index: NameIndex,
): SopScope | 'unknown' | null {
  const said = statements
    .slice(0, ABOUT_SEARCHED)
    .map(({ text }) => plainSentence(text))
    .find((plain) => ABOUT.test(plain));
  if (said === undefined) return null;
  return scopeIn(markNames(said.replace(ABOUT, ''), index), index) ?? 'unknown';
}

/** What the headings say: "Production releases" is about production, "Hotfixes" about something else (null). */
export function sectionScope(
  { headings }: Statement,
  document: SopScope | 'unknown' | null,
  index: NameIndex,
): SopScope | null {
  let scope = document === null || document === 'unknown' ? NO_SCOPE : document;
  for (const [level, heading] of headings.entries()) {
    const plain = plainSentence(heading);
    if (OTHER_SUBJECTS.test(plain)) return null;
    if (level === 0 && document !== null) continue;
    const own = scopeIn(markNames(plain, index), index);
    if (own !== null) scope = merged({ ...own, services: namedExactly(own.services, plain, index) }, scope);
  }
  return scope;
}

/** "Order of environments" is not about the service "orders": in a heading a name counts as it is written. */
function namedExactly(services: readonly string[], heading: string, index: NameIndex): readonly string[] {
  const words = (heading.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join('-');
  const named = [...index.written].filter((name) => `-${words}-`.includes(`-${name}-`));
  return services.filter((service) => named.some((name) => index.services.get(name)?.includes(service)));
}

function scopeIn(marked: string, index: NameIndex): SopScope | null {
  const words = marked.match(/\{[^}]*\}|\p{L}[\p{L}\p{N}']*/gu) ?? [];
  if (
    !words.every(
      (word) =>
        /^\{[es]=\d+\}$/.test(word) ||
        isSectionFiller(word) ||
        /^(?:apply|applies|hold|holds|following|true)$/i.test(word),
    )
  )
    return null;
  return { services: servicesIn(marked, index), environments: environmentsIn(marked, index), actions: [] };
}

/** The nearer one where it says something. */
export function merged(near: SopScope | null, far: SopScope): SopScope {
  return {
    services: near !== null && near.services.length > 0 ? near.services : far.services,
    environments: near !== null && near.environments.length > 0 ? near.environments : far.environments,
    actions: [],
  };
}

/** What "it" is, in a sentence that begins so: a name of the sentence before; null: something that no catalog knows. */
export function antecedent(sentence: string, before: string, index: NameIndex): SopScope | null {
  const pronoun =
    /^(?:it(?! is (?:strictly |absolutely )?(?:forbidden|prohibited|allowed|permitted|required|mandatory|necessary|important|recommended|not allowed|not permitted) (?:to|that)\b)|its|they|their|them|both|this service|these services|one of (?:them|these)|the (?:former|latter))\b/i;
  if (before === '' || !pronoun.test(plainSentence(sentence))) return NO_SCOPE;
  const marked = markNames(plainSentence(before), index);
  const services = servicesIn(marked, index);
  if (services.length > 0) return { services, environments: [], actions: [] };
  const [first = ''] = marked.split(/\b(?:is|are|has|have|must|shall|should|may|can|needs?|requires?)\b/i);
  return scopeIn(first, index) === null ? null : NO_SCOPE;
}
