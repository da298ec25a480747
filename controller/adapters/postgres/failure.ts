import { DrizzleQueryError } from 'drizzle-orm/errors';

/** A statement failed. The message has what Postgres said, never the values (drizzle's own message has them all). */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  constructor(
    message: string,
    /** SQLSTATE, a system error code, or ''. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The connection broke while committing: nobody knows whether the transaction took place. Look again before repeating it. */
export class CommitUnknown extends DatabaseError {}

export function translate(error: unknown): unknown {
  // Of a name with several addresses, none answered: its own message is empty.
  if (error instanceof AggregateError)
    return new DatabaseError(error.errors.map((each) => (each as Error).message).join('; '), codeOf(error));
  if (!(error instanceof DrizzleQueryError)) return error;
  const { cause } = error;
  const message = cause instanceof Error ? cause.message : 'A statement failed';
  return new DatabaseError(`${message} (in ${firstWords(error.query)})`, codeOf(cause));
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Did the transaction lose against another one? It was rolled back, so it can simply be repeated. */
export function isConflict(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

// 08xxx connection exception, 57P0x server going down or not up yet, 25P03 idle in transaction for too long.
const LOST_CODES = /^(08...|57P0[1-5]|25P03|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
// node-postgres gives these no code.
const LOST_MESSAGES =
  /Connection terminated|connection error and is not queryable|Client was closed|timeout exceeded when trying to connect|timeout expired|Connection ended unexpectedly|Query read timeout/i;

/** Is the database away, or did the connection break? */
export function isConnectionLoss(error: unknown): boolean {
  if (LOST_CODES.test(codeOf(error))) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  return error instanceof Error && LOST_MESSAGES.test(error.message);
}

function firstWords(query: string): string {
  return query.split(/\s+/).slice(0, 4).join(' ').slice(0, 60);
}
