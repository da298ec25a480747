import { BrokenCircuitError } from 'cockatiel';
import { APIError, APIUserAbortError } from 'openai';
import { cut } from '../../domain/cut.js';
import { redact } from '../../domain/redact.js';

const LONGEST = 200;

/** Why a provider did not answer, in one line for people, without secrets, addresses or control characters. */
export function failureWords(error: unknown, timeoutMs: number, secrets: readonly string[] = []): string {
  if (error instanceof BrokenCircuitError)
    return 'it failed several times in a row and is left alone for a while';
  if (isAbort(error)) return `it did not answer within ${timeoutMs / 1000} s`;
  const status = statusOf(error);
  if (status === 401 || status === 403) return `it refused the key (${status})`;
  if (status === 404) return 'it does not know the model, or the address is not that of its API (404)';
  if (status === 429) return 'it asks for a pause (429)';
  if (status !== null) return `it answered ${status}: ${line(messageOf(error), secrets)}`;
  return line(causeOf(error), secrets);
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof APIUserAbortError || error.name === 'TimeoutError' || error.name === 'AbortError')
    return true;
  return error.cause !== undefined && isAbort(error.cause);
}

/** HTTP status that a provider answered with; null: it is no such failure. */
export function statusOf(error: unknown): number | null {
  if (error instanceof APIError && typeof error.status === 'number') return error.status;
  const status = (error as { readonly status_code?: unknown } | null)?.status_code;
  return typeof status === 'number' ? status : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the network says is a level or two down. */
function causeOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const code = (deepest as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : messageOf(deepest);
}

function line(text: string, secrets: readonly string[]): string {
  const plain = redact(text, secrets)
    .replace(/\b[a-z]+:\/\/\S+/gi, '(address)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return cut(plain, LONGEST);
}
