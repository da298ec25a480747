import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonicalJson } from '../../domain/json.js';
import type { JsonSchema } from '../../ports/model.js';
import { looseness } from './strict-schema.js';

export type ReadAnswer =
  | { readonly ok: true; readonly value: unknown }
  /** For the model, to do better: what is wrong with its answer. */
  | { readonly ok: false; readonly problem: string };

/** Characters of one string of an answer. */
export const LONGEST_STRING = 16_384;
const DEEPEST = 20;
const SHOWN_PROBLEMS = 5;
/** Schemas that are kept compiled: those with a catalog's names in them change with it. */
const KEPT_SCHEMAS = 50;
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * Reads a model's words as a value of the schema: only that, whatever the provider promises. Throws TypeError for a schema that is
 * not closed, or none at all: that is nothing a model can help.
 */
export function createAnswerReader(): (text: string, schema: JsonSchema) => ReadAnswer {
  const validatorOf = keptValidators();
  return (text, schema) => {
    const validate = validatorOf(schema);
    const parsed = parse(text);
    if (!parsed.ok) return parsed;
    const odd = oddity(parsed.value, 0);
    if (odd !== null) return { ok: false, problem: odd };
    return validate(parsed.value) ? parsed : { ok: false, problem: describe(validate) };
  };
}

/** Ajv itself never lets go of a schema that it compiled: each has an Ajv of its own, and the oldest goes when there are many. */
function keptValidators(): (schema: JsonSchema) => ValidateFunction {
  const kept = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = canonicalJson(schema);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const loose = looseness(schema);
    if (loose !== null) throw new TypeError(`Not a schema for a model's answer: ${loose}`);
    const validate = compile(schema);
    kept.set(key, validate);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_SCHEMAS && oldest !== undefined) kept.delete(oldest);
    return validate;
  };
}

function compile(schema: JsonSchema): ValidateFunction {
  try {
    return new Ajv2020({ allErrors: false, strict: false }).compile(schema);
  } catch (error) {
    throw new TypeError(`Not a JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** JSON, or one fenced block of it: many models cannot leave the fence out. */
function parse(text: string): ReadAnswer {
  const fenced = /^\s*```(?:json)?[ \t]*\r?\n([\s\S]*)\r?\n```\s*$/.exec(text)?.[1];
  try {
    return { ok: true, value: JSON.parse(fenced ?? text) as unknown };
  } catch {
    return { ok: false, problem: 'the answer is not one JSON value' };
  }
}

/** What no schema of ours asks for, and would be trouble if it got further. */
function oddity(value: unknown, depth: number): string | null {
  if (depth > DEEPEST) return 'the answer is nested too deeply';
  if (typeof value === 'string')
    return value.length > LONGEST_STRING ? `a text has more than ${LONGEST_STRING} characters` : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.includes(key)) return `the key "${key}" is not allowed`;
    if (key.length > LONGEST_STRING) return 'a key is too long';
    const odd = oddity(item, depth + 1);
    if (odd !== null) return odd;
  }
  return null;
}

function describe({ errors }: ValidateFunction): string {
  return (errors ?? [])
    .slice(0, SHOWN_PROBLEMS)
    .map(({ instancePath, message, params }) => {
      const extra = (params as { additionalProperty?: unknown }).additionalProperty;
      const named = typeof extra === 'string' ? ` (${JSON.stringify(extra.slice(0, 60))})` : '';
      return `${instancePath === '' ? 'the answer' : instancePath} ${message ?? 'is wrong'}${named}`;
    })
    .join('; ');
}
