import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waitFor } from '../../support/wait-for.js';
import { seeded } from '../../watchdog-statistics/simulation.js';
import { verifyTrailOf } from './support/audit.js';
import {
  after,
  executionRecorded,
  killBoth,
  killController,
  type Moment,
  planRecorded,
  stepBegan,
  stepEnded,
} from './support/blows.js';
import { type CrashSite, ENVIRONMENT, openCrashSite, SERVICE } from './support/crash-site.js';
import { deployThrough } from './support/deploy.js';
import { instancesOf } from './support/inventory.js';
import { STEPS } from './support/round.js';
import { sendUsers, type Users } from './support/traffic.js';

/** More rounds at random moments, and another seed: CRASH_ROUNDS=50 CRASH_SEED=7. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2);
const SEED = Number(process.env.CRASH_SEED ?? 1);

const VERSIONS = Array.from({ length: 40 + 3 * ROUNDS }, (_, index) => ({ tag: `v1.0.${index}` }));
const random = seeded(SEED);
const sometimes = (from: number, to: number) =>
  Array.from({ length: ROUNDS }, () => after(from + random() * (to - from), 'the intent was committed'));
// A round is a whole deploy with a restart in it.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let crash: CrashSite;
let users: Users;
let next = 1;

beforeAll(async () => {
  crash = await openCrashSite(VERSIONS);
  users = sendUsers(crash.site.port(SERVICE, ENVIRONMENT));
  await deployThrough(crash, users, 'deploy-0', 'v1.0.0', null, killController);
});

afterAll(async () => {
  users.stop();
  await crash.close();
});

function round(moment: Moment, blow = killController): Promise<void> {
  const index = next;
  next += 1;
  return deployThrough(crash, users, `deploy-${index}`, `v1.0.${index}`, moment, blow);
}

describe('a controller that is killed in a deploy, and started again, goes on where it was', () => {
  it.each(STEPS.flatMap((step) => [stepBegan(step), stepEnded(step)]))('when $title', (moment) =>
    round(moment),
  );

  it.each([planRecorded, executionRecorded])('when $title', (moment) => round(moment));

  it.each([...sometimes(0, 200), ...sometimes(200, 3200)])(`$title (seed ${SEED})`, (moment) =>
    round(moment),
  );
});

describe('a machine that loses controller and PostgreSQL at once goes on where it was', () => {
  it.each([stepBegan('build'), stepBegan('start'), stepEnded('switch'), stepBegan('watch')])(
    'when $title',
    (moment) => round(moment, killBoth),
  );

  it.each(sometimes(0, 2500))(`$title (seed ${SEED})`, (moment) => round(moment, killBoth));
});

describe('after all that', () => {
  it('only the current release and the one before it are left', async () => {
    await waitFor('old releases to be removed', async () => (await instancesOf(crash.site)).length === 2);
  });

  it('the audit trail is whole', async () => {
    expect(await verifyTrailOf(crash.site)).toMatchObject({ ok: true });
  });
});
