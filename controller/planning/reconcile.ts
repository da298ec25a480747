import type { IntentState } from '../domain/intent.js';
import type { EvidenceByField, Request } from '../domain/interpretation.js';
import type { DeploymentPlan } from '../domain/plan.js';
import type { IntentRecord, PlanRecord, StoredProposal } from '../domain/records.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { PlanCheck } from '../ports/plan-check.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store, Transaction } from '../ports/store.js';
import { renderPlan } from './documents/plan.js';
import { planBody } from './plan-body.js';
import type { Planner, PlanningResult } from './planner.js';
import { describeProblems, type WorldReader } from './world.js';

export const PLAN_FOLDER = 'plans';

export interface ReconcileNeeds {
  readonly store: Store;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly worlds: WorldReader;
  readonly planner: Planner;
  readonly planCheck: PlanCheck;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long planning waits before it tries again by itself, when something outside is away. */
const RETRY_SECONDS = 30;
const SETTLED: readonly IntentState[] = ['broken', 'suspended', 'withdrawn', 'rejected'];

/** Brings one intent to a plan, a question, a refusal or a block, and records that. Repeating it changes nothing. */
export async function reconcileIntent(needs: ReconcileNeeds, id: string): Promise<void> {
  const intent = await needs.store.intents.get(id);
  if (intent === null) return;
  const standing = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  if (SETTLED.includes(intent.state) || intent.document === null) return retire(needs, intent, standing);
  if (standing !== null && (await stands(needs, intent, standing))) return;
  if (await readAgainSoon(needs, intent)) return;
  const result = await planNow(needs, intent, null);
  if (result !== null) await record(needs, intent, standing, result, 'controller', null);
}

/** Its file has changed and was not read yet: that read plans it. What it said before is not worth a proposal. */
async function readAgainSoon(needs: ReconcileNeeds, intent: IntentRecord): Promise<boolean> {
  const repository = needs.repositories.get(intent.repository);
  const head = await repository?.head();
  if (repository === undefined || !head) return false;
  const entry = await repository.entry(head, intent.path);
  return entry?.oid !== intent.blob;
}

/** Takes a person's edit of the proposed plan as the new request, checked like any other. */
export async function reconcileEdit(
  needs: ReconcileNeeds,
  edited: EditedRequest,
): Promise<PlanningResult | null> {
  const intent = await needs.store.intents.get(edited.intentId);
  if (intent === null || intent.document === null) return null;
  const standing = intent.planDigest === null ? null : await needs.store.plans.get(intent.planDigest);
  const result = await planNow(needs, intent, edited);
  if (result?.kind !== 'plan') return result;
  const objection = edited.objection(result.plan);
  if (objection !== null) return { kind: 'refused', reason: objection };
  const recorded = await record(needs, intent, standing, result, `git:${edited.editor}`, edited.proposal);
  return recorded ? result : { kind: 'waiting', reason: 'the intent changed meanwhile; looked at again' };
}

export interface EditedRequest {
  readonly intentId: string;
  readonly request: Request;
  readonly evidence: EvidenceByField;
  readonly editor: string;
  /** Where the edit was seen: the plan that comes of it takes that over. */
  readonly proposal: StoredProposal | null;
  /** Why the plan that comes of it is not what was written; null when it is. */
  readonly objection: (plan: DeploymentPlan) => string | null;
}

/** A plan of this revision that runs, ran, or is open and still holds needs no other. */
async function stands(needs: ReconcileNeeds, intent: IntentRecord, standing: PlanRecord): Promise<boolean> {
  if (intent.state === 'pending' || standing.plan.assumptions.intentRevision !== intent.revision)
    return false;
  if (standing.status === 'pending_approval' && standing.expiresAt <= needs.clock.now()) {
    await needs.store.transaction((tx) => settleLater(tx, standing.digest));
    return true;
  }
  if (standing.status === 'pending_approval') return (await needs.planCheck.changed(standing.plan)) === null;
  return standing.status !== 'stale' && standing.status !== 'superseded';
}

/** What the intent comes to now; null when it was answered already (the repository could not be read). */
async function planNow(
  needs: ReconcileNeeds,
  intent: IntentRecord,
  edited: { readonly request: Request; readonly evidence: EvidenceByField } | null,
): Promise<PlanningResult | null> {
  const repository = needs.repositories.get(intent.repository);
  const head = await repository?.head();
  if (repository === undefined || !head || intent.document === null) {
    return {
      kind: 'waiting',
      reason: `${intent.repository} is not followed by this controller or has no protected branch`,
    };
  }
  const read = await needs.worlds.read(repository, head);
  if (!read.ok) return { kind: 'waiting', reason: describeProblems(read.problems).join(' ') };
  const source = { repository: intent.repository, path: intent.path, commit: intent.commit };
  return needs.planner({ document: intent.document, source, world: read.world, edited });
}

async function record(
  needs: ReconcileNeeds,
  intent: IntentRecord,
  standing: PlanRecord | null,
  result: PlanningResult,
  actor: string,
  proposal: StoredProposal | null,
): Promise<boolean> {
  const next = await stateFor(needs, result);
  const recorded = await needs.store.transaction(async (tx) => {
    if (!(await unchangedSince(tx, intent))) {
      await tx.write.job({ task: 'plan-intent', id: intent.id, queue: null, runAt: null, priority: 0 });
      return false;
    }
    const plan = result.kind === 'plan' ? planRecord(needs, intent, result.plan) : null;
    if (plan !== null) await tx.write.plan(plan);
    const open = standing?.status === 'pending_approval';
    if (standing !== null && open) {
      await tx.write.planStatus(
        standing.digest,
        ['pending_approval'],
        'superseded',
        plan === null ? next.detail.join(' ') : `replaced by ${plan.digest}`,
      );
      if (proposal !== null) await tx.write.patchPlan(standing.digest, { proposal });
      await tx.write.audit({
        actor,
        action: 'plan.superseded',
        subject: `intent:${intent.name}`,
        digest: standing.digest,
        reason: plan === null ? next.detail.join(' ') : `replaced by ${plan.digest}`,
        data: {},
      });
      await settleLater(tx, standing.digest);
    }
    const digest = plan?.digest ?? (open || next.state === 'blocked' ? null : intent.planDigest);
    await tx.write.patchIntent(intent.id, { ...next, planDigest: digest, updatedAt: needs.clock.now() });
    if (next.state !== intent.state || next.detail.join() !== intent.detail.join() || plan !== null) {
      await tx.write.audit({
        actor,
        action: `intent.${next.state}`,
        subject: `intent:${intent.name}`,
        digest: plan?.digest ?? null,
        reason: next.detail.join(' ') || 'planned',
        data: { revision: intent.revision, path: intent.path, commit: intent.commit },
      });
    }
    if (plan !== null) await settleLater(tx, plan.digest);
    return true;
  });
  if (!recorded) return false;
  needs.log.info(
    {
      intent: intent.name,
      state: next.state,
      detail: next.detail,
      plan: result.kind === 'plan' ? result.plan.digest : null,
    },
    'planned intent',
  );
  return true;
}

/** Of two that plan an intent at once, or plan it while it is edited, one records its result; the other looks again. */
async function unchangedSince(tx: Transaction, seen: IntentRecord): Promise<boolean> {
  // Waits for whoever writes this intent now.
  await tx.write.patchIntent(seen.id, {});
  const now = await tx.intents.get(seen.id);
  return (
    now !== null &&
    (['revision', 'state', 'planDigest'] as const).every((field) => now[field] === seen[field])
  );
}

interface Next {
  readonly state: IntentState;
  readonly detail: readonly string[];
  readonly checkAt: Date | null;
}

async function stateFor(needs: ReconcileNeeds, result: PlanningResult): Promise<Next> {
  switch (result.kind) {
    case 'plan':
      return { state: 'planned', detail: [], checkAt: new Date(result.plan.expiresAt) };
    case 'blocked':
      return { state: 'blocked', detail: result.reasons, checkAt: result.until };
    case 'question':
      return { state: 'question', detail: result.questions.map(describeQuestion), checkAt: null };
    case 'refused':
      return { state: 'refused', detail: [result.reason], checkAt: null };
    case 'waiting':
      return {
        state: 'waiting',
        detail: [result.reason],
        checkAt: new Date(needs.clock.now().getTime() + RETRY_SECONDS * 1000),
      };
  }
}

export function describeQuestion(question: {
  readonly question: string;
  readonly choices: readonly string[];
}): string {
  const missing = question.choices.filter((choice) => !question.question.includes(choice));
  return missing.length === 0 ? question.question : `${question.question} (${question.choices.join(', ')})`;
}

function planRecord(needs: ReconcileNeeds, intent: IntentRecord, plan: DeploymentPlan): PlanRecord {
  return {
    digest: plan.digest,
    intentId: intent.id,
    repository: intent.repository,
    status: 'pending_approval',
    statusReason: '',
    plan,
    path: `${PLAN_FOLDER}/${intent.name}.yaml`,
    file: renderPlan(plan),
    body: planBody(plan),
    proposal: null,
    hold: null,
    approvedBy: [],
    approvedCommit: null,
    createdAt: needs.clock.now(),
    expiresAt: new Date(plan.expiresAt),
    updatedAt: needs.clock.now(),
  };
}

/** The intent is gone, on hold or unreadable: its open plan is withdrawn. */
async function retire(
  needs: ReconcileNeeds,
  intent: IntentRecord,
  standing: PlanRecord | null,
): Promise<void> {
  if (standing?.status !== 'pending_approval') return;
  const reason = intent.state === 'withdrawn' ? 'the intent was deleted' : `the intent is ${intent.state}`;
  await needs.store.transaction(async (tx) => {
    await tx.write.planStatus(
      standing.digest,
      ['pending_approval'],
      intent.state === 'rejected' ? 'rejected' : 'withdrawn',
      reason,
    );
    await tx.write.patchIntent(intent.id, { planDigest: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.withdrawn',
      subject: `intent:${intent.name}`,
      digest: standing.digest,
      reason,
      data: {},
    });
    await settleLater(tx, standing.digest);
  });
}

async function settleLater(tx: Transaction, digest: string): Promise<void> {
  await tx.write.job({ task: 'settle-plan', id: digest, queue: null, runAt: null, priority: 0 });
}
