import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { AuditRecord, AuditVerification } from '../../domain/audit.js';
import type { Clock } from '../../ports/clock.js';
import type { Job, Reader, Store, Transaction } from '../../ports/store.js';
import type { AuditAnchor } from './audit/anchor.js';
import { type AuditHead, appendAudit, auditReader } from './audit/trail.js';
import { verifyTrail } from './audit/verify.js';
import { translate } from './failure.js';
import { addJob, hurryJobs } from './jobs.js';
import { executionReader, executionWriter } from './records/executions.js';
import { forgeReader, forgeWriter } from './records/forge.js';
import { incidentReader, incidentWriter, quarantineReader } from './records/incidents.js';
import { intentReader, intentWriter } from './records/intents.js';
import { laneReader, laneWriter } from './records/lanes.js';
import { planReader, planWriter } from './records/plans.js';
import { releaseReader, releaseWriter, watchReader } from './records/releases.js';
import { waiverReader, waiverWriter } from './records/waivers.js';
import { type Handle, inTransaction, patiently } from './transaction.js';

export interface StoreParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** null: the trail is not anchored outside of the database. */
  readonly anchor: AuditAnchor | null;
  /** Jobs that follow from audited decisions; they are added in the same transaction. */
  readonly followUps: (records: readonly AuditRecord[]) => readonly Job[];
}

/** The store on Postgres. Reads outside of a transaction wait a few seconds for a database that is away. */
export function createStore(parts: StoreParts): Store {
  const { pool } = parts;
  return {
    ...readerOn(drizzle(pool), parts, patiently),
    transaction: async (work) => {
      const { result, head } = await inTransaction(pool, (db) => unitOfWork(db, parts, work));
      if (head !== null) parts.anchor?.note(head);
      return result;
    },
    ping: () =>
      translated(async () => {
        await pool.query('select 1');
      }),
  };
}

type Committed<T> = { readonly result: T; readonly head: AuditHead | null };

/** Audit records are kept until the work is done, then appended together: the trail is locked for as short as can be. */
async function unitOfWork<T>(
  db: Handle,
  parts: StoreParts,
  work: (tx: Transaction) => Promise<T>,
): Promise<Committed<T>> {
  const audited: AuditRecord[] = [];
  const now = () => parts.clock.now();
  const result = await work({
    ...readerOn(db, parts, translated),
    write: guarded(
      {
        ...intentWriter(db, now),
        ...planWriter(db, now),
        ...executionWriter(db, now),
        ...laneWriter(db),
        ...releaseWriter(db),
        ...incidentWriter(db, now),
        ...waiverWriter(db, now),
        ...forgeWriter(db, now),
        audit: async (record) => {
          audited.push(record);
        },
        hurry: (tasks) => hurryJobs(db, tasks),
        job: (job) => addJob(db, job),
      },
      translated,
    ),
  });
  for (const job of parts.followUps(audited)) await addJob(db, job);
  const head = audited.length === 0 ? null : await appendAudit(db, audited, now());
  return { result, head };
}

function readerOn(db: Handle, { pool, anchor }: StoreParts, run: Run): Reader {
  return {
    intents: guarded(intentReader(db), run),
    plans: guarded(planReader(db), run),
    executions: guarded(executionReader(db), run),
    lanes: guarded(laneReader(db), run),
    releases: guarded(releaseReader(db), run),
    watches: guarded(watchReader(db), run),
    quarantine: guarded(quarantineReader(db), run),
    incidents: guarded(incidentReader(db), run),
    waivers: guarded(waiverReader(db), run),
    forge: guarded(forgeReader(db), run),
    audit: guarded({ ...auditReader(db), verify: () => verify(pool, anchor) }, run),
  };
}

/** On a snapshot of its own: entries that are being appended meanwhile do not disturb it. */
async function verify(pool: pg.Pool, anchor: AuditAnchor | null): Promise<AuditVerification> {
  await anchor?.flush();
  const anchored = (await anchor?.read()) ?? null;
  const client = await pool.connect();
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    return await verifyTrail(drizzle(client), anchored);
  } finally {
    await client.query('commit').then(
      () => client.release(),
      () => client.release(true),
    );
  }
}

type Run = <T>(work: () => Promise<T>) => Promise<T>;

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}

/** The same methods, each one run by `run`. */
function guarded<Methods extends object>(methods: Methods, run: Run): Methods {
  const entries = Object.entries(methods as Record<string, (...values: unknown[]) => Promise<unknown>>);
  return Object.fromEntries(
    entries.map(([name, method]) => [name, (...values: unknown[]) => run(() => method(...values))]),
  ) as Methods;
}
