import { type CommitIdentity, isWrittenBy } from '../../domain/commit-identity.js';
import type { DeploymentPlan } from '../../domain/plan.js';
import type { Forge, ProposalReference, ProposeRequest, ProposeResult } from '../../ports/forge.js';
import { hasFile } from '../../ports/has-file.js';
import type { Log } from '../../ports/log.js';
import {
  type CommitInfo,
  type GitOpsRepository,
  MergeRefused,
  RefMoved,
  RepositoryUnavailable,
} from '../../ports/repositories.js';
import { checkLocalApproval } from './local-approval.js';

export interface LocalForgeOptions {
  readonly repository: GitOpsRepository;
  readonly log: Log;
  /** Whose commits on proposal branches are ours; the identity that the repository writes with. */
  readonly identity: CommitIdentity;
}

const TRIES = 3;

/** The repository itself as forge: a proposal is a branch, an approval is a merge by a person. */
export function createLocalForge({ repository, log, identity }: LocalForgeOptions): Forge {
  async function propose(request: ProposeRequest, attempt = 1): Promise<ProposeResult> {
    const branch = `commander/${request.plan.intent.name}`;
    const base = await repository.head();
    if (base === null) {
      throw new RepositoryUnavailable(
        `Branch ${repository.branch} of ${repository.id} has no commit yet. Commit commander.yaml to it.`,
      );
    }
    const present = await repository.head(branch);
    const there = present === null ? null : await repository.commit(present);
    if (there !== null && there.oid !== request.previous?.head && !isWrittenBy(there, identity)) {
      return { kind: 'foreign-head', foreign: { head: there.oid, author: nameOf(there.author) } };
    }
    const message = `${request.title}\n\n${request.body.trim()}\n`;
    if (there !== null && (await carries(there, base, message, request))) return proposed(branch, there.oid);
    try {
      const files = { [request.path]: request.file };
      const head = await repository.writeBranch({
        branch,
        expected: present,
        parents: [base],
        files,
        message,
      });
      return proposed(branch, head);
    } catch (error) {
      if (!(error instanceof RefMoved) || attempt === TRIES) throw error;
      return propose(request, attempt + 1);
    }
  }

  /** Is it on the present base, or merged into it already, with the same words and the same file? Then nothing is to be written. */
  async function carries(
    there: CommitInfo,
    base: string,
    message: string,
    request: ProposeRequest,
  ): Promise<boolean> {
    if (there.parents.length !== 1 || there.message !== message) return false;
    if (there.parents[0] !== base && !(await repository.contains(base, there.oid))) return false;
    return hasFile(repository, there.oid, request.path, request.file);
  }

  return {
    kind: 'local',
    refresh: async () => {},
    standing: async ({ branch }) => {
      const head = await repository.head(branch);
      return head === null ? { kind: 'gone' } : { kind: 'open', head, obstacle: null };
    },
    propose: (request) => propose(request),
    async close(reference, reason) {
      const present = await repository.head(reference.branch);
      if (present === null) return;
      const fields = { branch: reference.branch, head: present, reason };
      if (present !== reference.head) {
        log.warn(fields, 'proposal closed; its branch has somebody else’s commit and was left');
        return;
      }
      try {
        await repository.deleteBranch(reference.branch, reference.head);
        log.info(fields, 'proposal closed');
      } catch (error) {
        if (!(error instanceof RefMoved) && !(error instanceof RepositoryUnavailable)) throw error;
        log.warn({ ...fields, problem: error.message }, 'proposal closed; its branch was left');
      }
    },
    checkApproval: (plan, path, file, reference) =>
      checkLocalApproval({ repository, plan, path, file, reference }),
    proposeBranch: async () => null,
    async approve(plan, reference, person) {
      const present = await repository.head(reference.branch);
      if (present !== reference.head) {
        throw new MergeRefused(
          present === null
            ? `The proposal ${reference.branch} is gone: it was closed or merged already.`
            : `The proposal ${reference.branch} has changed since it was recorded (${present.slice(0, 12)}). Look at it again, then approve or "git merge" it.`,
        );
      }
      return repository.merge(reference.branch, reference.head, approvalMessage(plan, reference), person);
    },
  };
}

function proposed(branch: string, head: string): ProposeResult {
  return { kind: 'proposed', reference: { branch, head, number: null, url: null } };
}

function approvalMessage(plan: DeploymentPlan, { branch }: ProposalReference): string {
  return `Approve the plan for ${plan.intent.name}\n\nMerges ${branch}.\n\nPlan-Digest: ${plan.digest}\n`;
}

function nameOf({ name, email }: { readonly name: string; readonly email: string }): string {
  return `${name} <${email}>`;
}
