import { describe, expect, it } from 'vitest';
import { withinTime } from '../../controller/ports/time-limit.js';

const never = () => new Promise<never>(() => undefined);

describe('work that is limited in time', () => {
  it('ends when its time is over, even if it heeds nothing', async () => {
    await expect(withinTime(20, null, never)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('ends when who asked has gone, before or after it began', async () => {
    const gone = new AbortController();
    const asked = withinTime(60_000, gone.signal, never);
    gone.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    await expect(withinTime(60_000, gone.signal, never)).rejects.toThrow('gone');
  });

  it('is told that its time is over', async () => {
    let told: AbortSignal | null = null;
    const asked = withinTime(20, null, (limit) => {
      told = limit;
      return never();
    });
    await expect(asked).rejects.toThrow();
    expect(told).toMatchObject({ aborted: true });
  });

  it('gives what the work gives, or throws what it throws', async () => {
    expect(await withinTime(60_000, null, async () => 7)).toBe(7);
    await expect(withinTime(60_000, null, () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  });
});
