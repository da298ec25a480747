import { setTimeout as sleep } from 'node:timers/promises';
import { checkDrift } from './drift.js';
import type { WatchdogNeeds } from './needs.js';
import { retainReleases } from './retention.js';
import { tickWatch } from './watch.js';

/** Drift and retention are looked at every so many ticks. */
const SLOW_EVERY = 5;
const SHORTEST_REST_MS = 50;

/** The reconcile loop: one controller at a time runs it. One release's trouble never stops the others. */
export async function runWatchdog(needs: WatchdogNeeds, signal: AbortSignal): Promise<void> {
  const reported = new Map<string, string>();
  for (let tick = 0; !signal.aborted; tick += 1) {
    const began = performance.now();
    const watches = await guarded(needs, 'watches', () => tickAll(needs));
    if (tick % SLOW_EVERY === 0) {
      await guarded(needs, 'drift', () => checkDrift(needs, reported));
      await guarded(needs, 'retention', () => retainReleases(needs));
    }
    const seconds = (performance.now() - began) / 1000;
    needs.telemetry.tick(seconds, watches ?? 0);
    const rest = Math.max(SHORTEST_REST_MS, (needs.judge.tickSeconds - seconds) * 1000);
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}

async function tickAll(needs: WatchdogNeeds): Promise<number> {
  const watches = await needs.store.watches.active();
  await Promise.all(watches.map((watch) => guarded(needs, watch.releaseId, () => tickWatch(needs, watch))));
  return watches.length;
}

/** A tick that fails is no verdict: it is told, and looked at again at the next one. */
async function guarded<T>(needs: WatchdogNeeds, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    needs.log.error(
      { what, error: error instanceof Error ? error.message : String(error) },
      'watchdog tick failed',
    );
    return null;
  }
}
