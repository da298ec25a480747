import { type Json, refuse } from './reply.js';

/** The body of a request as an object; an empty one when there was none. */
export function jsonObject(value: unknown): Json {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw refuse(400, 'Body should be a JSON object');
  return value as Json;
}

/** The text of that key; null and missing are undefined, another type is refused. */
export function textField(body: Json, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(key, value, 'a string');
  return value;
}

/** The text of that key, which has to be there. */
export function requiredText(body: Json, key: string): string {
  const value = textField(body, key);
  if (value === undefined) throw missing(key);
  return value;
}

export function booleanField(body: Json, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(key, value, 'a boolean');
  return value;
}

export function listField(body: Json, key: string): readonly unknown[] | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(key, value, 'an array');
  return value;
}

/** The strings of that key; a member of another type is refused. */
export function textList(body: Json, key: string): readonly string[] | undefined {
  return listField(body, key)?.map((value) => {
    if (typeof value !== 'string') throw wrongType(key, value, 'a string');
    return value;
  });
}

/** One of the allowed values, or undefined when the key is missing. */
export function choiceField<T extends string>(body: Json, key: string, allowed: readonly T[]): T | undefined {
  const value = textField(body, key);
  if (value === undefined) return undefined;
  const choice = allowed.find((each) => each === value);
  if (choice === undefined) throw wrongType(key, value, `one of ${allowed.join(', ')}`);
  return choice;
}

function wrongType(key: string, value: unknown, expected: string) {
  return refuse(422, `Invalid request.\n\nFor '${key}', ${JSON.stringify(value)} is not ${expected}.`);
}

function missing(key: string) {
  return refuse(422, `Invalid request.\n\n"${key}" wasn't supplied.`);
}
