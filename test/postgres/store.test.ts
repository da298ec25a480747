import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import type { Transaction } from '../../controller/ports/store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { execution, incident, intent, NOON, plan, release, watch } from './samples.js';

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

const write = <T>(work: (write: Transaction['write']) => Promise<T>) =>
  database.store.transaction((tx) => work(tx.write));

describe('intents', () => {
  it('come back as they were written, and are replaced by id', async () => {
    const record = intent('same', { detail: ['a'], checkAt: NOON, revision: null, document: null });
    await write((w) => w.intent(record));
    expect(await database.store.intents.get('same')).toEqual(record);
    await write((w) => w.intent(intent('same', { blob: 'e'.repeat(40) })));
    expect((await database.store.intents.get('same'))?.blob).toBe('e'.repeat(40));
    expect(await database.store.intents.get('nobody')).toBeNull();
  });

  it('are indexed by repository without the withdrawn ones', async () => {
    await write(async (w) => {
      await w.intent(intent('i1', { repository: '/index' }));
      await w.intent(intent('i2', { repository: '/index', state: 'withdrawn' }));
    });
    expect(await database.store.intents.index('/index')).toEqual([
      { id: 'i1', path: 'intents/i1.yaml', name: 'i1', blob: 'b'.repeat(40), state: 'pending' },
    ]);
    const listed = await database.store.intents.list({ states: null, limit: 100 });
    expect(listed.map(({ id }) => id)).not.toContain('i2');
    expect(
      (await database.store.intents.list({ states: ['withdrawn'], limit: 9 })).map(({ id }) => id),
    ).toEqual(['i2']);
  });

  it('are due when their time has come', async () => {
    await write(async (w) => {
      await w.intent(intent('due', { checkAt: new Date(NOON.getTime() - 1) }));
      await w.intent(intent('later', { checkAt: new Date(NOON.getTime() + 1) }));
    });
    const due = await database.store.intents.due(NOON);
    expect(due).toContain('due');
    expect(due).not.toContain('later');
  });

  it('are affected by a service when their plan for it is open, or when they are blocked or waiting', async () => {
    const open = plan('open-cart', {}, 'cart');
    const merged = plan('merged-cart', { status: 'approved' }, 'cart');
    const other = plan('open-other', {}, 'other');
    await write(async (w) => {
      for (const record of [open, merged, other]) {
        await w.plan(record);
        await w.intent(intent(record.intentId, { state: 'planned', planDigest: record.digest }));
      }
      await w.intent(intent('held', { state: 'waiting' }));
    });
    const affected = await database.store.intents.affectedBy('cart');
    expect(affected).toEqual(expect.arrayContaining(['open-cart', 'held']));
    expect(affected).not.toEqual(expect.arrayContaining(['merged-cart']));
    expect(affected).not.toEqual(expect.arrayContaining(['open-other']));
  });

  it('keeps text that Postgres cannot hold as replacement characters', async () => {
    await write((w) => w.intent(intent('nul', { name: 'a\0b', detail: ['x\0\ud800y 🚀'] })));
    const found = await database.store.intents.get('nul');
    expect([found?.name, found?.detail]).toEqual(['a\ufffdb', ['x\ufffd\ufffdy 🚀']]);
  });

  it('gets a new time of change with a patch', async () => {
    await write((w) => w.intent(intent('patched', { updatedAt: new Date(0) })));
    await write((w) => w.patchIntent('patched', { state: 'blocked', detail: ['freeze'] }));
    const found = await database.store.intents.get('patched');
    expect([found?.state, found?.detail, found?.updatedAt]).toEqual(['blocked', ['freeze'], NOON]);
  });
});

describe('plans', () => {
  it('come back as they were written and are not overwritten', async () => {
    const record = plan('p1', { proposal: { branch: 'commander/p1', head: 'h', number: null, url: null } });
    await write((w) => w.plan(record));
    await write((w) => w.plan({ ...record, body: 'another' }));
    expect(await database.store.plans.get(record.digest)).toEqual(record);
    expect(await database.store.plans.ofIntent('p1', 5)).toEqual([record]);
  });

  it('are found by the beginning of their digest, with and without the prefix', async () => {
    const record = plan('p2');
    await write((w) => w.plan(record));
    const { byPrefix } = database.store.plans;
    expect(await byPrefix(record.digest.slice(0, 20))).toEqual([record.digest]);
    expect(await byPrefix(record.digest.slice(7, 20))).toEqual([record.digest]);
    expect(await byPrefix('%')).toEqual([]);
  });

  it('change their status only from an expected one, and only one of many who try at once', async () => {
    const record = plan('p3');
    await write((w) => w.plan(record));
    const tries = Array.from({ length: 8 }, () =>
      write((w) => w.planStatus(record.digest, ['pending_approval'], 'approved', 'merged')),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    const found = await database.store.plans.get(record.digest);
    expect([found?.status, found?.statusReason]).toEqual(['approved', 'merged']);
  });

  it('are listed by status and, while open, by repository', async () => {
    const record = plan('p4', { repository: '/plans' });
    await write((w) => w.plan(record));
    expect(await database.store.plans.open('/plans')).toEqual([
      {
        digest: record.digest,
        path: record.path,
        intentId: 'p4',
        proposal: null,
        statusReason: '',
        createdAt: record.createdAt,
      },
    ]);
    await write((w) => w.patchPlan(record.digest, { approvedBy: ['ada'], approvedCommit: 'f' }));
    const open = await database.store.plans.withStatus(['pending_approval'], 100);
    expect(open.find(({ digest }) => digest === record.digest)?.approvedBy).toEqual(['ada']);
  });
});

describe('executions', () => {
  const steps = [
    { environment: 'staging', step: { kind: 'checkout' } },
    { environment: 'staging', step: { kind: 'build' } },
  ] as const;

  it('are created with their steps, in order', async () => {
    const id = await write((w) => w.execution(execution({ planDigest: 'sha256:steps' }), steps));
    const found = await database.store.executions.get(id);
    expect(found).toMatchObject({ id, status: 'waiting', abort: null, startedAt: null, createdAt: NOON });
    expect(
      (await database.store.executions.steps(id)).map(({ index, step, status }) => [
        index,
        step.kind,
        status,
      ]),
    ).toEqual([
      [0, 'checkout', 'pending'],
      [1, 'build', 'pending'],
    ]);
    expect((await database.store.executions.ofPlan('sha256:steps')).map((each) => each.id)).toEqual([id]);
  });

  it('are written only by the one who claimed them last', async () => {
    const id = await write((w) => w.execution(execution(), steps));
    const first = await write((w) => w.claimExecution(id));
    const second = await write((w) => w.claimExecution(id));
    expect(second?.epoch).toBeGreaterThan(first?.epoch ?? Number.POSITIVE_INFINITY);
    expect(await write((w) => w.patchExecution(id, first?.epoch ?? 0, { status: 'failed' }))).toBe(false);
    expect(await write((w) => w.patchStep(id, 0, first?.epoch ?? 0, { status: 'failed' }))).toBe(false);
    expect(
      await write((w) => w.patchStep(id, 0, second?.epoch ?? 0, { status: 'running', attempts: 1 })),
    ).toBe(true);
    expect(await write((w) => w.patchExecution(id, second?.epoch ?? 0, { status: 'running' }))).toBe(true);
    expect(await write((w) => w.patchExecution(id, null, { abort: 'ada' }))).toBe(true);
    expect(await database.store.executions.get(id)).toMatchObject({ status: 'running', abort: 'ada' });
    expect(await write((w) => w.claimExecution(999_999))).toBeNull();
  });

  it('cannot be claimed between the check of an epoch and the commit of what it allowed', async () => {
    const id = await write((w) => w.execution(execution(), steps));
    const claimed = await write((w) => w.claimExecution(id));
    const order: string[] = [];
    let claim: Promise<unknown> = Promise.resolve();
    await write(async (w) => {
      await w.patchStep(id, 0, claimed?.epoch ?? 0, { detail: 'mine' });
      claim = write((other) => other.claimExecution(id)).then(() => order.push('claimed'));
      await database.store.ping();
      order.push('committing');
    });
    await claim;
    expect(order).toEqual(['committing', 'claimed']);
  });
});

describe('lanes', () => {
  it('belong to one execution; the fence grows with each acquisition', async () => {
    const lane = { service: 'lanes', environment: 'staging' };
    const first = await write((w) => w.acquireLane(lane, 1, 'queue'));
    const again = await write((w) => w.acquireLane(lane, 1, 'queue'));
    const refused = await write((w) => w.acquireLane(lane, 2, 'queue'));
    const preempted = await write((w) => w.acquireLane(lane, 3, 'preempt'));
    expect([first.holder, again.holder, refused.holder, preempted.holder]).toEqual([1, 1, 1, 3]);
    expect(again.fence).toBeGreaterThan(first.fence);
    expect(refused.fence).toBe(again.fence);
    expect(preempted.fence).toBeGreaterThan(again.fence);
    await write((w) => w.releaseLane(lane, 1));
    expect((await database.store.lanes.get(lane))?.holder).toBe(3);
    await write((w) => w.releaseLane(lane, 3));
    expect((await write((w) => w.acquireLane(lane, 2, 'queue'))).holder).toBe(2);
  });

  it('go to exactly one of many that ask at once', async () => {
    const lane = { service: 'contended', environment: 'staging' };
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, id) => write((w) => w.acquireLane(lane, id + 1, 'queue'))),
    );
    expect(new Set(asked.map(({ holder }) => holder)).size).toBe(1);
  });

  it('remember the current release without losing their holder', async () => {
    const lane = { service: 'current', environment: 'staging' };
    await write((w) => w.currentRelease(lane, 'r1'));
    await write((w) => w.acquireLane(lane, 5, 'queue'));
    await write((w) => w.currentRelease(lane, 'r2'));
    expect(await database.store.lanes.get(lane)).toMatchObject({ holder: 5, currentRelease: 'r2' });
    expect((await database.store.lanes.list()).map((each) => each.service)).toContain('current');
  });
});

describe('releases and watches', () => {
  it('lists the good ones of a lane, newest good first, without the bad', async () => {
    const at = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
    const lane = { service: 'good', environment: 'staging' };
    await write(async (w) => {
      await w.release(
        release('g1', { ...lane, state: 'retired', goodAt: at(1), baseline: { errorRate: 0.001 } }),
      );
      await w.release(release('g2', { ...lane, state: 'good', goodAt: at(2), createdAt: at(2) }));
      await w.release(release('g3', { ...lane, state: 'bad', goodAt: at(3), createdAt: at(3) }));
      await w.release(release('g4', { ...lane, state: 'watching', createdAt: at(4) }));
      await w.release(release('g4', { ...lane, state: 'bad' }));
    });
    const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);
    expect(ids(await database.store.releases.good(lane, 5))).toEqual(['g2', 'g1']);
    expect(ids(await database.store.releases.ofLane(lane, 3))).toEqual(['g4', 'g3', 'g2']);
    expect(ids(await database.store.releases.withState(['watching']))).toEqual(['g4']);
    expect((await database.store.releases.get('g1'))?.baseline).toEqual({ errorRate: 0.001 });
    await write((w) => w.patchRelease('g4', { state: 'good', goodAt: at(5), instance: null }));
    expect(ids(await database.store.releases.good(lane, 1))).toEqual(['g4']);
  });

  it('keeps a watch until it ends', async () => {
    await write((w) => w.watch(watch('w1')));
    await write((w) => w.watch({ ...watch('w1'), reason: 'another' }));
    expect(await database.store.watches.get('w1')).toEqual(watch('w1'));
    await write((w) => w.patchWatch('w1', { verdict: 'healthy', endedAt: NOON }));
    expect(await database.store.watches.active()).toEqual([]);
  });
});

describe('quarantine and incidents', () => {
  it('are active until lifted, once', async () => {
    const id = await write((w) =>
      w.quarantine({ service: 'q', commit: 'd', version: 'v2', reason: 'bad', incidentId: null }),
    );
    expect((await database.store.quarantine.active('q')).map((each) => each.id)).toEqual([id]);
    expect(await write((w) => w.liftQuarantine(id, 'ada'))).toBe(true);
    expect(await write((w) => w.liftQuarantine(id, 'bob'))).toBe(false);
    expect(await database.store.quarantine.active(null)).toEqual([]);
    expect((await database.store.quarantine.list(5))[0]?.liftedBy).toBe('ada');
  });

  it('exist once for each release, and grow a timeline', async () => {
    const id = await write((w) => w.incident(incident('r-incident')));
    expect(await write((w) => w.incident(incident('r-incident')))).toBeNull();
    await write((w) => w.appendTimeline(id ?? 0, [{ at: 't', event: 'rolled back' }]));
    const found = await database.store.incidents.ofRelease('r-incident');
    expect(found?.timeline.map(({ event }) => event)).toEqual(['unhealthy', 'rolled back']);
    expect((await database.store.incidents.unwritten()).map((each) => each.id)).toEqual([id]);
    await write((w) => w.patchIncident(id ?? 0, { state: 'resolved', writtenCommit: 'c' }));
    expect(await database.store.incidents.unwritten()).toEqual([]);
    expect((await database.store.incidents.withState('resolved')).map((each) => each.id)).toEqual([id]);
  });
});
