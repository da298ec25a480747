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
 * against another transaction, or the connection broke before the commit (for up to 5 s, then the error is thrown). So
 * `work` may run more than once: everything it does has to go through its handle. When the connection breaks in the
 * commit itself, CommitUnknown is thrown. (Asking pg_xact_status afterwards does not help: a crashed server gives the
 * number of a transaction that never reached its disk out again.)
 */
export async function inTransaction<T>(pool: pg.Pool, work: (handle: Handle) => Promise<T>): Promise<T> {
  return patiently(async () => {
    const client = await pool.connect();
    const scope = scopeOf(client);
    let committing = false;
    try {
      await client.query('begin isolation level read committed');
      const result = await work(scope.handle);
      await scope.end();
      committing = true;
      const { command } = await client.query('commit');
      client.release();
      if (command === 'COMMIT') return result;
    } catch (raw) {
      await scope.end();
      throw await giveUp(client, translate(raw), committing);
    }
    throw new DatabaseError('A statement had failed, so the transaction was rolled back', '25P02');
  });
}

/** Ends a failed transaction and gives its connection back; returns what to throw. */
async function giveUp(client: pg.PoolClient, error: unknown, committing: boolean): Promise<unknown> {
  // Only an answer of the server's says that it did not commit; a timeout leaves that open too.
  const answered = /^[0-9A-Z]{5}$/.test(codeOf(error)) && !isConnectionLoss(error);
  const clean = (!committing || answered) && !isConnectionLoss(error) && (await rolledBack(client));
  client.release(!clean);
  if (!committing || answered) return error;
  return new CommitUnknown('The connection broke while committing; it may or may not have taken place', '', {
    cause: error,
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

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}
