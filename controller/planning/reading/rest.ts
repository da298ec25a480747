import type { Evidence, EvidenceByField } from '../../domain/interpretation.js';
import { interpretText } from '../grammar/index.js';
import type { Names } from '../grammar/names.js';
import { isPunct, type Token } from '../grammar/token.js';
import {
  BE,
  CONJUNCTIONS,
  DETERMINERS,
  HAVE,
  OBJECT_PRONOUNS,
  POLITE,
  PREPOSITIONS,
  SUBJECTS,
} from '../grammar/words.js';
import type { Sight } from './sight.js';

/** Most parts that are shown. */
const MAX_PARTS = 20;
const SMALL = [DETERMINERS, PREPOSITIONS, CONJUNCTIONS, POLITE, BE, HAVE, SUBJECTS, OBJECT_PRONOUNS];

/** The parts of a text that no field used: what is left when the evidence is taken away, without punctuation and small words. */
export function unusedParts(sight: Sight, evidence: EvidenceByField): readonly Evidence[] {
  const used = Object.values(evidence).flat();
  const parts: Token[][] = [[]];
  for (const token of sight.tokens) {
    const isUsed = used.some((span) => token.start < span.end && span.start < token.end);
    if (isUsed || token.kind === 'newline' || isPunct(token, '.', '!', '?', ';', '(', ')')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts
    .map(trimmed)
    .filter((part) => part.length > 0)
    .slice(0, MAX_PARTS)
    .map((part) => {
      const [start, end] = [part[0]?.start ?? 0, part.at(-1)?.end ?? 0];
      return { start, end, text: sight.text.slice(start, end) };
    });
}

function trimmed(tokens: readonly Token[]): readonly Token[] {
  const first = tokens.findIndex(isMeaningful);
  const last = tokens.findLastIndex(isMeaningful);
  return first < 0 ? [] : tokens.slice(first, last + 1);
}

function isMeaningful(token: Token): boolean {
  if (token.kind === 'punct' || token.kind === 'arrow') return false;
  if (token.services.length + token.environments.length > 0) return true;
  return !SMALL.some((list) => list.has(token.text));
}

/** The first unused part that, read alone, the grammar refuses. */
export function refusedPart(parts: readonly Evidence[], catalog: Names): Evidence | null {
  return parts.find(({ text }) => interpretText(text, catalog).outcome === 'refuse') ?? null;
}
