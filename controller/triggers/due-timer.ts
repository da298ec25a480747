import { setTimeout as sleep } from 'node:timers/promises';
import { jobOf } from '../execution/lanes.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Store } from '../ports/store.js';

export interface DueTimerNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollSeconds: number;
}

const OPEN_STATES = ['waiting', 'running', 'stuck'] as const;
const MANY = 10_000;

/**
 * What nobody triggers: intents whose time has come (retry, end of a freeze, expiry), executions and incidents whose job
 * got lost. Every look only says "look again at this id".
 */
export async function dueTimer(needs: DueTimerNeeds, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lookOnce(needs);
    } catch (error) {
      needs.log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'cannot look for what is due; tried again',
      );
    }
    await sleep(needs.pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

async function lookOnce({ store, clock, pollSeconds }: DueTimerNeeds): Promise<void> {
  const now = clock.now();
  const due = await store.intents.due(now);
  const quiet = new Date(now.getTime() - pollSeconds * 3000);
  const executions = await store.executions.list({ service: null, statuses: OPEN_STATES, limit: MANY });
  const incidents = await store.incidents.unwritten();
  const forgotten = executions.filter(
    (execution) => execution.createdAt < quiet && execution.status === 'waiting',
  );
  if (due.length + forgotten.length + incidents.length === 0) return;
  await store.transaction(async (tx) => {
    for (const id of due)
      await tx.write.job({ task: 'plan-intent', id, queue: null, runAt: null, priority: 0 });
    for (const execution of forgotten) await tx.write.job(jobOf(execution, null));
    for (const { id } of incidents)
      await tx.write.job({ task: 'write-incident', id: String(id), queue: null, runAt: null, priority: 0 });
  });
}
