import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waitFor } from '../../support/wait-for.js';
import { seeded } from '../../watchdog-statistics/simulation.js';
import { verifyTrailOf } from './support/audit.js';
import { after, incident, killBoth, killController, type Moment, rollback } from './support/blows.js';
import { type CrashSite, ENVIRONMENT, openCrashSite, SERVICE } from './support/crash-site.js';
import { deployThrough } from './support/deploy.js';
import { instancesOf } from './support/inventory.js';
import { rollBackThrough } from './support/roll-back.js';
import { look } from './support/round.js';
import { sendUsers, type Users } from './support/traffic.js';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2);
const SEED = Number(process.env.CRASH_SEED ?? 3);

const MOMENTS: readonly Moment[] = [
  incident('rolling_back'),
  rollback('running'),
  rollback('succeeded'),
  incident('resolved'),
];
const VERSIONS = [
  { tag: 'v1.0.0' },
  ...Array.from({ length: 20 + 3 * ROUNDS }, (_, index) => ({ tag: `v2.0.${index}`, failShare: 1 })),
];
const random = seeded(SEED);
const sometimes = Array.from({ length: ROUNDS }, () =>
  after(random() * 2000, 'users reached the bad version'),
);
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
  return rollBackThrough(crash, users, `bad-${index}`, `v2.0.${index}`, moment, blow);
}

describe('a controller that is killed in a rollback, and started again, goes on where it was', () => {
  it.each([...MOMENTS, ...sometimes])(`$title (seed ${SEED})`, (moment) => round(moment));
});

describe('a machine that loses controller and PostgreSQL at once in a rollback goes on where it was', () => {
  it.each([incident('rolling_back'), rollback('running')])('$title', (moment) => round(moment, killBoth));
});

describe('after all that', () => {
  it('nothing is left of the bad releases', async () => {
    await waitFor('the bad releases to be removed', async () => {
      const left = await look(
        crash,
        "select 1 from commander.releases where state = 'bad' and instance is not null",
      );
      return left === null && (await instancesOf(crash.site)).length === 1;
    });
  });

  it('the audit trail is whole', async () => {
    expect(await verifyTrailOf(crash.site)).toMatchObject({ ok: true });
  });
});
