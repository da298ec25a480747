import {
  type AuditEntry,
  type AuditVerification,
  auditHash,
  FIRST_PREVIOUS_HASH,
} from '../../../domain/audit.js';
import type { Handle } from '../transaction.js';
import { type AuditHead, entriesAfter, readHead } from './trail.js';

const PAGE = 1000;

interface Progress {
  readonly last: AuditHead;
  readonly anchorSeen: boolean;
}

type Checked =
  | { readonly ok: true; readonly progress: Progress }
  | (AuditVerification & { readonly ok: false });

/**
 * Recomputes the whole chain, page by page, and compares its end with the head row and with the anchor kept outside of
 * the database. `db` has to be one snapshot (repeatable read), `anchor` has to be read before it.
 */
export async function verifyTrail(db: Handle, anchor: AuditHead | null): Promise<AuditVerification> {
  const head = await readHead(db);
  let progress: Progress = {
    last: { sequence: 0, hash: FIRST_PREVIOUS_HASH },
    anchorSeen: (anchor?.sequence ?? 0) === 0,
  };
  for (;;) {
    const page = await entriesAfter(db, progress.last.sequence, PAGE);
    const checked = checkPage(page, progress, anchor);
    if (!checked.ok) return checked;
    progress = checked.progress;
    if (page.length < PAGE) return checkEnd(progress, head, anchor);
  }
}

export function checkPage(page: readonly AuditEntry[], from: Progress, anchor: AuditHead | null): Checked {
  let { last, anchorSeen } = from;
  for (const entry of page) {
    const reason = problemOf(entry, last) ?? anchorProblem(entry, anchor);
    if (reason !== null) {
      // A gap is where the first missing entry should be.
      const firstBad = Math.min(entry.sequence, last.sequence + 1);
      return bad(last.sequence, firstBad, reason);
    }
    anchorSeen ||= entry.sequence === anchor?.sequence;
    last = { sequence: entry.sequence, hash: entry.hash };
  }
  return { ok: true, progress: { last, anchorSeen } };
}

function problemOf(entry: AuditEntry, last: AuditHead): string | null {
  const { hash, ...sealed } = entry;
  if (entry.sequence !== last.sequence + 1)
    return `entry ${last.sequence + 1} is missing: ${last.sequence} is followed by ${entry.sequence}`;
  if (auditHash(sealed) !== hash)
    return `entry ${entry.sequence} was changed: its content does not have its hash`;
  if (entry.previousHash !== last.hash)
    return `entry ${entry.sequence} does not follow from the entry before: one was replaced, or they changed places`;
  return null;
}

function anchorProblem(entry: AuditEntry, anchor: AuditHead | null): string | null {
  if (anchor === null || entry.sequence !== anchor.sequence || entry.hash === anchor.hash) return null;
  return `entry ${entry.sequence} is not the one that was anchored outside of the database: the trail up to it was rewritten`;
}

function checkEnd(
  { last, anchorSeen }: Progress,
  head: AuditHead | null,
  anchor: AuditHead | null,
): AuditVerification {
  const next = last.sequence + 1;
  if (head === null)
    return bad(last.sequence, next, 'the head row is gone, so a removed tail cannot be excluded');
  if (head.sequence > last.sequence)
    return bad(last.sequence, next, `entries ${next} to ${head.sequence} are missing at the end`);
  if (!anchorSeen && anchor !== null)
    return bad(
      last.sequence,
      next,
      `entries ${next} to ${anchor.sequence} were anchored outside of the database and are missing`,
    );
  if (head.sequence !== last.sequence || head.hash !== last.hash)
    return bad(
      last.sequence,
      last.sequence,
      `the head row says that the last entry is ${head.sequence} with another hash`,
    );
  return { ok: true, entries: last.sequence, head: last.hash };
}

function bad(entries: number, firstBad: number, reason: string): AuditVerification & { readonly ok: false } {
  return { ok: false, entries, firstBad, reason };
}
