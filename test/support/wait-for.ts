import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition gives something other than false, null or undefined, and returns that. */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  milliseconds = 30_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await condition();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds} ms in vain for ${what}`);
    await sleep(10);
  }
}
