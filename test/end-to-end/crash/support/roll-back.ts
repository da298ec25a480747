import { expect } from 'vitest';
import { waitFor } from '../../../support/wait-for.js';
import type { Blow, Moment } from './blows.js';
import { type CrashSite, ENVIRONMENT, SERVICE } from './crash-site.js';
import { accountForReleases, branchOf, endOf, intentText, look } from './round.js';
import type { Users } from './traffic.js';

const PATIENCE_MS = 60_000;

/** A release that fails all its requests, and its rollback, with a blow at a moment after users reached it. */
export async function rollBackThrough(
  crash: CrashSite,
  users: Users,
  intent: string,
  bad: string,
  moment: Moment,
  blow: Blow,
): Promise<void> {
  const { site } = crash;
  const good = await site.answer(SERVICE, ENVIRONMENT);
  users.forget();
  await site.ask(intent, intentText(bad));
  await site.people.merge(await branchOf(site, intent));
  await waitFor(`users to reach ${bad}`, () => users.answers.has(`${bad}: ERROR`), PATIENCE_MS);
  await moment.reached(crash, intent);
  await blow(crash);
  const { status, reason, digest } = await endOf(crash, intent);
  expect({ status, reason }).toMatchObject({ status: 'rolled_back' });
  const { release } = await resolvedIncident(crash, bad);
  await accountForRollback(crash, release, digest);
  await accountForReleases(crash, good);
  expect(users.takeFailures(), 'requests that got no answer').toEqual([]);
  expect([`${bad}: ERROR`, good]).toEqual(expect.arrayContaining([...users.answers.keys()]));
}

interface Incident {
  readonly id: string;
  readonly release: string;
}

function resolvedIncident(crash: CrashSite, version: string): Promise<Incident> {
  return waitFor(
    `the incident of ${version} to be resolved and written`,
    () =>
      look<{ id: string; release: string }>(
        crash,
        `select id, release_id as release from commander.incidents
         where version = $1 and state = 'resolved' and written_commit is not null`,
        [version],
      ),
    PATIENCE_MS,
  );
}

/** The decision was taken once, and carried out once. */
async function accountForRollback(crash: CrashSite, release: string, digest: string): Promise<void> {
  await crash.databaseIsBack();
  const { rows } = await crash.database.query<{ readonly action: string; readonly times: string }>(
    'select action, count(*) as times from commander.audit_events where digest = $1 group by action',
    [digest],
  );
  expect(Object.fromEntries(rows.map(({ action, times }) => [action, Number(times)]))).toMatchObject({
    'release.switched': 1,
    'release.judged-bad': 1,
    'release.rolled-back': 1,
    'execution.rolled_back': 1,
    'execution.succeeded': 1,
  });
  const counted = await look<Record<string, number>>(
    crash,
    `select
       (select count(*)::int from commander.incidents where release_id = $1) as incidents,
       (select count(*)::int from commander.executions where kind = 'rollback' and release_id = $1) as rollbacks,
       (select count(*)::int from commander.quarantine q join commander.releases r on r.commit = q.commit where r.id = $1) as quarantines`,
    [release],
  );
  expect(counted).toEqual({ incidents: 1, rollbacks: 1, quarantines: 1 });
}
