import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import type { ForgeCommandRecord } from '../../controller/domain/records.js';
import type { Transaction } from '../../controller/ports/store.js';
import { reportJobs } from '../../controller/reporting/subjects.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { waitFor } from '../support/wait-for.js';
import { NOON, plan } from './samples.js';

const REPOSITORY = 'https://github.com/acme/gitops';
let test: TestDatabase;
let database: Database;
let now = NOON;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({
    url: test.url,
    log: quietLog(),
    clock: { now: () => now },
    followUps: reportJobs,
  });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const write = <T>(work: (write: Transaction['write']) => Promise<T>) =>
  database.store.transaction((tx) => work(tx.write));

async function query(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const command = (commentId: number, change: Partial<ForgeCommandRecord> = {}): ForgeCommandRecord => ({
  repository: REPOSITORY,
  commentId,
  pull: 7,
  person: 'rae',
  command: 'hold',
  state: 'taken',
  answer: '',
  createdAt: NOON,
  ...change,
});

describe('what is remembered of a forge', () => {
  it('is replaced by key, and of one repository only', async () => {
    await write((w) => w.forgeNote(REPOSITORY, 'comment:7', { remoteId: '1', content: 'a' }));
    await write((w) => w.forgeNote(REPOSITORY, 'comment:7', { remoteId: '1', content: 'b' }));
    expect(await database.store.forge.note(REPOSITORY, 'comment:7')).toEqual({ remoteId: '1', content: 'b' });
    expect(await database.store.forge.note('elsewhere', 'comment:7')).toBeNull();
  });

  it('a delivery is new once, and forgotten after a week', async () => {
    expect(await write((w) => w.delivery('one', 'push'))).toBe(true);
    expect(await write((w) => w.delivery('one', 'push'))).toBe(false);
    now = new Date(NOON.getTime() + 8 * 24 * 3600 * 1000);
    expect(await write((w) => w.delivery('two', 'push'))).toBe(true);
    now = NOON;
    expect(await query('select id from commander.deliveries')).toEqual([{ id: 'two' }]);
  });

  it('a comment is a command once; those of strangers are not shown', async () => {
    expect(await write((w) => w.forgeCommand(command(1)))).toBe(true);
    expect(await write((w) => w.forgeCommand(command(1, { command: 'rollback' })))).toBe(false);
    await write((w) => w.forgeCommand(command(2, { person: 'sam' })));
    await write((w) => w.answerCommand(REPOSITORY, 1, 'done', 'held'));
    await write((w) => w.answerCommand(REPOSITORY, 2, 'denied', 'no'));
    const shown = await database.store.forge.commandsOf(REPOSITORY, 7, 5);
    expect(shown).toEqual([command(1, { state: 'done', answer: 'held' })]);
    expect((await database.store.forge.command(REPOSITORY, 2))?.state).toBe('denied');
  });

  it('a plan is found by the number of its pull request, the newest first', async () => {
    const proposal = { branch: 'commander/a', head: 'a'.repeat(40), number: 12, url: null };
    const older = plan('proposal-a', { repository: REPOSITORY, proposal });
    const newer = plan('proposal-b', {
      repository: REPOSITORY,
      proposal,
      createdAt: new Date(NOON.getTime() + 1000),
    });
    await write(async (w) => {
      await w.plan(older);
      await w.plan(newer);
    });
    expect((await database.store.plans.ofProposal(REPOSITORY, 12))?.digest).toBe(newer.digest);
    expect(await database.store.plans.ofProposal(REPOSITORY, 13)).toBeNull();
  });
});

describe('jobs', () => {
  const audited = { actor: 'controller', action: 'plan.approved', reason: '', data: {} };

  it('that show a decision are added with it, or not at all', async () => {
    const digest = `sha256:${'1'.repeat(64)}`;
    await write((w) => w.audit({ ...audited, subject: 'intent:shown', digest }));
    const failing = write(async (w) => {
      await w.audit({ ...audited, subject: 'intent:undone', digest: null });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    const keys = (await query("select key from graphile_worker.jobs where task_identifier = 'report'")).map(
      ({ key }) => key,
    );
    expect(keys).toEqual(expect.arrayContaining(['report:intent:shown', `report:plan:${digest}`]));
    expect(keys).not.toContain('report:intent:undone');
  });

  it('that failed are brought forward when what they waited for is back; others wait for their time', async () => {
    const later = new Date(Date.now() + 3_600_000);
    await write(async (w) => {
      for (const [task, id] of [
        ['report', 'failed'],
        ['report', 'planned'],
        ['plan-intent', 'other'],
      ] as const)
        await w.job({ task, id, queue: null, runAt: later, priority: 0 });
    });
    await query(
      `update graphile_worker._private_jobs set attempts = 3, last_error = 'away' where key in ('report:failed', 'plan-intent:other')`,
    );
    await write((w) => w.hurry(['report']));
    const soon = await query(
      "select key from graphile_worker.jobs where run_at <= now() and key in ('report:failed', 'report:planned', 'plan-intent:other')",
    );
    expect(soon).toEqual([{ key: 'report:failed' }]);
  });
});

describe('whoever leads', () => {
  it('is woken from any process, by name', async () => {
    const stop = new AbortController();
    let woken = 0;
    let leading = false;
    const led = database.leadership.lead(
      'follow here',
      stop.signal,
      async (signal) => {
        leading = true;
        await new Promise((over) => signal.addEventListener('abort', over, { once: true }));
      },
      () => {
        woken += 1;
      },
    );
    const other = openDatabase({ url: test.url, log: quietLog() });
    await waitFor('the leadership', async () => leading);
    await other.leadership.wake('follow elsewhere');
    await other.leadership.wake('follow here');
    await waitFor('the leader to be woken', async () => woken > 0);
    expect(woken).toBe(1);
    await other.close();
    stop.abort();
    await led;
  });
});
