import { redact } from './redact.js';

/** A text without what is nobody else's business, and what its placeholders stand for. */
export interface Masked {
  readonly text: string;
  /** Placeholder to what was written. */
  readonly hidden: ReadonlyMap<string, string>;
}

interface Kind {
  readonly name: string;
  /** Linear: bounded parts, and a fixed character that no part before it can match. */
  readonly pattern: RegExp;
}

const KINDS: readonly Kind[] = [
  {
    name: 'email',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g,
  },
  {
    name: 'account',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g,
  },
  { name: 'card', pattern: /(?<![\w.-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w.-])/g },
  { name: 'address', pattern: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g },
  { name: 'address', pattern: /(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:])/g },
  { name: 'phone', pattern: /(?<![\w+.-])(?:\+|00)\d{1,3}(?:[ ./()-]{0,3}\d{2,4}){2,5}(?![\w.-])/g },
  { name: 'person', pattern: /(?<![\w@.])@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?![\w@])/g },
];

/**
 * Hides secrets for good, and personal data (e-mail and IP addresses, telephone, card and account numbers, @handles) behind
 * placeholders such as `<email-1>`; the same value has the same placeholder. `plainWords` are left as they are: the names of
 * a catalog. Takes time linear in the text's length.
 */
export function mask(text: string, plainWords: readonly string[] = []): Masked {
  const plain = new Set(plainWords.map((word) => word.toLowerCase()));
  const hidden = new Map<string, string>();
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const placeholderFor = (name: string, value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const count = nextFree(text, name, (counts.get(name) ?? 0) + 1);
    counts.set(name, count);
    const placeholder = `<${name}-${count}>`;
    known.set(value, placeholder);
    hidden.set(placeholder, value);
    return placeholder;
  };
  const masked = KINDS.reduce(
    (rest, { name, pattern }) =>
      rest.replace(pattern, (value) =>
        plain.has(value.toLowerCase()) || plain.has(value.slice(1).toLowerCase())
          ? value
          : placeholderFor(name, value),
      ),
    redact(text),
  );
  return { text: masked, hidden };
}

/** A person may have written `<email-1>` themselves: that one is not ours. */
function nextFree(text: string, name: string, from: number): number {
  let count = from;
  while (text.includes(`<${name}-${count}>`)) count += 1;
  return count;
}

/** Puts what was hidden back into every string of a value; keys are left. */
export function unmask(value: unknown, hidden: Masked['hidden']): unknown {
  if (hidden.size === 0) return value;
  if (typeof value === 'string')
    return value.replace(/<[a-z]{1,10}-\d{1,6}>/g, (placeholder) => hidden.get(placeholder) ?? placeholder);
  if (Array.isArray(value)) return value.map((item) => unmask(item, hidden));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmask(item, hidden)]));
}
