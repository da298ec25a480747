import type { JsonSchema } from '../../ports/model.js';

/**
 * What is not closed in a request's schema: an object that lets other keys in, or keys left out, would let a model say more than was asked,
 * and OpenAI refuses it in strict mode. null: nothing. A place that is named here is a mistake of ours, not of a model.
 */
export function looseness(schema: JsonSchema): string | null {
  return look(schema, 'the schema');
}

function look(node: unknown, place: string): string | null {
  if (Array.isArray(node)) return firstOf(node.map((item, index) => () => look(item, `${place}/${index}`)));
  if (typeof node !== 'object' || node === null) return null;
  const schema = node as JsonSchema;
  const own = describesObject(schema) ? openObject(schema, place) : null;
  if (own !== null) return own;
  return firstOf([
    ...['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf', 'not'].map(
      (key) => () => look(schema[key], `${place}/${key}`),
    ),
    ...['properties', '$defs'].flatMap((key) =>
      Object.entries((schema[key] ?? {}) as JsonSchema).map(
        ([name, part]) =>
          () =>
            look(part, `${place}/${key}/${name}`),
      ),
    ),
  ]);
}

function describesObject({ type, properties }: JsonSchema): boolean {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.includes('object') || properties !== undefined;
}

function openObject(
  { additionalProperties, properties, required }: JsonSchema,
  place: string,
): string | null {
  if (additionalProperties !== false) return `${place} allows other keys: additionalProperties is not false`;
  const demanded = new Set(Array.isArray(required) ? required : []);
  const free = Object.keys((properties ?? {}) as JsonSchema).find((name) => !demanded.has(name));
  return free === undefined ? null : `${place} does not require "${free}"`;
}

function firstOf(looks: readonly (() => string | null)[]): string | null {
  for (const each of looks) {
    const found = each();
    if (found !== null) return found;
  }
  return null;
}
