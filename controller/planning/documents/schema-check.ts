import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from '../../domain/problem.js';
import { unknownNameFix } from './did-you-mean.js';
import { kindOf, problemAt, show } from './fields.js';
import type { YamlSource } from './yaml-source.js';

const MOST_PROBLEMS = 20;

/** Checks documents against a JSON Schema (2020-12) and says in words what is wrong. Compiled on first use. */
export function createSchemaCheck(schema: object): (source: YamlSource) => readonly Problem[] {
  let compiled: ValidateFunction | null = null;
  return (source) => {
    compiled ??= new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      validateFormats: false,
    }).compile(schema);
    if (compiled(source.value)) return [];
    // "matches none of these" only repeats what the errors before it say.
    const errors = (compiled.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf');
    return errors.slice(0, MOST_PROBLEMS).map((error) => toProblem(source, error));
  };
}

function toProblem(source: YamlSource, error: ErrorObject): Problem {
  const path = pathOf(error.instancePath);
  const at = (key: string | null, message: string, fix: string) =>
    problemAt(source, key === null ? path : [...path, key], message, fix);
  const { params, data } = error;
  const description = (error.parentSchema as { description?: string } | undefined)?.description ?? '';
  switch (error.keyword) {
    case 'required':
      return at(String(params.missingProperty), 'is missing', 'Add it.');
    case 'additionalProperties': {
      const written = String(params.additionalProperty);
      const known = Object.keys(
        (error.parentSchema as { properties?: object } | undefined)?.properties ?? {},
      );
      return at(written, 'is not a known field', unknownNameFix(written, known));
    }
    case 'type': {
      const types: readonly string[] = Array.isArray(params.type) ? params.type : [String(params.type)];
      const wanted = types.map(article).join(' or ');
      const quoted = types.includes('string') && typeof data !== 'object';
      const fix = quoted ? `Put it in quotes: "${show(data)}".` : `Write ${wanted}.`;
      return at(null, `must be ${wanted}, not ${kindOf(data)}`, fix);
    }
    case 'enum': {
      const allowed = (params.allowedValues as readonly unknown[]).map(String);
      return at(
        null,
        `"${show(data)}" is not one of ${allowed.join(', ')}`,
        unknownNameFix(show(data), allowed),
      );
    }
    case 'minLength':
    case 'minItems':
      return at(null, 'is empty', 'Give a value.');
    case 'maxLength':
    case 'maxItems':
      return at(null, `is too long: at most ${params.limit}`, 'Make it shorter.');
    case 'pattern':
      return at(
        null,
        `"${show(data)}" is not right`,
        description === '' ? `Match ${params.pattern}.` : description,
      );
    default:
      return at(null, error.message ?? 'is not right', description);
  }
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    boolean: 'true or false',
    object: 'a mapping',
    array: 'a list',
    integer: 'a whole number',
    number: 'a number',
    null: 'null',
  };
  return names[type] ?? type;
}
