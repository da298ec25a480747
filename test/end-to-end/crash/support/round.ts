import type pg from 'pg';
import { expect } from 'vitest';
import { waitFor } from '../../../support/wait-for.js';
import type { Site } from '../../harness.js';
import { type CrashSite, ENVIRONMENT, SERVICE } from './crash-site.js';
import { instancesOf, processesOf } from './inventory.js';

const PATIENCE_MS = 60_000;

export const SCRIPTS = ['run_tests', 'smoke_tests', 'notify'] as const;
export const STEPS = ['checkout', 'build', 'start', 'health', ...SCRIPTS, 'switch', 'watch'] as const;

/** One row, or null: also when the database is away, which is what these tests are about. */
export async function look<Row extends pg.QueryResultRow>(
  { database }: Pick<CrashSite, 'database'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row | null> {
  try {
    return (await database.query<Row>(text, [...values])).rows[0] ?? null;
  } catch {
    return null;
  }
}

export function intentText(version: string): string {
  return `Deploy ${SERVICE} ${version} to ${ENVIRONMENT}, run the unit tests and the smoke tests, and notify the team.`;
}

/** Waits for the branch of an intent's proposal: what a person sees, whoever is dead. */
export async function branchOf(site: Site, intent: string): Promise<string> {
  const branch = `commander/${intent}`;
  await waitFor(
    `the branch ${branch}`,
    () => site.people.git('rev-parse', '--verify', '--quiet', branch).catch(() => null),
    PATIENCE_MS,
  );
  return branch;
}

export interface Execution extends pg.QueryResultRow {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly reason: string;
  readonly digest: string;
}

/** Waits for the end of the execution of an intent's plan. */
export async function endOf(crash: CrashSite, intent: string): Promise<Execution> {
  return waitFor(
    `the end of ${intent}`,
    () =>
      look<Execution>(
        crash,
        `select e.id, e.kind, e.status, e.reason, e.plan_digest as digest from commander.executions e
         where e.kind = 'plan' and e.correlation_id like $1 and e.finished_at is not null`,
        [`${intent}/%`],
      ),
    PATIENCE_MS,
  ).catch(async (error: unknown) => {
    const log = (await crash.site.log()).split('\n').slice(-30).join('\n');
    throw new Error(`${String(error)}\n${log}`);
  });
}

export interface StepState extends pg.QueryResultRow {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
}

export async function stepsOf(crash: CrashSite, intent: string): Promise<readonly StepState[]> {
  const { rows } = await crash.database.query<StepState>(
    `select coalesce(s.step->>'name', s.step->>'kind') as name, s.status, s.attempts
     from commander.execution_steps s join commander.executions e on e.id = s.execution_id
     where e.correlation_id like $1 order by s.index`,
    [`${intent}/%`],
  );
  return rows;
}

/** Nothing ran twice, and nothing is lost sight of, after a deploy that came to its end. `done`: steps done before the blow. */
export async function accountForDeploy(
  crash: CrashSite,
  intent: string,
  version: string,
  done: readonly StepState[],
): Promise<void> {
  await crash.databaseIsBack();
  const { database } = crash;
  const executions = await database.query<Execution>(
    `select id, kind, status, plan_digest as digest from commander.executions where correlation_id like $1`,
    [`${intent}/%`],
  );
  expect(executions.rows.map(({ status }) => status)).toEqual(['succeeded']);
  const [execution] = executions.rows;
  const steps = await stepsOf(crash, intent);
  expect(steps, 'what was done before the blow is not done again').toEqual(expect.arrayContaining([...done]));
  for (const program of ['build', ...SCRIPTS]) {
    const journal = await crash.journal(program, version);
    const runs = journal.filter((event) => event === 'began').length;
    const attempts = steps.find(({ name }) => name === program)?.attempts ?? 0;
    expect(runs, `${program} of ${version} ran, in ${attempts} attempts`).toBeLessThanOrEqual(attempts);
    expect(journal.at(-1), `${program} of ${version}, at last`).toBe('ended');
    expect(journal.join(' '), `${program} of ${version} never runs twice at once`).not.toContain(
      'ended ended',
    );
  }
  const audited = await database.query<{ readonly action: string; readonly times: string }>(
    `select action, count(*) as times from commander.audit_events where digest = $1 group by action`,
    [execution?.digest],
  );
  const times = Object.fromEntries(audited.rows.map(({ action, times }) => [action, Number(times)]));
  expect(times).toMatchObject({
    'plan.proposed': 1,
    'plan.approved': 1,
    'execution.started': 1,
    'release.switched': 1,
    'release.good': 1,
    'execution.succeeded': 1,
  });
  await accountForReleases(crash, version);
}

/** What the runtime has is what the records say, once each, and users reach the version they should. */
export async function accountForReleases(crash: CrashSite, version: string): Promise<void> {
  const { database, site } = crash;
  const lane = await look<{ holder: string | null; version: string }>(
    crash,
    `select l.holder, r.version from commander.lanes l join commander.releases r on r.id = l.current_release`,
  );
  expect(lane).toEqual({ holder: null, version });
  await waitFor('the runtime to have what the records say', async () => {
    const recorded = await database.query<{ readonly id: string }>(
      `select id from commander.releases where instance is not null and state not in ('bad', 'gone')`,
    );
    const known = recorded.rows.map(({ id }) => id).sort();
    return JSON.stringify(await instancesOf(site)) === JSON.stringify(known);
  });
  const { shims, gateways, programs } = await processesOf(site);
  expect(shims).toEqual([...new Set(shims)]);
  expect(shims).toHaveLength((await instancesOf(site)).length);
  expect(gateways).toHaveLength(1);
  expect(programs).toEqual([...new Set(programs)]);
  expect(programs).toContain(version);
  expect(await site.answer(SERVICE, ENVIRONMENT)).toBe(version);
}
