import { basicError, mayAnswer } from './answers.js';
import type { Contract, ContractRequest, ContractResponse } from './contract.js';
import { corrected, restCorrections } from './corrections.js';
import type { RestDescription } from './description.js';
import { createOperations, type DescribedOperation } from './operations.js';
import { asJsonSchema, closed } from './schema.js';
import { createValidate } from './validation.js';

/** Checks requests strictly, since the client is ours, and answers as open as GitHub describes them, since GitHub adds fields. */
export function createRestContract(raw: RestDescription): Pick<Contract, 'request' | 'response'> {
  const description = asJsonSchema(corrected(raw, restCorrections));
  const find = createOperations(description);
  const validateTexts = createValidate(description.components, { coerce: true });
  const validateSent = createValidate(closed(description.components));
  const validateAnswer = createValidate(description.components);

  function request({ method, path, query, body }: ContractRequest): readonly string[] {
    const found = find(method, path);
    if (found === null) return [unknownOperation(method, path)];
    const { operation, parameters } = found;
    return [
      ...validateTexts(operation.path, { ...parameters }, `${operation.name}: path`),
      ...repeated(query).map((name) => `${operation.name}: query/${name} is there more than once`),
      ...validateTexts(operation.query, Object.fromEntries(query), `${operation.name}: query`),
      ...sentProblems(operation, body),
    ];
  }

  function sentProblems({ name, body }: DescribedOperation, sent: unknown): readonly string[] {
    if (body === null) return sent === undefined ? [] : [`${name}: body is not known to GitHub`];
    if (sent === undefined) return body.required ? [`${name}: body is missing`] : [];
    return validateSent(body.schema, sent, `${name}: body`);
  }

  function response({ method, path, status, body }: ContractResponse): readonly string[] {
    const found = find(method, path);
    if (found === null) return [unknownOperation(method, path)];
    const { name, answers } = found.operation;
    const declared = answers.get(status);
    if (declared === undefined && !mayAnswer(method, status)) {
      return [`${name}: status ${status} is none of ${[...answers.keys()].join(', ')}`];
    }
    const hasMessage = status >= 400 || (declared === undefined && status !== 304);
    const schemas = [declared ?? null, hasMessage ? basicError : null].filter((schema) => schema !== null);
    if (schemas.length === 0) return isEmpty(body) ? [] : [`${name}: ${status} has no body`];
    return schemas.flatMap((schema) => validateAnswer(schema, body, `${name}: ${status} body`));
  }

  return { request, response };
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}

function repeated(query: URLSearchParams): readonly string[] {
  return [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
}

function unknownOperation(method: string, path: string): string {
  return `${method} ${path} is no operation of the contract; add it to wanted.mjs if GitHub has it.`;
}
