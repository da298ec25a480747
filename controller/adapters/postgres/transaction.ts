import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { oneAtATime } from './connection.js';
import { CommitUnknown, codeOf, DatabaseError, isConflict, isConnectionLoss, translate } from './failure.js';

/** What statements run on: the pool, or the one connection of a transaction. */
export type Handle = NodePgDatabase;

const PATIENCE_MS = 5000;
const PAUSE_MS = 50;

/**
 * Runs `work` in a READ COMMITTED transaction. It is run again, from its start, when it surely was not committed: it lost
 * against another transaction, or the connection broke before the commit (for up to 5 s, then the error is thrown). When
 * the connection breaks in the commit itself, Postgres is asked whether it took place. So `work` may run more than once:
 * everything it does has to go through its handle.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (handle: Handle) => Promise<T>): Promise<T> {
  return patiently(async () => {
    const client = await pool.connect();
    const attempt = await attemptOn(client, work);
    if (attempt.kind === 'committed') return attempt.result;
    if (attempt.kind === 'failed') throw attempt.error;
    const status = await patiently(() => statusOf(pool, attempt.xid)).catch(() => null);
    if (status === 'committed') return attempt.result;
    if (status === 'aborted') throw new DatabaseError('The connection broke before the commit', '08006');
    throw new CommitUnknown('The connection broke while committing; it may or may not have taken place', '', {
      cause: attempt.error,
    });
  });
}

/** Repeats what has no effect when it fails, while the database is away or another transaction is in the way. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (raw) {
      const error = translate(raw);
      const worthwhile = isConflict(error) || (isConnectionLoss(error) && !(error instanceof CommitUnknown));
      if (!worthwhile || Date.now() > deadline) throw error;
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

type Attempt<T> =
  | { readonly kind: 'committed'; readonly result: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly result: T; readonly xid: string; readonly error: unknown };

async function attemptOn<T>(
  client: pg.PoolClient,
  work: (handle: Handle) => Promise<T>,
): Promise<Attempt<T>> {
  const scope = scopeOf(client);
  let commit: { readonly result: T; readonly xid: string | null } | null = null;
  try {
    await client.query('begin isolation level read committed');
    const result = await work(scope.handle);
    await scope.end();
    commit = { result, xid: await assignedXid(client) };
    const { command } = await client.query('commit');
    client.release();
    if (command === 'COMMIT') return { kind: 'committed', result };
    return {
      kind: 'failed',
      error: new DatabaseError('A statement had failed, so the transaction was rolled back', '25P02'),
    };
  } catch (raw) {
    await scope.end();
    const error = translate(raw);
    // Only an answer of the server's says that it did not commit; a timeout leaves that open too.
    const answered = /^[0-9A-Z]{5}$/.test(codeOf(error)) && !isConnectionLoss(error);
    const clean = !isConnectionLoss(error) && (commit === null || answered) && (await rolledBack(client));
    client.release(!clean);
    if (commit === null || answered || commit.xid === null) return { kind: 'failed', error };
    return { kind: 'unknown', result: commit.result, xid: commit.xid, error };
  }
}

/** A handle that is good only while the transaction is open: a statement that comes late must not run outside of it. */
function scopeOf(client: pg.PoolClient): { readonly handle: Handle; end(): Promise<void> } {
  const inTurn = oneAtATime();
  let open = true;
  const query = (config: pg.QueryArrayConfig, values: unknown[]): Promise<unknown> =>
    inTurn(() => {
      if (open) return client.query(config, values);
      throw new DatabaseError('The transaction is over: its work has to await everything it does', '25P01');
    });
  return {
    handle: drizzle({ query } as unknown as pg.PoolClient),
    end: () =>
      inTurn(async () => {
        open = false;
      }),
  };
}

/** Number of the transaction if it wrote something. */
async function assignedXid(client: pg.PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ xid: string | null }>(
    'select pg_current_xact_id_if_assigned()::text as xid',
  );
  return rows[0]?.xid ?? null;
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}

/** How a transaction ended; null when Postgres does not know any more. A dying server may still be at it. */
async function statusOf(pool: pg.Pool, xid: string): Promise<'committed' | 'aborted' | null> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await pool.query<{ status: string | null }>(
      'select pg_xact_status($1::xid8) as status',
      [xid],
    );
    const status = rows[0]?.status ?? null;
    if (status === 'committed' || status === 'aborted') return status;
    if (status === null || Date.now() > deadline) return null;
    await sleep(PAUSE_MS);
  }
}
