import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { type AuditRecord, auditHash } from '../../controller/domain/audit.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';

let test: TestDatabase;
let database: Database;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-audit-'));
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog(), anchorFile: join(folder, 'anchor.json') });
});
afterEach(async () => {
  await database.close();
  await test.drop();
  await rm(folder, { recursive: true });
});

function record(n: number): AuditRecord {
  const data = { n, rate: 0.1, big: 1e21, nested: { b: [null, true], a: 'é\0🚀' } };
  return {
    actor: 'controller',
    action: 'plan.approved',
    subject: `intent:${n}`,
    digest: null,
    reason: 'merged',
    data,
  };
}

async function append(count: number, on = database): Promise<void> {
  await on.store.transaction(async (tx) => {
    for (let n = 1; n <= count; n += 1) await tx.write.audit(record(n));
  });
}

async function sql(...statements: readonly string[]): Promise<void> {
  const session = await database.openSession();
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    await session.close();
  }
}

/** As a superuser who knows what to switch off. */
const tamper = (...statements: readonly string[]) =>
  sql(
    'alter table commander.audit_events disable trigger all',
    'alter table commander.audit_head disable trigger all',
    ...statements,
  );

describe('the audit trail', () => {
  it('is a chain from the first entry, and verifies', async () => {
    await append(3);
    const [first, second] = await database.store.audit.after(0, 2);
    expect([first?.sequence, first?.previousHash]).toEqual([1, '0'.repeat(64)]);
    expect(second?.previousHash).toBe(first?.hash);
    expect(await database.store.audit.verify()).toMatchObject({ ok: true, entries: 3 });
    expect((await database.store.audit.about('intent:2', 5)).map(({ sequence }) => sequence)).toEqual([2]);
  });

  it('verifies when it is empty', async () => {
    expect(await database.store.audit.verify()).toEqual({ ok: true, entries: 0, head: '0'.repeat(64) });
  });

  it('has no entry of a transaction that was rolled back, and no gap', async () => {
    await append(1);
    const refused = database.store.transaction(async (tx) => {
      await tx.write.audit(record(9));
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    await append(1);
    expect((await database.store.audit.after(0, 9)).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('stays gapless when many controllers append at once', async () => {
    const other = openDatabase({ url: test.url, log: quietLog() });
    await Promise.all(Array.from({ length: 40 }, (_, n) => append(3, n % 2 === 0 ? database : other)));
    expect(await database.store.audit.verify()).toMatchObject({ ok: true, entries: 120 });
    await other.close();
  });

  for (const [what, statement] of [
    ['UPDATE', "update commander.audit_events set reason = 'x'"],
    ['DELETE', 'delete from commander.audit_events'],
    ['TRUNCATE', 'truncate commander.audit_events'],
    [
      'an entry out of turn',
      'insert into commander.audit_events select 7, at, actor, action, subject, digest, reason, data, hash, hash from commander.audit_events',
    ],
    ['moving its head', 'update commander.audit_head set sequence = sequence + 1'],
    ['removing its head', 'delete from commander.audit_head'],
  ] as const)
    it(`refuses ${what}, from its owner and in replica mode too`, async () => {
      await append(1);
      await expect(sql(statement)).rejects.toThrow(/append-only/);
      await expect(sql("set session_replication_role = 'replica'", statement)).rejects.toThrow(/append-only/);
      expect(await database.store.audit.verify()).toMatchObject({ ok: true, entries: 1 });
    });
});

describe('verification', () => {
  it('names exactly the row that a superuser changed', async () => {
    await append(7000);
    await tamper("update commander.audit_events set reason = 'nothing to see' where sequence = 6543");
    expect(await database.store.audit.verify()).toMatchObject({ ok: false, firstBad: 6543, entries: 6542 });
  });

  it('finds a change of each column', async () => {
    await append(3);
    for (const change of [
      "at = at + interval '1 ms'",
      "actor = 'x'",
      "action = 'x'",
      "subject = 'x'",
      "digest = 'x'",
      "data = '{}'",
      "previous_hash = repeat('1', 64)",
    ]) {
      const fresh = await createTestDatabase();
      const own = openDatabase({ url: fresh.url, log: quietLog() });
      await append(3, own);
      const session = await own.openSession();
      await session.query('alter table commander.audit_events disable trigger all');
      await session.query(`update commander.audit_events set ${change} where sequence = 2`);
      expect(await own.store.audit.verify(), change).toMatchObject({ ok: false, firstBad: 2 });
      await session.close();
      await own.close();
      await fresh.drop();
    }
  });

  it('finds a row that was removed, and rows that changed places', async () => {
    await append(4);
    await tamper('delete from commander.audit_events where sequence = 2');
    expect(await database.store.audit.verify()).toMatchObject({
      ok: false,
      firstBad: 2,
      reason: expect.stringContaining('missing'),
    });
    await tamper('update commander.audit_events set sequence = 2 where sequence = 4');
    expect(await database.store.audit.verify()).toMatchObject({ ok: false, firstBad: 2 });
  });

  it('finds a row that was put in', async () => {
    await append(2);
    await tamper(
      'insert into commander.audit_events select 3, at, actor, action, subject, digest, reason, data, hash, hash from commander.audit_events where sequence = 2',
    );
    expect(await database.store.audit.verify()).toMatchObject({ ok: false, firstBad: 3 });
  });

  it('finds a tail that was cut off, also when the head was set back', async () => {
    await append(3);
    await tamper('delete from commander.audit_events where sequence = 3');
    expect(await database.store.audit.verify()).toMatchObject({
      ok: false,
      firstBad: 3,
      reason: expect.stringContaining('missing at the end'),
    });
    await tamper(
      'update commander.audit_head set sequence = 2, hash = (select hash from commander.audit_events where sequence = 2)',
    );
    expect(await database.store.audit.verify()).toMatchObject({
      ok: false,
      firstBad: 3,
      reason: expect.stringContaining('anchored'),
    });
  });

  it('finds a chain that was rewritten as a whole, by the anchor outside of the database', async () => {
    await append(2);
    await database.store.audit.verify();
    const [one, two] = await database.store.audit.after(0, 2);
    if (one === undefined || two === undefined) throw new Error('no entries');
    const first = auditHash({ ...one, reason: 'forged' });
    const second = auditHash({ ...two, previousHash: first });
    await tamper(
      `update commander.audit_events set reason = 'forged', hash = '${first}' where sequence = 1`,
      `update commander.audit_events set previous_hash = '${first}', hash = '${second}' where sequence = 2`,
      `update commander.audit_head set hash = '${second}'`,
    );
    expect(await database.store.audit.verify()).toMatchObject({
      ok: false,
      firstBad: 2,
      reason: expect.stringContaining('anchored'),
    });
    await rm(join(folder, 'anchor.json'));
    const unanchored = openDatabase({ url: test.url, log: quietLog() });
    expect(await unanchored.store.audit.verify()).toMatchObject({ ok: true });
    await unanchored.close();
  });

  it('does not mistake a damaged anchor for none', async () => {
    await append(1);
    await database.store.audit.verify();
    await writeFile(join(folder, 'anchor.json'), '{');
    await expect(database.store.audit.verify()).rejects.toThrow(/not an audit anchor/);
  });

  it('never sets the anchor back', async () => {
    await append(2);
    await database.close();
    const other = openDatabase({ url: test.url, log: quietLog(), anchorFile: join(folder, 'anchor.json') });
    await append(1, other);
    await other.close();
    expect(JSON.parse(await readFile(join(folder, 'anchor.json'), 'utf8')).sequence).toBe(3);
    database = openDatabase({ url: test.url, log: quietLog() });
  });
});
