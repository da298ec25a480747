import { approvalDemandsOf, type DeploymentPlan } from '../../domain/plan.js';
import type { ApprovalCheck, ProposalReference } from '../../ports/forge.js';
import { hasFile } from '../../ports/has-file.js';
import {
  type CommitInfo,
  type CommittedFile,
  type GitOpsRepository,
  ObjectMissing,
} from '../../ports/repositories.js';

export interface ApprovalQuestion {
  readonly repository: GitOpsRepository;
  readonly plan: DeploymentPlan;
  readonly path: string;
  /** The plan's file as it was proposed. */
  readonly file: string;
  readonly reference: ProposalReference;
}

/** The question, and what the protected branch has at the plan's path (null: nothing). */
interface Seen extends ApprovalQuestion {
  readonly head: string;
  readonly entry: CommittedFile | null;
}

/**
 * Approved means: the protected branch has the plan's file, byte for byte, and it came with the proposal's own commit (a
 * merge or a fast-forward), or as the very same file while the proposal was open (a squash or rebase by a person).
 */
export async function checkLocalApproval(question: ApprovalQuestion): Promise<ApprovalCheck> {
  const { repository, path, reference } = question;
  const head = await repository.head();
  if (head === null) return { kind: 'not-merged' };
  const seen = { ...question, head, entry: await repository.entry(head, path) };
  try {
    const check = (await repository.contains(head, reference.head))
      ? await merged(seen)
      : await notReached(seen);
    return check.kind === 'approved' ? withDemands(question.plan, check) : check;
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    return refuse(`the proposal's commit ${short(reference.head)} is not in the repository`);
  }
}

/** Here is seen who merged, and nobody else: what asks for more cannot be met. */
function withDemands(plan: DeploymentPlan, approved: ApprovalCheck): ApprovalCheck {
  const { approvals, approvers } = approvalDemandsOf(plan);
  if (approvals <= 1 && approvers.length === 0) return approved;
  const wanted = [
    ...(approvals > 1 ? [`${approvals} approvals`] : []),
    ...approvers.map((logins) => `an approval by ${logins.join(' or ')}`),
  ];
  return refuse(`an SOP demands ${wanted.join(' and ')}, and this forge knows no reviews`);
}

/** The proposal's commit is part of the protected branch: is its file still what was merged? */
async function merged({
  repository,
  plan,
  path,
  file,
  reference,
  head,
  entry,
}: Seen): Promise<ApprovalCheck> {
  const where = `${path} on ${repository.branch}`;
  if (entry === null) return refuse(`${where} was deleted after the merge`);
  const brought = await repository.introducedBy(head, path);
  if (brought === null) return refuse(`where ${where} comes from cannot be told`);
  if (!(await hasFile(repository, head, path, file))) {
    return refuse(
      `${where} was edited by hand (${describe(brought)}): it is not the proposed plan ${plan.digest}`,
    );
  }
  const before = brought.parents[0];
  if (before !== undefined && (await repository.contains(before, reference.head))) {
    return refuse(`${where} was edited by hand after the merge (${describe(brought)})`);
  }
  if (brought.oid === reference.head) {
    const mover = await repository.movedBy(brought.oid);
    const by = mover === null ? 'unknown person' : person(mover);
    return { kind: 'approved', by: [`git:${by} (fast-forward)`], commit: brought.oid };
  }
  if (!(await cameFromSide(repository, brought, path, reference, entry.oid))) {
    return refuse(`${where} was edited while it was merged (${describe(brought)})`);
  }
  return { kind: 'approved', by: [`git:${person(brought.committer)}`], commit: brought.oid };
}

/** Does the merge take the file as it is on the side that carries the proposal? */
async function cameFromSide(
  repository: GitOpsRepository,
  merge: CommitInfo,
  path: string,
  reference: ProposalReference,
  blob: string,
): Promise<boolean> {
  for (const side of merge.parents.slice(1)) {
    if (!(await repository.contains(side, reference.head))) continue;
    if ((await repository.entry(side, path))?.oid === blob) return true;
  }
  return false;
}

/** The proposal's commit is not part of the protected branch: has its file come there in another way? */
async function notReached({
  repository,
  plan,
  path,
  file,
  reference,
  head,
  entry,
}: Seen): Promise<ApprovalCheck> {
  if (entry === null) return { kind: 'not-merged' };
  const proposal = await repository.commit(reference.head);
  const base = proposal.parents[0];
  const original = base === undefined ? null : await repository.entry(base, path);
  if (entry.oid === original?.oid) return { kind: 'not-merged' };
  const brought = await repository.introducedBy(head, path);
  if (brought === null) return { kind: 'not-merged' };
  const offered = await repository.entry(reference.head, path);
  if (entry.oid !== offered?.oid) {
    const where = `${path} on ${repository.branch}`;
    return refuse(
      `${where} is not the proposed plan ${plan.digest}: it was edited by hand (${describe(brought)})`,
    );
  }
  const open = (await repository.head(reference.branch)) === reference.head;
  const same = open && (await hasFile(repository, head, path, file));
  if (!same)
    return refuse(
      `a plan pushed without a proposal (${describe(brought)}): merge the branch of the proposal`,
    );
  return { kind: 'approved', by: [`git:${person(brought.author)} (squashed)`], commit: brought.oid };
}

function refuse(reason: string): ApprovalCheck {
  return { kind: 'refused', reason };
}

function person({ name, email }: { readonly name: string; readonly email: string }): string {
  return `${name} <${email}>`;
}

function describe(commit: CommitInfo): string {
  const subject = commit.message.split('\n')[0]?.slice(0, 80) ?? '';
  return `commit ${short(commit.oid)} by ${person(commit.author)}: "${subject}"`;
}

function short(oid: string): string {
  return oid.slice(0, 12);
}
