import type { PlanRecord, StoredProposal } from '../domain/records.js';
import type { Forge } from '../ports/forge.js';
import { FileTooLarge } from '../ports/repositories.js';
import type { Transaction } from '../ports/store.js';
import { approve } from './approve.js';
import type { ApprovalNeeds } from './needs.js';
import { explain, nothingInTheWay, rejectPlan } from './say.js';
import { seenClosed } from './seen-closed.js';

const PLAN_FILE_LIMIT = 1024 * 1024;

/** The branch of the plan that this one replaces is taken over, so that people see one proposal per intent. */
export async function inheritedProposal(
  needs: ApprovalNeeds,
  record: PlanRecord,
): Promise<StoredProposal | null> {
  const earlier = await needs.store.plans.ofIntent(record.intentId, 20);
  return earlier.find((other) => other.digest !== record.digest && other.proposal !== null)?.proposal ?? null;
}

/** Opens the proposal of a plan, or brings the intent's proposal up to date with it; null when a person's commit is in the way. */
export async function propose(
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
    const { head, author } = result.foreign;
    // Somebody's commit beside an earlier plan of ours is no edit of this one; it stays below what is written now.
    if (forge.kind === 'github' && previous.head !== head && (await carriesEarlierPlan(needs, record, head)))
      return propose(needs, forge, record, { ...previous, head });
    await adoptEdit(needs, record, { at: head, head, editor: author });
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

/** Is the plan's file at a commit just as we wrote it for an earlier plan of the same intent? */
async function carriesEarlierPlan(needs: ApprovalNeeds, record: PlanRecord, head: string): Promise<boolean> {
  const there = await editedFile(needs, record, head);
  if (!there.ok) return false;
  const earlier = await needs.store.plans.ofIntent(record.intentId, 20);
  return earlier.some(({ digest, file }) => digest !== record.digest && file === there.file);
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
    if (earlier.digest !== digest && carriedBy(earlier.proposal, reference))
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

/** Is it the same proposal, which the newer plan takes over? A pull request of before stays its own plan's. */
function carriedBy(proposal: StoredProposal | null, { branch, number }: StoredProposal): boolean {
  return proposal !== null && proposal.branch === branch && proposal.number === number;
}

function titleOf(body: string, digest: string): string {
  return body.split('\n', 1)[0] ?? digest;
}

/** Is our proposal as we left it? A person's commit on it is an edit; closing it or deleting its branch is a no. */
export async function tendProposal(
  needs: ApprovalNeeds,
  forge: Forge,
  record: PlanRecord,
  proposal: StoredProposal,
): Promise<void> {
  const standing = await forge.standing(proposal);
  switch (standing.kind) {
    case 'merged':
      return;
    case 'closed':
      if (proposal.number !== null) await seenClosed(needs, record.repository, proposal.number);
      return rejectPlan(needs, record, standing.by, `#${proposal.number} was closed without being merged`);
    case 'gone':
      return tendDeleted(needs, forge, record, proposal);
    case 'open':
      if (standing.head !== proposal.head) return adoptHead(needs, record, standing.head);
      return standing.obstacle === null
        ? nothingInTheWay(needs, record)
        : explain(needs, record, standing.obstacle);
  }
}

async function tendDeleted(
  needs: ApprovalNeeds,
  forge: Forge,
  record: PlanRecord,
  proposal: StoredProposal,
): Promise<void> {
  // Merged and deleted since we asked?
  const check = await forge.checkApproval(record.plan, record.path, record.file, proposal);
  if (check.kind === 'approved') return approve(needs, record, check.by, check.commit);
  const reason = `its branch ${proposal.branch} was deleted without being merged`;
  return rejectPlan(needs, record, 'git:somebody', reason);
}

async function adoptHead(needs: ApprovalNeeds, record: PlanRecord, head: string): Promise<void> {
  const commit = await needs.repositories.get(record.repository)?.commit(head);
  if (commit !== undefined) await adoptEdit(needs, record, { at: head, head, editor: commit.author.name });
}

export interface SeenEdit {
  /** The commit at which the edited file is read. */
  readonly at: string;
  /** The head of the proposal that carries it. */
  readonly head: string;
  readonly editor: string;
}

/** Takes what a person made of the plan's file as the new request; says why where that does not hold. */
export async function adoptEdit(
  needs: ApprovalNeeds,
  record: PlanRecord,
  { at, head, editor }: SeenEdit,
): Promise<void> {
  const edited = await editedFile(needs, record, at);
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
