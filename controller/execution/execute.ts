import type { ExecutionRecord, PlanRecord, StepRecord } from '../domain/records.js';
import { ForgeUnavailable } from '../ports/forge.js';
import type { Transaction } from '../ports/store.js';
import { candidateId } from './candidate.js';
import { finish } from './finish.js';
import { jobOf } from './lanes.js';
import { type ExecutionNeeds, Superseded } from './needs.js';
import { restore } from './restore.js';
import { rollBack } from './roll-back.js';
import { walk } from './run.js';
import { discardCandidate } from './steps.js';
import { whileOurs } from './while-ours.js';

/** How long a plan execution that waits for a time (a freeze) sleeps before it looks again. */
const LOOK_AGAIN_SECONDS = 30;
const ROLLBACK_AGAIN_SECONDS = 10;

/** Runs one execution as far as it goes now. Every attempt takes it over with a new epoch, so an older attempt can do no more. */
export async function runExecution(needs: ExecutionNeeds, id: string, signal: AbortSignal): Promise<void> {
  const execution = await needs.store.transaction((tx) => tx.write.claimExecution(Number(id)));
  if (execution === null || !['waiting', 'running', 'stuck'].includes(execution.status)) return;
  try {
    await whileOurs(needs, execution, signal, (ours) => attempt(needs, execution, ours));
  } catch (error) {
    if (error instanceof Superseded) {
      needs.log.info({ execution: execution.id, reason: error.message }, 'attempt was taken over');
      return settleAbort(needs, execution.id);
    }
    if (signal.aborted) throw error;
    await tellTrouble(needs, execution, briefly(error));
    if (execution.kind === 'plan') throw error;
  }
}

/** What went wrong outside of a step stands on the execution. A rollback is tried again soon, a restore by the next look for drift. */
async function tellTrouble(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  message: string,
): Promise<void> {
  needs.log.error(
    { execution: execution.id, kind: execution.kind, error: message },
    'execution is in trouble',
  );
  await needs.store.transaction(async (tx) => {
    const reason = execution.kind === 'restore' ? message : `${message} (tried again)`;
    if (!(await tx.write.patchExecution(execution.id, execution.epoch, { reason }))) return;
    if (execution.reason !== reason) await tellTrail(tx, execution, reason);
    if (execution.kind === 'restore') await finish(tx, needs.clock, execution, 'failed', message, 'watchdog');
    if (execution.kind === 'rollback')
      await tx.write.job(jobOf(execution, later(needs, ROLLBACK_AGAIN_SECONDS)));
  });
}

/** Once for each reason: so that it is seen where people look, and not at each try. */
async function tellTrail(tx: Transaction, execution: ExecutionRecord, reason: string): Promise<void> {
  await tx.write.audit({
    actor: 'controller',
    action: 'execution.in-trouble',
    subject: `execution:${execution.id}`,
    digest: execution.planDigest,
    reason,
    data: {},
  });
}

async function attempt(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  signal: AbortSignal,
): Promise<void> {
  if (execution.abort !== null) return settleAbort(needs, execution.id);
  if (execution.kind === 'rollback') return rollBack(needs, execution, signal);
  if (execution.kind === 'restore') return restore(needs, execution, signal);
  const [plan, steps] = await Promise.all([
    needs.store.plans.get(execution.planDigest),
    needs.store.executions.steps(execution.id),
  ]);
  if (plan === null) throw new Error(`Execution ${execution.id} has no plan ${execution.planDigest}`);
  return runPlan(needs, execution, plan, steps, signal);
}

async function runPlan(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  record: PlanRecord,
  steps: readonly StepRecord[],
  signal: AbortSignal,
): Promise<void> {
  const untouched = steps.every((step) => step.status === 'pending');
  const denied = untouched ? await deniedNow(needs, record) : null;
  if (denied !== null) return refuse(needs, execution, record, denied);
  const begin = (tx: Transaction) => recordStart(tx, needs, execution);
  const stop = await walk({ needs, execution, plan: record.plan, steps, signal, begin });
  if (stop.kind === 'over') {
    return needs.store.transaction(async (tx) => {
      const current = await tx.executions.get(execution.id);
      if (current?.epoch === execution.epoch)
        await finish(tx, needs.clock, execution, stop.status, stop.reason, 'controller');
    });
  }
  await needs.store.transaction(async (tx) => {
    const status = stop.reason.startsWith('watching') ? 'running' : 'waiting';
    if (!(await tx.write.patchExecution(execution.id, execution.epoch, { status, reason: stop.reason })))
      return;
    if (stop.forTime === true) await tx.write.job(jobOf(execution, later(needs, LOOK_AGAIN_SECONDS)));
  });
}

function later(needs: ExecutionNeeds, seconds: number): Date {
  return new Date(needs.clock.now().getTime() + seconds * 1000);
}

/** The last look before anything is touched: at the forge, and at what the plan takes for granted. */
async function deniedNow(needs: ExecutionNeeds, record: PlanRecord): Promise<string | null> {
  const forge = needs.forges.get(record.repository);
  // Another controller of this database may follow it: this one must not decide for it.
  if (forge === undefined) throw new Error(`This controller does not follow ${record.repository}`);
  if (record.proposal === null) return 'its proposal is not known';
  await forge.refresh();
  const [check, changed] = await Promise.all([
    forge.checkApproval(record.plan, record.path, record.file, record.proposal),
    needs.planCheck.changed(record.plan),
  ]);
  if (check.kind === 'not-merged') return 'it is not on the protected branch any more';
  return check.kind === 'refused' ? check.reason : changed;
}

async function refuse(
  needs: ExecutionNeeds,
  execution: ExecutionRecord,
  record: PlanRecord,
  reason: string,
): Promise<void> {
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.patchExecution(execution.id, execution.epoch, {})))
      throw new Superseded(`execution ${execution.id} was taken over`);
    await finish(tx, needs.clock, execution, 'failed', `not run: ${reason}`, 'controller');
    await tx.write.planStatus(record.digest, ['failed'], 'stale', `not run: ${reason}`);
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.refused',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason: `not run: ${reason}`,
      data: { execution: execution.id },
    });
    const intent = await tx.intents.get(record.intentId);
    if (intent?.state === 'planned' && intent.planDigest === record.digest)
      await tx.write.patchIntent(record.intentId, { state: 'pending', checkAt: null });
    await tx.write.job({ task: 'plan-intent', id: record.intentId, queue: null, runAt: null, priority: 0 });
  });
  needs.log.warn({ execution: execution.id, plan: record.digest, reason }, 'approved plan is not run');
}

async function recordStart(
  tx: Transaction,
  { clock }: ExecutionNeeds,
  execution: ExecutionRecord,
): Promise<void> {
  const startedAt = execution.startedAt ?? clock.now();
  await tx.write.patchExecution(execution.id, execution.epoch, { status: 'running', reason: '', startedAt });
  if (execution.startedAt !== null) return;
  await tx.write.planStatus(execution.planDigest, ['approved'], 'running', '');
  await tx.write.audit({
    actor: 'controller',
    action: 'execution.started',
    subject: `execution:${execution.id}`,
    digest: execution.planDigest,
    reason: `${execution.action} ${execution.service}`,
    data: { environments: [...execution.environments] },
  });
}

/** A person said stop: what was started and never reached is removed; what users reach stays as it is. */
async function settleAbort(needs: ExecutionNeeds, id: number): Promise<void> {
  const execution = await needs.store.executions.get(id);
  if (execution === null || execution.abort === null || execution.finishedAt !== null) return;
  const reason = execution.abort;
  for (const environment of execution.environments) {
    await discardCandidate({ needs }, candidateId(execution, environment), reason);
  }
  await needs.store.transaction(async (tx) => {
    for (const release of await tx.releases.ofExecution(execution.id)) {
      if (release.state !== 'watching') continue;
      await tx.write.patchRelease(release.id, { state: 'held' });
      await tx.write.patchWatch(release.id, { endedAt: needs.clock.now(), reason });
    }
    await finish(tx, needs.clock, execution, 'aborted', reason, 'controller');
  });
}

/** What differs each time (an address, a moment) would be another reason each time. */
function briefly(error: unknown): string {
  if (error instanceof ForgeUnavailable) return error.brief;
  return error instanceof Error ? error.message : String(error);
}
