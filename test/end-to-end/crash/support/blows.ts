import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../../support/wait-for.js';
import { type CrashSite, postgresPid } from './crash-site.js';

/** Something that is ended without warning, and put back where nobody else does. */
export type Blow = (crash: CrashSite) => Promise<void>;

/** Time in which nobody is there, so that what people do meanwhile is found at the start. */
const DOWN_MS = 100;

export const killController: Blow = async ({ site }) => {
  await site.kill();
  await sleep(DOWN_MS);
  await site.start();
};

/** The controller starts it again by itself. */
export const killPostgres: Blow = async ({ site }) => {
  process.kill(await postgresPid(site), 'SIGKILL');
};

export const killBoth: Blow = async ({ site }) => {
  const pid = await postgresPid(site);
  site.controller?.child.kill('SIGKILL');
  process.kill(pid, 'SIGKILL');
  await site.controller?.ended;
  await site.start();
};

/** When the blow comes. */
export interface Moment {
  readonly title: string;
  reached(crash: CrashSite, intent: string): Promise<void>;
}

const STEP = `select 1 from commander.execution_steps s join commander.executions e on e.id = s.execution_id
  where e.correlation_id like $1 and coalesce(s.step->>'name', s.step->>'kind') = $2 and s.status = any($3)`;

/** A step is at work; the steps of a plan that is watched say "waiting" then. */
export function stepBegan(step: string): Moment {
  return { title: `${step} began`, reached: whenRow(STEP, step, ['running', 'waiting', 'succeeded']) };
}

export function stepEnded(step: string): Moment {
  return { title: `${step} ended`, reached: whenRow(STEP, step, ['succeeded']) };
}

export const planRecorded: Moment = {
  title: 'the plan is recorded and not proposed',
  reached: whenRow("select 1 from commander.plans where path = 'plans/' || rtrim($1, '/%') || '.yaml'"),
};

export const executionRecorded: Moment = {
  title: 'the merge was seen',
  reached: whenRow('select 1 from commander.executions where correlation_id like $1'),
};

function whenRow(text: string, ...values: readonly unknown[]): Moment['reached'] {
  return async ({ database }, intent) => {
    await waitFor('the moment of the blow', async () => {
      const { rows } = await database.query(text, [`${intent}/%`, ...values]).catch(() => ({ rows: [] }));
      return rows.length > 0;
    });
  };
}

export function after(milliseconds: number, what: string): Moment {
  return { title: `${Math.round(milliseconds)} ms after ${what}`, reached: () => sleep(milliseconds) };
}

/** The incident of an intent's release is in a state. */
export function incident(state: string): Moment {
  const text = `select 1 from commander.incidents i join commander.releases r on r.id = i.release_id
    join commander.executions e on e.id = r.execution_id where e.correlation_id like $1 and i.state = $2`;
  return { title: `when its incident is ${state}`, reached: whenRow(text, state) };
}

/** The rollback of an intent's release has a status. */
export function rollback(status: string): Moment {
  const text = `select 1 from commander.executions b join commander.releases r on r.id = b.release_id
    join commander.executions e on e.id = r.execution_id
    where e.correlation_id like $1 and b.kind = 'rollback' and (b.status = $2 or b.finished_at is not null)`;
  return { title: `when its rollback is ${status}`, reached: whenRow(text, status) };
}
