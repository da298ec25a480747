import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seeded } from '../../watchdog-statistics/simulation.js';
import { verifyTrailOf } from './support/audit.js';
import {
  after,
  executionRecorded,
  killPostgres,
  type Moment,
  planRecorded,
  stepBegan,
  stepEnded,
} from './support/blows.js';
import { type CrashSite, ENVIRONMENT, openCrashSite, SERVICE } from './support/crash-site.js';
import { deployThrough } from './support/deploy.js';
import { rollBackThrough } from './support/roll-back.js';
import { sendUsers, type Users } from './support/traffic.js';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2);
const SEED = Number(process.env.CRASH_SEED ?? 2);

const MOMENTS: readonly Moment[] = [
  planRecorded,
  executionRecorded,
  stepBegan('build'),
  stepEnded('start'),
  stepBegan('run_tests'),
  stepBegan('switch'),
  stepEnded('switch'),
  stepEnded('watch'),
];
const VERSIONS = [
  ...Array.from({ length: 20 + ROUNDS }, (_, index) => ({ tag: `v1.0.${index}` })),
  ...Array.from({ length: 20 + ROUNDS }, (_, index) => ({ tag: `v2.0.${index}`, failShare: 1 })),
];
const random = seeded(SEED);
const sometimes = (what: string) => Array.from({ length: ROUNDS }, () => after(random() * 2500, what));
// A round is a whole deploy with a restart in it.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let crash: CrashSite;
let users: Users;
let next = 1;

beforeAll(async () => {
  crash = await openCrashSite(VERSIONS);
  users = sendUsers(crash.site.port(SERVICE, ENVIRONMENT));
  await deployThrough(crash, users, 'deploy-0', 'v1.0.0', null, killPostgres);
});

afterAll(async () => {
  users.stop();
  await crash.close();
});

describe('a controller whose PostgreSQL is killed goes on by itself', () => {
  it.each([...MOMENTS, ...sometimes('the intent was committed')])(
    `in a deploy, $title (seed ${SEED})`,
    async (moment) => {
      const index = next;
      next += 1;
      await deployThrough(crash, users, `deploy-${index}`, `v1.0.${index}`, moment, killPostgres);
    },
  );

  it.each(sometimes('users reached the bad version'))(
    `in a rollback, $title (seed ${SEED})`,
    async (moment) => {
      const index = next;
      next += 1;
      await rollBackThrough(crash, users, `bad-${index}`, `v2.0.${index}`, moment, killPostgres);
    },
  );

  it('the audit trail is whole', async () => {
    expect(await verifyTrailOf(crash.site)).toMatchObject({ ok: true });
  });
});
