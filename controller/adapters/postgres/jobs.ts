import { sql } from 'drizzle-orm';
import type { Job } from '../../ports/store.js';
import type { Handle } from './transaction.js';

// graphile-worker waits e^attempt seconds between attempts (at most 6 h): 25 of them are about four days.
const MAX_ATTEMPTS = 25;

/**
 * Adds a job inside the transaction: it starts after the commit or never. The key replaces a job of the same task and id
 * that has not started; one that is running goes on without further retries, the new one runs after it.
 */
export async function addJob(db: Handle, { task, id, queue, runAt, priority }: Job): Promise<void> {
  await db.execute(sql`
    select from graphile_worker.add_job(
      identifier => ${task}::text,
      payload => ${JSON.stringify({ id })}::text::json,
      queue_name => ${queue}::text,
      run_at => ${runAt?.toISOString() ?? null}::timestamptz,
      max_attempts => ${MAX_ATTEMPTS}::int,
      job_key => ${`${task}:${id}`}::text,
      priority => ${priority}::int,
      job_key_mode => 'replace'
    )`);
}

/** Failed jobs of some tasks run again now instead of after their pause, which may be hours. */
export async function hurryJobs(db: Handle, tasks: readonly Job['task'][]): Promise<void> {
  await db.execute(sql`
    select from graphile_worker.reschedule_jobs(
      array(
        select id from graphile_worker.jobs
        where task_identifier in ${[...tasks]} and attempts > 0 and locked_at is null and run_at > now()
      ),
      now()
    )`);
}
