import type { CommitIdentity } from '../domain/commit-identity.js';
import type { PlanStatus } from '../domain/plan.js';
import type { PlanRecord, StoredProposal } from '../domain/records.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { PlanCheck } from '../ports/plan-check.js';
import type { PlanEditor } from '../ports/plan-editor.js';
import { FileTooLarge, type GitOpsRepository } from '../ports/repositories.js';
import type { Store, Transaction } from '../ports/store.js';
import { startExecution } from './start-execution.js';

export interface ApprovalNeeds {
  readonly store: Store;
  /** By repository id. */
  readonly forges: ReadonlyMap<string, Forge>;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly planCheck: PlanCheck;
  readonly planEditor: PlanEditor;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose commits on the controller's branches are its own. */
  readonly identity: CommitIdentity;
}

const PLAN_FILE_LIMIT = 1024 * 1024;

/**
 * Looks at one plan and does what follows from how it stands: propose it, see whether it was merged, start it, or take
 * its proposal away. Asked at the source each time, so repeating it changes nothing.
 */
export async function settlePlan(needs: ApprovalNeeds, digest: string): Promise<void> {
  const record = await needs.store.plans.get(digest);
  if (record === null) return;
  const forge = needs.forges.get(record.repository);
  if (forge === undefined)
    return explain(needs, record, `this controller does not follow ${record.repository}`);
  if (record.status !== 'pending_approval') return closeIfOver(needs, forge, record);
  const proposal =
    record.proposal ?? (await propose(needs, forge, record, await inheritedProposal(needs, record)));
  if (proposal === null) return;
  const check = await forge.checkApproval(record.plan, record.path, record.file, proposal);
  if (check.kind === 'approved') return approve(needs, record, check.by, check.commit);
  if (record.expiresAt <= needs.clock.now()) return expire(needs, record);
  if (check.kind === 'refused') return explain(needs, record, check.reason);
  await tendProposal(needs, forge, record, proposal);
}

/** The branch of the plan that this one replaces is taken over, so that people see one proposal per intent. */
async function inheritedProposal(needs: ApprovalNeeds, record: PlanRecord): Promise<StoredProposal | null> {
  const earlier = await needs.store.plans.ofIntent(record.intentId, 20);
  return earlier.find((other) => other.digest !== record.digest && other.proposal !== null)?.proposal ?? null;
}

async function propose(
  needs: ApprovalNeeds,
  forge: Forge,
  record: PlanRecord,
  previous: StoredProposal | null,
): Promise<StoredProposal | null> {
  const title = titleOf(record.body, record.digest);
  const result = await forge.propose({
    plan: record.plan,
    path: record.path,
    file: record.file,
    title,
    body: record.body,
    previous,
  });
  if (result.kind === 'foreign-head') {
    if (previous === null) {
      await explain(
        needs,
        record,
        `the branch commander/${record.plan.intent.name} exists and is not ours (${result.foreign.author} at ${result.foreign.head.slice(0, 12)}): delete it or rename it, then run commander retry ${record.plan.intent.name}`,
      );
      return null;
    }
    await adoptEdit(needs, record, result.foreign.head, result.foreign.author);
    return null;
  }
  const { reference } = result;
  await needs.store.transaction((tx) => recordProposal(tx, needs, record, reference, previous));
  needs.log.info(
    {
      intent: record.plan.intent.name,
      plan: record.digest,
      branch: reference.branch,
      head: reference.head,
    },
    'proposed plan',
  );
  return reference;
}

async function recordProposal(
  tx: Transaction,
  { clock }: ApprovalNeeds,
  { digest, intentId, plan, body }: PlanRecord,
  reference: StoredProposal,
  previous: StoredProposal | null,
): Promise<void> {
  // Takes the row, so that of two who proposed the same plan at the same time one records it.
  await tx.write.patchPlan(digest, { updatedAt: clock.now() });
  const now = await tx.plans.get(digest);
  if (now?.proposal?.head === reference.head) return;
  for (const earlier of await tx.plans.ofIntent(intentId, 20)) {
    if (earlier.digest !== digest && earlier.proposal?.branch === reference.branch)
      await tx.write.patchPlan(earlier.digest, { proposal: null });
  }
  await tx.write.patchPlan(digest, { proposal: reference, updatedAt: clock.now() });
  await tx.write.audit({
    actor: 'controller',
    action: previous === null ? 'plan.proposed' : 'plan.proposal-updated',
    subject: `intent:${plan.intent.name}`,
    digest,
    reason: titleOf(body, digest),
    data: { branch: reference.branch, head: reference.head },
  });
  // Withdrawn or replaced meanwhile: whoever did that found no proposal to close.
  if (now?.status !== 'pending_approval')
    await tx.write.job({ task: 'settle-plan', id: digest, queue: null, runAt: null, priority: 0 });
}

function titleOf(body: string, digest: string): string {
  return body.split('\n', 1)[0] ?? digest;
}

/** Is our branch as we left it? A person's commit on it is an edit; a deleted branch is a no. */
async function tendProposal(
  needs: ApprovalNeeds,
  forge: Forge,
  record: PlanRecord,
  proposal: StoredProposal,
): Promise<void> {
  if (forge.kind !== 'local') return;
  const repository = needs.repositories.get(record.repository);
  if (repository === undefined) return;
  const head = await repository.head(proposal.branch);
  if (head === proposal.head) return;
  if (head === null) {
    // Merged and deleted since we asked?
    const check = await forge.checkApproval(record.plan, record.path, record.file, proposal);
    if (check.kind === 'approved') return approve(needs, record, check.by, check.commit);
    const reason = `its branch ${proposal.branch} was deleted without being merged`;
    return rejectPlan(needs, record, 'git:somebody', reason);
  }
  const { author } = await repository.commit(head);
  await adoptEdit(needs, record, head, author.name);
}

async function adoptEdit(
  needs: ApprovalNeeds,
  record: PlanRecord,
  head: string,
  editor: string,
): Promise<void> {
  const edited = await editedFile(needs, record, head);
  if (!edited.ok) return explain(needs, record, `${editor} ${edited.reason}`);
  const own = record.proposal ?? (await inheritedProposal(needs, record));
  const proposal = own === null ? null : { ...own, head };
  const { intentId, digest, path } = record;
  const { file } = edited;
  const adoption = await needs.planEditor.adopt({ intentId, digest, path, file, editor, proposal });
  if (adoption.kind === 'refused')
    return explain(
      needs,
      record,
      `${editor} edited the plan on its branch, and the edit does not hold: ${adoption.reason}`,
    );
  const after = adoption.kind === 'adopted' ? adoption.digest : digest;
  await needs.store.transaction(async (tx) => {
    if (adoption.kind === 'unchanged') await tx.write.patchPlan(digest, { proposal });
    await tx.write.audit({
      actor: `git:${editor}`,
      action: 'plan.edited',
      subject: `intent:${record.plan.intent.name}`,
      digest: after,
      reason: `edited on its branch at ${head}`,
      data: { from: digest },
    });
    await tx.write.job({ task: 'settle-plan', id: after, queue: null, runAt: null, priority: 0 });
  });
}

type EditedFile =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly reason: string };

async function editedFile(needs: ApprovalNeeds, record: PlanRecord, head: string): Promise<EditedFile> {
  const repository = needs.repositories.get(record.repository);
  const entry = (await repository?.entry(head, record.path)) ?? null;
  if (repository === undefined || entry === null)
    return { ok: false, reason: `removed ${record.path} from the branch` };
  if (entry.kind !== 'file')
    return { ok: false, reason: `made ${record.path} a ${entry.kind} on the branch` };
  try {
    return { ok: true, file: (await repository.read(entry.oid, PLAN_FILE_LIMIT)).toString('utf8') };
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error;
    return { ok: false, reason: `made ${record.path} larger than ${PLAN_FILE_LIMIT} bytes on the branch` };
  }
}

async function approve(
  needs: ApprovalNeeds,
  record: PlanRecord,
  by: readonly string[],
  commit: string,
): Promise<void> {
  const changed = await needs.planCheck.changed(record.plan);
  if (changed !== null) return stale(needs, record, changed, commit);
  const started = await needs.store.transaction(async (tx) => {
    if (
      !(await tx.write.planStatus(
        record.digest,
        ['pending_approval'],
        'approved',
        `merged by ${by.join(', ')}`,
      ))
    )
      return null;
    await tx.write.patchPlan(record.digest, {
      approvedBy: by,
      approvedCommit: commit,
      updatedAt: needs.clock.now(),
    });
    await tx.write.patchIntent(record.intentId, { checkAt: null });
    await tx.write.audit({
      actor: by[0] ?? 'git:unknown',
      action: 'plan.approved',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason: `merged in ${commit}`,
      data: { by: [...by], commit },
    });
    return startExecution(tx, record.plan);
  });
  if (started !== null)
    needs.log.info(
      { intent: record.plan.intent.name, plan: record.digest, execution: started, by },
      'plan approved',
    );
}

/** Merged, but the world moved on: not run, planned again. */
async function stale(
  needs: ApprovalNeeds,
  record: PlanRecord,
  changed: string,
  commit: string,
): Promise<void> {
  const expired = record.expiresAt <= needs.clock.now();
  const reason = `merged in ${commit.slice(0, 12)}, but not run: ${changed}`;
  await needs.store.transaction(async (tx) => {
    if (
      !(await tx.write.planStatus(record.digest, ['pending_approval'], expired ? 'expired' : 'stale', reason))
    )
      return;
    await tx.write.patchPlan(record.digest, { proposal: null });
    const intent = await tx.intents.get(record.intentId);
    if (intent?.state === 'planned' && intent.planDigest === record.digest)
      await tx.write.patchIntent(record.intentId, { state: 'pending', checkAt: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.refused',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: { commit },
    });
    await tx.write.job({ task: 'plan-intent', id: record.intentId, queue: null, runAt: null, priority: 0 });
  });
  needs.log.warn(
    { intent: record.plan.intent.name, plan: record.digest, reason },
    'merged plan is not executed',
  );
}

async function expire(needs: ApprovalNeeds, record: PlanRecord): Promise<void> {
  const reason = `nobody merged it before ${record.expiresAt.toISOString()}; commander retry ${record.plan.intent.name} plans it again`;
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.planStatus(record.digest, ['pending_approval'], 'expired', reason))) return;
    await tx.write.patchIntent(record.intentId, { checkAt: null });
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.expired',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: record.digest, queue: null, runAt: null, priority: 0 });
  });
}

export async function rejectPlan(
  needs: ApprovalNeeds,
  record: PlanRecord,
  actor: string,
  reason: string,
): Promise<void> {
  await needs.store.transaction(async (tx) => {
    if (!(await tx.write.planStatus(record.digest, ['pending_approval'], 'rejected', reason))) return;
    await tx.write.patchIntent(record.intentId, {
      state: 'rejected',
      detail: [reason],
      checkAt: null,
      updatedAt: needs.clock.now(),
    });
    await tx.write.audit({
      actor,
      action: 'plan.rejected',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
    await tx.write.job({ task: 'settle-plan', id: record.digest, queue: null, runAt: null, priority: 0 });
  });
  needs.log.info({ intent: record.plan.intent.name, plan: record.digest, reason }, 'plan rejected');
}

export const NEVER_RUN: readonly PlanStatus[] = ['superseded', 'expired', 'rejected', 'withdrawn', 'stale'];

/** A plan that will not be run keeps no proposal open, unless the plan that replaced it takes the branch over. */
async function closeIfOver(needs: ApprovalNeeds, forge: Forge, record: PlanRecord): Promise<void> {
  if (record.proposal === null || !NEVER_RUN.includes(record.status)) return;
  const intent = await needs.store.intents.get(record.intentId);
  if (intent?.planDigest != null && intent.planDigest !== record.digest) return;
  await forge.close(record.proposal, record.statusReason);
  await needs.store.transaction(async (tx) => {
    await tx.write.patchPlan(record.digest, { proposal: null, updatedAt: needs.clock.now() });
  });
  needs.log.info(
    { intent: record.plan.intent.name, plan: record.digest, reason: record.statusReason },
    'proposal closed',
  );
}

/** Says on the plan why it is not run as it stands; it stays open. */
async function explain(needs: ApprovalNeeds, record: PlanRecord, reason: string): Promise<void> {
  if (record.statusReason === reason || record.status !== 'pending_approval') return;
  await needs.store.transaction(async (tx) => {
    await tx.write.planStatus(record.digest, ['pending_approval'], 'pending_approval', reason);
    await tx.write.audit({
      actor: 'controller',
      action: 'plan.not-approved',
      subject: `intent:${record.plan.intent.name}`,
      digest: record.digest,
      reason,
      data: {},
    });
  });
  needs.log.warn({ intent: record.plan.intent.name, plan: record.digest, reason }, 'plan is not approved');
}
