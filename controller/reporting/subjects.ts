import type { AuditRecord } from '../domain/audit.js';
import type { Job } from '../ports/store.js';

/** Reports run one after the other: two of them at once could make the same comment twice. */
const REPORT_QUEUE = 'report';
const REPORTED = /^(?:intent|file|pull):/;

/**
 * What a forge has to show anew after some decisions: whatever is in the audit trail is seen there, and nothing else has to
 * remember to say so.
 */
export function reportJobs(records: readonly AuditRecord[]): readonly Job[] {
  const subjects = records.flatMap(({ subject, digest, action }) => [
    ...(REPORTED.test(subject) ? [subject] : []),
    ...(digest !== null && !READINGS.includes(action) ? [`plan:${digest}`] : []),
  ]);
  return [...new Set(subjects)].map(reportJob);
}

/** Their digest is the intent's revision, not a plan's. */
const READINGS: readonly string[] = ['intent.read', 'intent.changed'];

export function reportJob(subject: string): Job {
  return { task: 'report', id: subject, queue: REPORT_QUEUE, runAt: null, priority: 0 };
}

export function pullSubject(repository: string, number: number): string {
  return `pull:${repository}#${number}`;
}
