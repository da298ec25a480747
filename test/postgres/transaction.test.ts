import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { CommitUnknown } from '../../controller/adapters/postgres/failure.js';
import { migrate } from '../../controller/adapters/postgres/migrate.js';
import type { Transaction } from '../../controller/ports/store.js';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { waitFor } from '../support/wait-for.js';
import { execution, intent, plan } from './samples.js';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog() });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

async function cutConnections(): Promise<void> {
  const session = await database.openSession();
  await session.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'commander' and datname = current_database()",
  );
  await session.close();
}

describe('a transaction', () => {
  it('writes all or nothing', async () => {
    const refused = database.store.transaction(async (tx) => {
      await tx.write.intent(intent('half'));
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await database.store.intents.get('half')).toBeNull();
  });

  it('sees what it wrote', async () => {
    const seen = await database.store.transaction(async (tx) => {
      await tx.write.intent(intent('own'));
      return tx.intents.get('own');
    });
    expect(seen?.id).toBe('own');
  });

  it('is run again from its start when the connection breaks before the commit', async () => {
    let runs = 0;
    await database.store.transaction(async (tx) => {
      runs += 1;
      await tx.write.intent(intent(`broken-${runs}`));
      if (runs === 1) await cutConnections();
      await tx.write.intent(intent('after-the-break'));
    });
    expect(runs).toBe(2);
    const { get } = database.store.intents;
    expect([await get('broken-1'), (await get('broken-2'))?.id]).toEqual([null, 'broken-2']);
  });

  it('is run again when it loses a deadlock', async () => {
    const digests = [plan('dead-1'), plan('dead-2')];
    await database.store.transaction(async (tx) => {
      for (const each of digests) await tx.write.plan(each);
    });
    let inside = 0;
    const both = async (first: number, second: number): Promise<void> => {
      await database.store.transaction(async (tx) => {
        const touch = (n: number) => tx.write.patchPlan(digests[n]?.digest ?? '', { body: `${first}` });
        await touch(first);
        inside += 1;
        await waitFor('the other one', () => inside >= 2);
        await touch(second);
      });
    };
    await Promise.all([both(0, 1), both(1, 0)]);
    expect(inside).toBeGreaterThan(2);
  });

  it('does not pretend to have committed what Postgres rolled back', async () => {
    const swallowing = database.store.transaction(async (tx) => {
      await tx.write.intent(intent('swallowed'));
      await tx.write.intent({ ...intent('bad'), path: null as unknown as string }).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow(/rolled back/);
    expect(await database.store.intents.get('swallowed')).toBeNull();
  });

  it('refuses statements that come after its end', async () => {
    let escaped: Transaction | null = null;
    await database.store.transaction(async (tx) => {
      escaped = tx;
    });
    await expect((escaped as unknown as Transaction).write.intent(intent('late'))).rejects.toThrow(/over/);
    expect(await database.store.intents.get('late')).toBeNull();
  });

  it('never tells the values of a statement in an error', async () => {
    const secret = 'hunter2-secret';
    const failing = database.store.transaction((tx) =>
      tx.write.intent({ ...intent('x', { name: secret }), path: null as unknown as string }),
    );
    const error = await failing.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])).not.toContain(
      secret,
    );
  });

  it('survives kill -9 of Postgres: what was committed is there, the rest not, and it says when it does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'commander-tx-'));
    const server = await startEmbeddedPostgres({ dataDir: folder, log: quietLog() });
    await migrate(server.url, quietLog());
    const own = openDatabase({ url: server.url, log: quietLog() });
    const created: (number | 'unknown')[] = [];
    try {
      const writer = async (name: number): Promise<void> => {
        for (let n = 0; n < 40; n += 1) {
          const correlationId = `${name}-${n}`;
          const work = (tx: Transaction) => tx.write.execution(execution({ correlationId }), []);
          created.push(
            await own.store.transaction(work).catch((error: unknown) => {
              if (error instanceof CommitUnknown) return 'unknown';
              throw error;
            }),
          );
          if (name === 0 && (n === 10 || n === 25)) process.kill(server.pid(), 'SIGKILL');
        }
      };
      await Promise.all([0, 1, 2, 3].map(writer));
      const stored = await own.store.executions.list({ service: null, statuses: null, limit: 1000 });
      const ids = new Set(stored.map(({ id }) => id));
      const known = created.filter((id) => id !== 'unknown');
      expect(known.filter((id) => !ids.has(id))).toEqual([]);
      expect(stored.length - known.length).toBeLessThanOrEqual(created.length - known.length);
      expect(new Set(stored.map(({ correlationId }) => correlationId)).size).toBe(stored.length);
    } finally {
      await own.close();
      await server.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe('ping', () => {
  it('says what is wrong, also for a name with several addresses', async () => {
    const nowhere = openDatabase({ url: 'postgres://ada:hunter2@localhost:1/x', log: quietLog() });
    await expect(nowhere.store.ping()).rejects.toThrow(/ECONNREFUSED.*:1/);
    await nowhere.close();
  });
});

describe('migration', () => {
  it('works when several controllers start together, and again', async () => {
    const bare = await createBareDatabase();
    await Promise.all([1, 2, 3, 4].map(() => migrate(bare.url, quietLog())));
    await migrate(bare.url, quietLog());
    const own = openDatabase({ url: bare.url, log: quietLog() });
    expect(await own.store.audit.verify()).toMatchObject({ ok: true, entries: 0 });
    await own.close();
    await bare.drop();
  });

  it('names the server without its password when it cannot connect', async () => {
    const error = await migrate('postgres://ada:hunter2@127.0.0.1:1/x', quietLog()).catch(
      (caught: unknown) => caught,
    );
    expect(String(error)).toMatch(/Cannot connect to postgres:\/\/ada:\*\*\*@127\.0\.0\.1:1\/x/);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('leadership', () => {
  it('is held by one at a time, and passes on when its holder is done', async () => {
    const other = openDatabase({ url: test.url, log: quietLog() });
    const end = new AbortController();
    let leading = 0;
    let most = 0;
    const order: string[] = [];
    const lead = (name: string, on: Database) =>
      on.leadership.lead('loop', end.signal, async () => {
        most = Math.max(most, ++leading);
        order.push(name);
        await on.store.ping();
        leading -= 1;
      });
    await Promise.all([lead('a', database), lead('b', other)]);
    expect([order.toSorted(), most]).toEqual([['a', 'b'], 1]);
    await other.close();
  });

  it('aborts the work when the connection is lost, and is taken up again', async () => {
    const end = new AbortController();
    const seen: string[] = [];
    const led = database.leadership.lead('lost', end.signal, async (signal) => {
      seen.push('led');
      if (seen.length > 1) return end.abort();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen.push('lost');
    });
    await waitFor('the leadership', () => seen.length > 0);
    const session = await database.openSession();
    await session.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'commander lock' and datname = current_database() and pid <> pg_backend_pid()",
    );
    await session.close();
    await led;
    expect(seen).toEqual(['led', 'lost', 'led']);
  });

  it('goes on after work that throws', async () => {
    let runs = 0;
    await database.leadership.lead('throws', new AbortController().signal, async () => {
      runs += 1;
      if (runs === 1) throw new Error('once');
    });
    expect(runs).toBe(2);
  });
});
