import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { type ScriptedModel, startScriptedModel } from './scripted/server.js';
import { GOOD, modelOf, NEVER, openAi, request } from './support.js';

const DAY = 86_400_000;
let test: TestDatabase;
let database: Database;
let server: ScriptedModel;
let now = new Date('2026-11-26T12:00:00Z');

beforeEach(async () => {
  now = new Date('2026-11-26T12:00:00Z');
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog(), clock: { now: () => now } });
  server = await startScriptedModel({
    protocol: 'openai',
    answer: ({ user }) => ({ ...GOOD, service: user }),
  });
});
afterEach(async () => {
  await server.close();
  await database.close();
  await test.drop();
});

const model = (of: Database = database) => modelOf([openAi(server)], { cache: of.modelAnswers }).model;

describe('answers kept in the database', () => {
  it('are had again by every controller, with what they cost', async () => {
    const first = await model().ask(request(), NEVER);
    const other = openDatabase({ url: test.url, log: quietLog() });
    const again = await model(other).ask(request(), NEVER);
    await other.close();
    expect(again).toEqual({ ...first, cached: true, seconds: 0 });
    expect(server.requests).toHaveLength(1);
  });

  it('hold no personal data: two people with the same question share one, and each gets their own words', async () => {
    const ask = (who: string) => model().ask(request({ user: `Tell ${who}` }), NEVER);
    expect((await ask('ann@a.io')).value).toMatchObject({ service: 'Tell ann@a.io' });
    expect(await ask('bob@b.io')).toMatchObject({ value: { service: 'Tell bob@b.io' }, cached: true });
    const session = await database.openSession();
    const kept = JSON.stringify(await session.query('select * from commander.model_answers'));
    await session.close();
    expect(kept).not.toMatch(/ann@|bob@/);
  });

  it('may hold what Postgres cannot: a NUL character, half of a surrogate pair', async () => {
    const user = 'a\0b\ud800';
    expect((await model().ask(request({ user }), NEVER)).cached).toBe(false);
    expect((await model().ask(request({ user }), NEVER)).cached).toBe(true);
  });

  it('are dropped after 90 days', async () => {
    await model().ask(request(), NEVER);
    now = new Date(now.getTime() + 91 * DAY);
    const later = openDatabase({ url: test.url, log: quietLog(), clock: { now: () => now } });
    await model(later).ask(request({ user: 'Another.' }), NEVER);
    expect((await model(later).ask(request(), NEVER)).cached).toBe(false);
    await later.close();
  });

  it('cost nothing but time when the database is away', async () => {
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', log: quietLog() });
    expect((await model(away).ask(request(), NEVER)).value).toMatchObject(GOOD_CONFIDENCE);
    await away.close();
  });
});

const GOOD_CONFIDENCE = { confident: true };
