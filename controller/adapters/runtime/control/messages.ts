import type { JsonValue } from '../../../domain/json.js';
import { asObject, type JsonObject, textOf } from './files.js';

/** Control channel: one JSON object a line. A request is `{op, ...}`, an answer `{ok: true, value}` or `{ok: false, code, message}`. */
export type ControlRequest = JsonObject & { readonly op: string };

export const LONGEST_MESSAGE = 256 * 1024;

/** The other side understood and said no. */
export class ControlRefused extends Error {
  override readonly name = 'ControlRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody answers at the socket: the process is not there (any more). */
export class NobodyListens extends Error {
  override readonly name = 'NobodyListens';
}

export function parseRequest(line: string): ControlRequest | null {
  const message = parse(line);
  const op = textOf(message?.op);
  return message === null || op === null ? null : { ...message, op };
}

/** The value of an answer; throws ControlRefused. */
export function parseAnswer(line: string): JsonValue {
  const message = parse(line);
  if (message?.ok === true) return message.value ?? null;
  throw new ControlRefused(
    textOf(message?.code) ?? 'failed',
    textOf(message?.message) ?? 'Unreadable answer',
  );
}

function parse(line: string): JsonObject | null {
  try {
    return asObject(JSON.parse(line) as JsonValue);
  } catch {
    return null;
  }
}
