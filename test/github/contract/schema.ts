/** A JSON Schema, or a part of an OpenAPI description on the way to becoming one. */
export type Schema = Readonly<Record<string, unknown>>;

/** Where the components of a description stand for the schemas that refer to them. */
export const componentsBase = 'https://api.github.com/description';

/**
 * Rewrites a part of a description into JSON Schema: `nullable` of OpenAPI 3.0 becomes the type null, references become absolute, and
 * `oneOf` becomes `anyOf`, because GitHub means "one of these shapes" where the shapes overlap.
 */
export function asJsonSchema<Part>(part: Part): Part {
  return rewrite(part, (schema) => {
    const { nullable, oneOf, $ref, ...rest } = schema;
    const alternatives = Array.isArray(oneOf) ? { anyOf: oneOf } : {};
    const reference = typeof $ref === 'string' ? { $ref: `${componentsBase}${$ref}` } : {};
    const converted = { ...rest, ...alternatives, ...reference };
    return nullable === true ? orNull(converted) : converted;
  });
}

/**
 * Closes objects that list their properties and do not say that they allow others. Parts of a composition that only add conditions
 * have no `type` of their own and stay open.
 */
export function closed<Part>(part: Part): Part {
  return rewrite(part, (schema) => {
    const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
    const lists = types.includes('object') && schema.properties !== undefined;
    return lists && schema.additionalProperties === undefined
      ? { ...schema, additionalProperties: false }
      : schema;
  });
}

function orNull(schema: Schema): Schema {
  if (typeof schema.type !== 'string') return { anyOf: [{ type: 'null' }, schema] };
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [schema.type, 'null'], ...values };
}

/** Rewrites from the leaves up. Members of `properties` are names chosen by GitHub, not words of the description language. */
function rewrite<Part>(part: Part, change: (schema: Schema) => Schema): Part {
  const walk = (node: unknown, isNames: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => walk(item, false));
    if (node === null || typeof node !== 'object') return node;
    const members = Object.entries(node).map(([key, value]) => [
      key,
      walk(value, !isNames && key === 'properties'),
    ]);
    const copy: Schema = Object.fromEntries(members);
    return isNames ? copy : change(copy);
  };
  return walk(part, false) as Part;
}
