/**
 * What Postgres can keep: it has no NUL character, and JSON there has no lone surrogates. Both become U+FFFD, as in any
 * decoder. Everything else is the same value (dates too), so hashes taken before and after storing are equal.
 */
export function storable<T>(value: T): T {
  return clean(value) as T;
}

const UNSTORABLE = /\0|[\ud800-\udfff]/;

function clean(value: unknown): unknown {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? wellFormed(value) : value;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(clean);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [clean(key), clean(member)]),
  );
}

function wellFormed(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8');
}
