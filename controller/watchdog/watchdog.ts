import { setTimeout as sleep } from 'node:timers/promises';
import { checkDrift } from './drift.js';
import type { WatchdogNeeds } from './needs.js';
import { retainReleases } from './retention.js';
import { tickWatch } from './watch.js';

/** Drift and retention are looked at every so many ticks' time. */
const SLOW_EVERY = 5;
const SHORTEST_REST_MS = 50;

/**
 * The reconcile loops: one controller at a time runs them. Judging waits for nothing else, and one release's trouble never stops
 * the others: a look that takes longer than a tick is not begun again before it is over.
 */
export async function runWatchdog(needs: WatchdogNeeds, signal: AbortSignal): Promise<void> {
  const { tickSeconds } = needs.judge;
  const reported = new Map<string, string>();
  const looking = new Set<string>();
  await Promise.all([
    every(tickSeconds, signal, () => guarded(needs, 'watches', () => tickAll(needs, looking))),
    every(tickSeconds * SLOW_EVERY, signal, () => guarded(needs, 'drift', () => checkDrift(needs, reported))),
    every(tickSeconds * SLOW_EVERY, signal, () => guarded(needs, 'retention', () => retainReleases(needs))),
  ]);
}

async function every(seconds: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    await work();
    const rest = Math.max(SHORTEST_REST_MS, seconds * 1000 - (performance.now() - began));
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}

/** Begins a look at every release under watch, and waits for those that are quick: until the tick is over. */
async function tickAll(needs: WatchdogNeeds, looking: Set<string>): Promise<void> {
  const began = performance.now();
  const watches = await needs.store.watches.active();
  const looks = watches
    .filter(({ releaseId }) => !looking.has(releaseId))
    .map(async (watch) => {
      looking.add(watch.releaseId);
      await guarded(needs, watch.releaseId, () => tickWatch(needs, watch));
      looking.delete(watch.releaseId);
    });
  await Promise.race([Promise.all(looks), sleep(needs.judge.tickSeconds * 1000)]);
  needs.telemetry.tick((performance.now() - began) / 1000, watches.length);
}

/** A look that fails is no verdict: it is told, and tried again at the next one. */
async function guarded(needs: WatchdogNeeds, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    needs.log.error(
      { what, error: error instanceof Error ? error.message : String(error) },
      'watchdog look failed',
    );
  }
}
