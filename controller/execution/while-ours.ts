import type { ExecutionRecord } from '../domain/records.js';
import { type ExecutionNeeds, Superseded } from './needs.js';

const LOOK_EVERY_MS = 500;

/**
 * Runs `work` with a signal that aborts when the execution is taken over, ended, or asked to stop by a person: a build that
 * hangs must not hold up a rollback. Losing the database for a moment aborts nothing: every write checks the epoch anyway.
 */
export async function whileOurs(
  needs: Pick<ExecutionNeeds, 'store' | 'log'>,
  execution: ExecutionRecord,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const taken = new AbortController();
  const timer = setInterval(() => void look(needs, execution, taken), LOOK_EVERY_MS);
  try {
    await work(AbortSignal.any([signal, taken.signal]));
  } catch (error) {
    if (taken.signal.aborted) throw taken.signal.reason;
    throw error;
  } finally {
    clearInterval(timer);
  }
}

async function look(
  needs: Pick<ExecutionNeeds, 'store' | 'log'>,
  execution: ExecutionRecord,
  taken: AbortController,
): Promise<void> {
  try {
    const now = await needs.store.executions.get(execution.id);
    if (now === null || now.epoch !== execution.epoch)
      taken.abort(new Superseded('a newer attempt took over'));
    else if (now.finishedAt !== null) taken.abort(new Superseded(`ended: ${now.reason}`));
    else if (now.abort !== null && execution.abort === null) taken.abort(new Superseded(now.abort));
  } catch (error) {
    needs.log.debug(
      { execution: execution.id, error: String(error) },
      'cannot look whether the execution is still ours',
    );
  }
}
