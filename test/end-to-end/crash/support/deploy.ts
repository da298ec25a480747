import { expect } from 'vitest';
import type { Blow, Moment } from './blows.js';
import type { CrashSite } from './crash-site.js';
import { accountForDeploy, branchOf, endOf, intentText, type StepState, stepsOf } from './round.js';
import type { Users } from './traffic.js';

/** A deploy from the intent to its end, with a blow at a moment of it (null: none), and users all the time. */
export async function deployThrough(
  crash: CrashSite,
  users: Users,
  intent: string,
  version: string,
  moment: Moment | null,
  blow: Blow,
): Promise<void> {
  const { site } = crash;
  const before = new Set([...users.answers.keys(), version]);
  users.forget();
  let done: readonly StepState[] = [];
  const struck = strike();
  // Told below; a deploy that fails before is told first.
  struck.catch(() => undefined);
  await site.ask(intent, intentText(version));
  await site.people.merge(await branchOf(site, intent));
  await struck;
  const { status, reason } = await endOf(crash, intent);
  expect({ status, reason }).toMatchObject({ status: 'succeeded' });
  await accountForDeploy(crash, intent, version, done);
  expect(users.takeFailures(), 'requests of users that failed').toEqual([]);
  expect([...before], 'versions that may answer').toEqual(expect.arrayContaining([...users.answers.keys()]));

  async function strike(): Promise<void> {
    if (moment === null) return;
    await moment.reached(crash, intent);
    done = (await stepsOf(crash, intent)).filter(({ status }) => status === 'succeeded');
    await blow(crash);
  }
}
