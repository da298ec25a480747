import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { componentsBase, type Schema } from './schema.js';

const MOST_PROBLEMS = 20;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Says what is wrong with `value`, each problem beginning with `where` and the place in it; compiles `schema` on first use. */
export type Validate = (schema: Schema, value: unknown, where: string) => readonly string[];

/** `components` are what the schemas refer to. `coerce` reads the texts of a query or path as numbers and booleans. */
export function createValidate(components: object, { coerce = false } = {}): Validate {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateSchema: false,
    coerceTypes: coerce,
    formats: { 'date-time': dateTime },
  });
  ajv.addSchema({ components }, componentsBase);
  return (schema, value, where) => {
    const check = ajv.compile(schema);
    if (check(value)) return [];
    const errors = check.errors ?? [];
    // "matches none of these" only repeats what the errors of the alternatives say.
    const said = errors.filter(({ keyword }) => keyword !== 'anyOf');
    return (said.length === 0 ? errors : said).slice(0, MOST_PROBLEMS).map((error) => inWords(error, where));
  };
}

function inWords(error: ErrorObject, where: string): string {
  const { keyword, instancePath, params, message = 'is wrong' } = error;
  const place = `${where}${instancePath}`;
  if (keyword === 'additionalProperties')
    return `${place}/${params.additionalProperty} is not known to GitHub`;
  if (keyword === 'required') return `${place}/${params.missingProperty} is missing`;
  if (keyword === 'enum') return `${place} must be one of ${params.allowedValues.join(', ')}`;
  return `${place} ${message}`;
}
