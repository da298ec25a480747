import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../ports/log.js';
import { translate } from './failure.js';

const CONNECT_MS = 5000;
const HEARTBEAT_MS = 1000;
const HEARTBEAT_PATIENCE_MS = 5000;

/** Connections for reading and for transactions. Lost ones are replaced on next use. */
export function openPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'commander',
    max: 10,
    connectionTimeoutMillis: CONNECT_MS,
    // So that closing is not held up, and a laptop that slept notices.
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 60_000,
    query_timeout: 70_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  const lost = (error: Error) => log.warn({ problem: error.message }, 'A connection to Postgres was lost');
  pool.on('error', lost);
  // Without a listener a connection lost while it is in use would end the process; its query fails anyway.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** One connection of its own, for what lives as long as a connection does: session advisory locks. */
export interface Session {
  /** Rejects once the connection is lost; it is never replaced. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Calls `heard` with the payload of each notification of a channel, for as long as the session lives. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  /** Aborts when the connection is lost or closed. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** Opens a session, or throws what hinders it. A heartbeat notices a server that is gone without saying so. */
export async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'commander lock',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    query_timeout: 30_000,
  });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect().catch((error: unknown) => {
    throw translate(error);
  });
  const inTurn = oneAtATime();
  const session: Session = {
    query: async (text, values = []) =>
      (await inTurn(() => client.query<Record<string, unknown>>(text, [...values]))).rows,
    listen: async (channel, heard) => {
      client.on('notification', (message) => {
        if (message.channel === channel) heard(message.payload ?? '');
      });
      await inTurn(() => client.query(`listen ${client.escapeIdentifier(channel)}`));
    },
    lost: lost.signal,
    close: async () => {
      lost.abort();
      await client.end().catch(() => undefined);
    },
  };
  void beat(session);
  return session;
}

async function beat(session: Session): Promise<void> {
  const { lost } = session;
  while (!lost.aborted) {
    await sleep(HEARTBEAT_MS, undefined, { ref: false, signal: lost }).catch(() => undefined);
    if (lost.aborted) return;
    const answered = await Promise.race([
      session.query('select 1').then(
        () => true,
        () => false,
      ),
      sleep(HEARTBEAT_PATIENCE_MS, false, { ref: false, signal: lost }).catch(() => true),
    ]);
    if (!answered) await session.close();
  }
}

/** Runs what it is given one after the other: a connection takes one statement at a time. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** The connection string without its password, for messages. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== '') parsed.password = '***';
    return parsed.toString();
  } catch {
    return 'the database';
  }
}
