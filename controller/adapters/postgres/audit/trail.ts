import { asc, eq, gt, or, sql } from 'drizzle-orm';
import { type AuditEntry, type AuditRecord, auditHash } from '../../../domain/audit.js';
import type { Reader } from '../../../ports/store.js';
import { auditEvents, auditHead } from '../schema.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

/** A statement has at most 65,535 parameters. */
const BATCH = 1000;

/** The last entry of the trail; sequence 0 when it is empty. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

export function auditReader(db: Handle): Omit<Reader['audit'], 'verify'> {
  return {
    after: (sequence, limit) => entriesAfter(db, sequence, limit),
    about: async (subject, limit) => {
      const found = await db
        .select()
        .from(auditEvents)
        .where(or(eq(auditEvents.subject, subject), eq(auditEvents.digest, subject)))
        .orderBy(asc(auditEvents.sequence))
        .limit(limit);
      return found.map(toEntry);
    },
  };
}

export async function entriesAfter(
  db: Handle,
  sequence: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const page = await db
    .select()
    .from(auditEvents)
    .where(gt(auditEvents.sequence, sequence))
    .orderBy(asc(auditEvents.sequence))
    .limit(limit);
  return page.map(toEntry);
}

export async function readHead(db: Handle): Promise<AuditHead | null> {
  const [head] = await db.select({ sequence: auditHead.sequence, hash: auditHead.hash }).from(auditHead);
  return head ?? null;
}

/**
 * Appends entries and returns the new head. Everybody who appends waits here for the one before to commit (that is what
 * makes the sequence gapless), so this is the last thing a transaction does. The head moves by trigger.
 */
export async function appendAudit(db: Handle, records: readonly AuditRecord[], at: Date): Promise<AuditHead> {
  const locked = await db.execute<{ sequence: string; hash: string }>(
    sql`select sequence, hash from commander.audit_head for no key update`,
  );
  const head = locked.rows[0];
  if (head === undefined) throw new Error('commander.audit_head has no row: run `commander audit verify`');
  const entries = chain({ sequence: Number(head.sequence), hash: head.hash }, records, at);
  for (let from = 0; from < entries.length; from += BATCH)
    await db.insert(auditEvents).values(entries.slice(from, from + BATCH).map((entry) => ({ ...entry, at })));
  const { sequence, hash } = entries.at(-1) ?? { sequence: Number(head.sequence), hash: head.hash };
  return { sequence, hash };
}

function chain(head: AuditHead, records: readonly AuditRecord[], at: Date): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  let last = head;
  for (const { actor, action, subject, digest, reason, data } of records.map(storable)) {
    const entry = {
      ...{ sequence: last.sequence + 1, at: at.toISOString(), previousHash: last.hash },
      ...{ actor, action, subject, digest, reason, data },
    };
    last = { sequence: entry.sequence, hash: auditHash(entry) };
    entries.push({ ...entry, hash: last.hash });
  }
  return entries;
}

function toEntry(row: typeof auditEvents.$inferSelect): AuditEntry {
  return { ...row, at: row.at.toISOString() };
}
