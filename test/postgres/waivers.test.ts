import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import type { WaiverRecord } from '../../controller/domain/records.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { NOON } from './samples.js';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog(), clock: { now: () => NOON } });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

type Waived = Omit<WaiverRecord, 'id' | 'createdAt'>;

const waived = (change: Partial<Waived> = {}): Waived => ({
  intentId: 'i1',
  revision: 'sha256:r',
  source: 'smoke-first',
  quote: 'The smoke tests must pass.',
  reason: 'the runner burned down',
  person: 'github:rae',
  ...change,
});

const write = (record: Waived) => database.store.transaction((tx) => tx.write.waiver(record));

describe('a waiver', () => {
  it('is of one revision of one intent, and listed with that, oldest first', async () => {
    expect(await write(waived())).toBe(true);
    expect(await write(waived({ quote: 'Another sentence.' }))).toBe(true);
    await write(waived({ revision: 'sha256:other' }));
    await write(waived({ intentId: 'i2' }));
    const found = await database.store.waivers.of('i1', 'sha256:r');
    expect(found).toMatchObject([{ ...waived(), createdAt: NOON }, { quote: 'Another sentence.' }]);
    expect(await database.store.waivers.of('i1', 'sha256:nothing')).toEqual([]);
  });

  it('said twice by the same person is one, also at the same time; of another person it is another', async () => {
    const again = waived({ intentId: 'twice' });
    const told = await Promise.all(
      Array.from({ length: 8 }, (_, n) => write({ ...again, reason: `why ${n}` })),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await write({ ...again, person: 'github:olga' })).toBe(true);
    const people = (await database.store.waivers.of('twice', 'sha256:r')).map(({ person }) => person);
    expect(people).toEqual(['github:rae', 'github:olga']);
  });

  it('of a transaction that fails is none', async () => {
    const failing = database.store.transaction(async (tx) => {
      await tx.write.waiver(waived({ intentId: 'failed' }));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.store.waivers.of('failed', 'sha256:r')).toEqual([]);
  });

  it('keeps any text as it is, of any length that a sentence can have', async () => {
    const quote = `“Nie” 🚫 '; drop table waivers; -- ${'x'.repeat(200_000)}`;
    await write(waived({ intentId: 'odd', quote }));
    expect((await database.store.waivers.of('odd', 'sha256:r'))[0]?.quote).toBe(quote);
  });
});
