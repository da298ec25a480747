import { createQueue } from '../adapters/graphile/queue.js';
import { openSession } from '../adapters/postgres/connection.js';
import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';
import type { JobHandlers, Queue } from '../ports/store.js';
import type { JobHandlersByUrgency } from '../triggers/handlers.js';

const ROLLBACK_WORKERS = 2;
const DECISION_WORKERS = 4;
const CALL_WORKERS = 2;
const VIEW_WORKERS = 2;
const BACKGROUND_WORKERS = 1;

/** Workers of their own for each urgency; stopped together. */
export async function startQueues(
  url: string,
  handlers: JobHandlersByUrgency,
  config: Pick<Config, 'concurrency' | 'graceSeconds' | 'github'>,
  log: Log,
): Promise<() => Promise<void>> {
  const start = async (of: JobHandlers, concurrency: number): Promise<Queue> => {
    const queue = createQueue({ url, concurrency, log, openSession: () => openSession(url) });
    await queue.start(of);
    return queue;
  };
  const queues = await Promise.all([
    start(handlers.rollbacks, ROLLBACK_WORKERS),
    start(handlers.decisions, DECISION_WORKERS),
    start(handlers.executions, config.concurrency),
    start(handlers.background, BACKGROUND_WORKERS),
    ...(config.github === null
      ? []
      : [start(handlers.calls, CALL_WORKERS), start(handlers.views, VIEW_WORKERS)]),
  ]);
  return async () => {
    await Promise.all(queues.map((queue) => queue.stop(config.graceSeconds)));
  };
}
