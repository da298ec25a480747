import type { Body, Operation, Parameter, Reference, RestDescription } from './description.js';
import { createRoutes } from './routes.js';
import { closed, type Schema } from './schema.js';

/** An operation with its references to parameters and responses resolved, and what a client sends closed. */
export interface DescribedOperation {
  /** Method and path template. */
  readonly name: string;
  readonly path: Schema;
  readonly query: Schema;
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  /** By status; null where the answer has no body. */
  readonly answers: ReadonlyMap<number, Schema | null>;
}

/** The operation that a request is for, and the texts in its path. */
export interface FoundOperation {
  readonly operation: DescribedOperation;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the operation for a method and a real path. */
export function createOperations(
  description: RestDescription,
): (method: string, path: string) => FoundOperation | null {
  const methods = new Map<string, Map<string, DescribedOperation>>();
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const byPath = methods.get(method) ?? new Map<string, DescribedOperation>();
      byPath.set(path, describe(`${method.toUpperCase()} ${path}`, operation, description));
      methods.set(method, byPath);
    }
  }
  const routes = new Map([...methods].map(([method, byPath]) => [method, createRoutes([...byPath.keys()])]));
  return (method, path) => {
    const match = routes.get(method.toLowerCase())?.(path) ?? null;
    if (match === null) return null;
    const operation = methods.get(method.toLowerCase())?.get(match.template);
    return operation === undefined ? null : { operation, parameters: match.parameters };
  };
}

function describe(name: string, operation: Operation, description: RestDescription): DescribedOperation {
  const { parameters: shared, responses: sharedResponses } = description.components;
  const parameters = (operation.parameters ?? []).map((parameter) => resolved(parameter, shared));
  const answers = Object.entries(operation.responses).map(
    ([status, answer]) => [Number(status), schemaOf(resolved(answer, sharedResponses))] as const,
  );
  return {
    name,
    path: textsSchema(parameters, 'path'),
    query: textsSchema(parameters, 'query'),
    body: bodyOf(operation),
    answers: new Map(answers),
  };
}

function bodyOf({ requestBody }: Operation): DescribedOperation['body'] {
  const schema = requestBody === undefined ? null : schemaOf(requestBody);
  return schema === null ? null : { required: requestBody?.required ?? false, schema: closed(schema) };
}

function textsSchema(parameters: readonly Parameter[], place: Parameter['in']): Schema {
  const declared = parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(declared.map(({ name, schema }) => [name, schema])),
    required: declared.filter(({ required = false }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf(body: Body): Schema | null {
  return body.content?.['application/json']?.schema ?? null;
}

function resolved<Part extends object>(part: Part | Reference, shared: Readonly<Record<string, Part>>): Part {
  if (!('$ref' in part)) return part;
  const found = shared[part.$ref.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`${part.$ref} is missing in operations.json; cut it again.`);
  return found;
}
