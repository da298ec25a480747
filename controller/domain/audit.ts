import { canonicalJson, type JsonValue, sha256 } from './json.js';

/** One decision: who or what, when, on what, why. */
export interface AuditRecord {
  /** `person:<name>`, `controller`, `watchdog`, `git:<author>`. */
  readonly actor: string;
  /** Dotted past tense, for example `plan.approved`. */
  readonly action: string;
  /** What it is about, for example `intent:checkout-2-4-1` or `release:production/checkout`. */
  readonly subject: string;
  /** Digest of the plan it is about; null when there is none. */
  readonly digest: string | null;
  readonly reason: string;
  readonly data: { readonly [key: string]: JsonValue };
}

export interface AuditEntry extends AuditRecord {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  /** ISO 8601 with milliseconds, UTC. */
  readonly at: string;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
}

export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** SHA-256 over the canonical JSON of an entry without its own hash: each entry seals all before it. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, actor, action, subject, digest, reason, data, previousHash } = entry;
  return sha256(canonicalJson({ sequence, at, actor, action, subject, digest, reason, data, previousHash }));
}

export type AuditVerification =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | { readonly ok: false; readonly entries: number; readonly firstBad: number; readonly reason: string };
