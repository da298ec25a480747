import type { Schema } from './schema.js';

/** A component that GitHub describes stricter than it answers. */
export interface Correction {
  readonly components: readonly string[];
  readonly reason: string;
  readonly change: (schema: Schema) => Schema;
}

/** Where GitHub's answers are known not to keep to the description. */
export const restCorrections: readonly Correction[] = [
  {
    components: ['team', 'team-simple', 'nullable-team-simple'],
    reason:
      "The type of a team is new: GitHub's own examples of pull requests are without it, and so are older servers.",
    change: (schema) => withoutRequired(schema, 'type'),
  },
];

export const webhookCorrections: readonly Correction[] = [
  {
    components: ['installation'],
    reason: 'Recorded installation payloads have these times in seconds since 1970 as well as in text.',
    change: (schema) => withMembers(schema, { created_at: textOrSeconds, updated_at: textOrSeconds }),
  },
];

const textOrSeconds: Schema = { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'integer' }] };

/** The description with its components corrected. A correction of a component that is gone is an error, so that the table stays short. */
export function corrected<
  Description extends { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } },
>(description: Description, corrections: readonly Correction[]): Description {
  const schemas = { ...description.components.schemas };
  for (const { components, change } of corrections) {
    for (const name of components) {
      const schema = schemas[name];
      if (schema === undefined) throw new Error(`No component ${name} to correct; take it out of the table.`);
      schemas[name] = change(schema);
    }
  }
  return { ...description, components: { ...description.components, schemas } };
}

function withoutRequired(schema: Schema, name: string): Schema {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return { ...schema, required: required.filter((one) => one !== name) };
}

function withMembers(schema: Schema, members: Schema): Schema {
  return { ...schema, properties: { ...(schema.properties as Schema), ...members } };
}
