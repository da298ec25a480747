import { PERSONAL_DATA } from './personal-data.js';
import { redact } from './redact.js';

/** A text without what is nobody else's business, and what its placeholders stand for. */
export interface Masked {
  readonly text: string;
  /** Placeholder to what was written. */
  readonly hidden: ReadonlyMap<string, string>;
}

const PLACEHOLDER = /<[a-z]{1,10}-\d{1,9}>/g;

/**
 * Hides secrets for good, and personal data (e-mail, IP and MAC addresses, telephone, card and account numbers, @handles) behind
 * placeholders such as `<email-1>`; the same value has the same placeholder. `plainWords` are left as they are: the names of
 * a catalog. The text may be JSON. Takes time linear in its length.
 */
export function mask(text: string, plainWords: readonly string[] = []): Masked {
  const plain = new Set(plainWords.map((word) => word.toLowerCase()));
  const isPlain = (value: string) =>
    plain.has(value.toLowerCase()) || plain.has(value.slice(1).toLowerCase());
  const { hidden, placeholderFor } = placeholders(text);
  const masked = PERSONAL_DATA.reduce(
    (rest, { name, pattern, measure }) =>
      rest.replace(pattern, (found) => {
        const value = found.slice(0, measure(found));
        if (value === '' || isPlain(value)) return found;
        return placeholderFor(name, value) + found.slice(value.length);
      }),
    redact(text),
  );
  return { text: masked, hidden };
}

/** Puts what was hidden back into every string of a value; keys are left. */
export function unmask(value: unknown, hidden: Masked['hidden']): unknown {
  if (hidden.size === 0) return value;
  if (typeof value === 'string')
    return value.replace(PLACEHOLDER, (placeholder) => hidden.get(placeholder) ?? placeholder);
  if (Array.isArray(value)) return value.map((item) => unmask(item, hidden));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmask(item, hidden)]));
}

/** Gives each value a placeholder that the text does not have: a person may have written `<email-1>` themselves. */
function placeholders(text: string) {
  const taken = new Set(text.match(PLACEHOLDER));
  const hidden = new Map<string, string>();
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const placeholderFor = (name: string, value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    let count = (counts.get(name) ?? 0) + 1;
    while (taken.has(`<${name}-${count}>`)) count += 1;
    counts.set(name, count);
    const placeholder = `<${name}-${count}>`;
    known.set(value, placeholder);
    hidden.set(placeholder, value);
    return placeholder;
  };
  return { hidden, placeholderFor };
}
