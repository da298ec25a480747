import { componentsBase, type Schema } from './schema.js';

/** Makes the smallest value that fits a schema of the description: required properties only, null and empty where they are allowed. */
export function createSmallest(components: object): (schema: Schema) => unknown {
  return function smallest(schema: Schema): unknown {
    const { $ref, anyOf, allOf, ...own } = schema;
    if (typeof $ref === 'string') return smallest(resolved($ref, components));
    if (Array.isArray(anyOf)) return smallest(together([own, anyOf[0]], components));
    if (Array.isArray(allOf)) return smallest(together([own, ...allOf], components));
    if (Array.isArray(own.enum)) return own.enum[0];
    return ofType(own, smallest);
  };
}

function ofType(schema: Schema, smallest: (schema: Schema) => unknown): unknown {
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('null')) return null;
  if (types.includes('string')) return textOf(schema);
  if (types.includes('integer') || types.includes('number')) return schema.minimum ?? 1;
  if (types.includes('boolean')) return false;
  if (types.includes('array')) return schema.minItems === undefined ? [] : [smallest(schema.items as Schema)];
  return objectOf(schema, smallest);
}

function textOf({ format, minLength = 1 }: Schema): string {
  return format === 'date-time' ? '2026-01-01T00:00:00Z' : 'a'.repeat(Number(minLength));
}

function objectOf(schema: Schema, smallest: (schema: Schema) => unknown): unknown {
  const required = (schema.required ?? []) as readonly string[];
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  return Object.fromEntries(required.map((name) => [name, smallest(properties[name] ?? {})]));
}

/** One schema that asks for what each of the parts asks for. */
function together(parts: readonly Schema[], components: object): Schema {
  const merge = (one: Schema, other: Schema): Schema => {
    const [first, second] = [direct(one, components), direct(other, components)];
    const properties = { ...(first.properties as Readonly<Record<string, Schema>>) };
    for (const [name, property] of Object.entries((second.properties ?? {}) as Record<string, Schema>)) {
      properties[name] = merge(properties[name] ?? {}, property);
    }
    const required = [...((first.required as []) ?? []), ...((second.required as []) ?? [])];
    return { ...first, ...second, properties, required };
  };
  return parts.reduce(merge, {});
}

function direct(schema: Schema, components: object): Schema {
  return typeof schema.$ref === 'string' ? resolved(schema.$ref, components) : schema;
}

function resolved($ref: string, components: object): Schema {
  const [, , kind = '', name = ''] = $ref.replace(componentsBase, '').split('/');
  const found = (components as Record<string, Record<string, Schema>>)[kind]?.[name];
  if (found === undefined) throw new Error(`${$ref} is not in the description; cut it again.`);
  return found;
}
