import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { JsonValue } from '../../../domain/json.js';

export type JsonObject = { readonly [key: string]: JsonValue };

/** Replaces a file as a whole: a reader sees the old or the new content. Synchronous, so that a record precedes its effect. */
export function writeJson(path: string, value: JsonValue): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explained(error, path);
  }
}

/** The JSON object in a file; null when there is no such file or it is not a JSON object. */
export async function readJson(path: string): Promise<JsonObject | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

export function asObject(value: JsonValue | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** Names the disk when it is full; other errors stay as they are. */
export function explained(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Error(`The disk is full: cannot write ${path}. Free some space; it will be tried again`, {
    cause: error,
  });
}
