/** The same as Docker's: moby `restartmanager` starts at 100 ms, doubles, and forgets after a run of 10 s. Ours ends at 30 s. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
const STABLE_MS = 10_000;

/** Milliseconds to wait before the next start. `previous` is the last such wait, 0 for none; `ranMs` how long it ran. */
export function restartDelay(previous: number, ranMs: number): number {
  if (previous === 0 || ranMs >= STABLE_MS) return FIRST_DELAY_MS;
  return Math.min(2 * previous, LONGEST_DELAY_MS);
}
