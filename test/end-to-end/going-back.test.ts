import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';

let site: Site;
const VERSIONS = [{ tag: 'v1.0.0' }, { tag: 'v1.1.0' }, { tag: 'v1.2.0', failShare: 1 }];

beforeAll(async () => {
  const services = ['again', 'elsewhere', 'manual'].map((name) => ({ name, versions: VERSIONS }));
  site = await openSite({ services });
});
afterAll(() => site.close());

async function quarantineOf(service: string): Promise<number> {
  const list =
    await site.client.get<readonly { id: number; service: string; liftedAt: string | null }[]>(
      '/v1/quarantine',
    );
  const found = list.find((record) => record.service === service && record.liftedAt === null);
  if (found === undefined) throw new Error(`Nothing of ${service} is quarantined`);
  return found.id;
}

describe.concurrent('going back', () => {
  it('a version that was rolled back, allowed again and brought back is watched, and rolled back again', async () => {
    await site.release('again-1', 'Deploy again v1.0.0 to staging');
    expect((await site.release('again-2', 'Deploy again v1.2.0 to staging')).status).toBe('rolled_back');
    await site.incident('again', 'resolved');
    await site.command('quarantine/lift', {
      id: await quarantineOf('again'),
      reason: 'we think it is mended',
    });
    expect((await site.release('again-3', 'Roll back again to v1.2.0 in staging')).status).toBe(
      'rolled_back',
    );
    await site.answers('again', 'staging', 'v1.0.0');
    const incidents = await site.client.get<readonly { service: string; state: string }[]>('/v1/incidents');
    await waitFor('both incidents to be resolved', async () => {
      const mine = (await site.client.get<typeof incidents>('/v1/incidents')).filter(
        ({ service }) => service === 'again',
      );
      return mine.length === 2 && mine.every(({ state }) => state === 'resolved');
    });
  });

  it('what is good in an environment is gone back to there, although it was rolled back in another one', async () => {
    await site.release('elsewhere-1', 'Deploy elsewhere v1.0.0 to staging, then production');
    await site.release('elsewhere-2', 'Deploy elsewhere v1.1.0 to staging, then production');
    await site.command('rollback', {
      service: 'elsewhere',
      environment: 'staging',
      reason: 'database trouble',
    });
    await site.answers('elsewhere', 'staging', 'v1.0.0');
    await site.command('rollback', {
      service: 'elsewhere',
      environment: 'production',
      reason: 'the same here',
    });
    await site.answers('elsewhere', 'production', 'v1.0.0');
  });

  it('a person is refused before anything is touched when there is nothing to go back to', async () => {
    await site.release('manual-1', 'Deploy manual v1.0.0 to staging');
    await expect(
      site.command('rollback', { service: 'manual', environment: 'staging', reason: 'x' }),
    ).rejects.toThrow('nothing to go back to');
    await site.answers('manual', 'staging', 'v1.0.0');
    expect(
      (await site.client.get<readonly { service: string }[]>('/v1/quarantine')).filter(
        ({ service }) => service === 'manual',
      ),
    ).toEqual([]);
  });
});
