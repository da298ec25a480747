import { drizzle } from 'drizzle-orm/node-postgres';
import { type Clock, systemClock } from '../../ports/clock.js';
import type { PassageRecords, VectorIndex } from '../../ports/knowledge.js';
import type { Log } from '../../ports/log.js';
import type { SopControls } from '../../ports/sop-controls.js';
import type { Leadership, Store } from '../../ports/store.js';
import { type AuditAnchor, createAuditAnchor } from './audit/anchor.js';
import { openPool, openSession, type Session } from './connection.js';
import { createLeadership } from './leadership.js';
import { type ModelAnswers, modelAnswerRecords } from './records/model-answers.js';
import { passageRecords } from './records/passages.js';
import { createSopControls } from './records/sop-controls.js';
import { createStore, type StoreParts } from './store.js';
import { hasPgvector, pgvectorIndex } from './vectors.js';

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** File outside of the database that the end of the audit trail is written to; by default there is none. */
  readonly anchorFile?: string;
  /** Jobs that follow from audited decisions, in the transaction that records them; by default none. */
  readonly followUps?: StoreParts['followUps'];
}

export interface Database {
  readonly store: Store;
  readonly leadership: Leadership;
  readonly passages: PassageRecords;
  readonly sopControls: SopControls;
  readonly modelAnswers: ModelAnswers;
  /** Search by meaning in SQL; null where the server lacks pgvector, or does not let us use it. */
  readonly vectorIndex: () => Promise<VectorIndex | null>;
  /** A connection of its own, for the queue's lock. */
  readonly openSession: () => Promise<Session>;
  /** Writes the audit anchor and closes the connections. */
  readonly close: () => Promise<void>;
}

/** Opens a database that `migrate` has brought up to date. Connects when first used. */
export function openDatabase({
  url,
  log,
  clock = systemClock,
  anchorFile,
  followUps = () => [],
}: DatabaseOptions): Database {
  const pool = openPool(url, log);
  const anchor: AuditAnchor | null = anchorFile === undefined ? null : createAuditAnchor(anchorFile, log);
  return {
    store: createStore({ pool, clock, anchor, followUps }),
    leadership: createLeadership(url, log, async (query, values) => {
      await pool.query(query, [...values]);
    }),
    passages: passageRecords(pool),
    sopControls: createSopControls(drizzle(pool), () => clock.now()),
    modelAnswers: modelAnswerRecords(pool, () => clock.now()),
    vectorIndex: async () => ((await hasPgvector(pool)) ? pgvectorIndex(pool) : null),
    openSession: () => openSession(url),
    close: async () => {
      await anchor?.flush();
      await pool.end();
    },
  };
}
