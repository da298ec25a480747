import { isWrittenBy } from '../../domain/commit-identity.js';
import { messageLine } from '../../domain/commit-message.js';
import { approvalDemandsOf, type DeploymentPlan } from '../../domain/plan.js';
import type {
  ApprovalCheck,
  Forge,
  ProposalReference,
  ProposeRequest,
  ProposeResult,
  Standing,
} from '../../ports/forge.js';
import { hasFile } from '../../ports/has-file.js';
import type { Log } from '../../ports/log.js';
import { MergeRefused, RefMoved, RepositoryUnavailable } from '../../ports/repositories.js';
import { type FactsNeeds, gatherFacts, proposalNumber } from './approval-facts.js';
import { decideApproval } from './decide-approval.js';
import { createPulls } from './pulls.js';

export interface GitHubForgeOptions extends FactsNeeds {
  readonly log: Log;
}

const REFRESH_MS = 60_000;
const TRIES = 3;

/** GitHub as forge: a proposal is a pull request, an approval is its review and merge, checked at the source each time. */
export function createGitHubForge(options: GitHubForgeOptions): Forge {
  const { repository, identity, client, log } = options;
  const pulls = createPulls(client, repository.branch);
  const refresh = () => repository.refresh(AbortSignal.timeout(REFRESH_MS));

  async function propose(request: ProposeRequest, attempt = 1): Promise<ProposeResult> {
    const { plan, previous, path, file } = request;
    const branch = branchOf(plan);
    const over = await pulls.over(branch, plan.digest);
    if (over !== null) return { kind: 'proposed', reference: over };
    await refresh();
    const base = await repository.head();
    if (base === null)
      throw new RepositoryUnavailable(`Branch ${repository.branch} of ${repository.id} has no commit yet.`);
    const present = await repository.head(branch);
    const there = present === null ? null : await repository.commit(present);
    if (there !== null && there.oid !== previous?.head && !isWrittenBy(there, identity))
      return { kind: 'foreign-head', foreign: { head: there.oid, author: there.author.name } };
    try {
      const head =
        there !== null && (await hasFile(repository, there.oid, path, file))
          ? there.oid
          : await repository.writeBranch({
              branch,
              expected: present,
              parents: [base],
              files: { [path]: file },
              message: `${messageLine(request.title)}\n\nPlan-Digest: ${plan.digest}\n`,
            });
      const pull = await pulls.open(branch, request);
      return { kind: 'proposed', reference: { branch, head, ...pull } };
    } catch (error) {
      if (!(error instanceof RefMoved) || attempt === TRIES) throw error;
      return propose(request, attempt + 1);
    }
  }

  async function standing(reference: ProposalReference): Promise<Standing> {
    const pull = await pulls.get(proposalNumber(reference));
    if (pull.merged) return { kind: 'merged' };
    if (pull.state === 'closed') return { kind: 'closed', by: await pulls.closedBy(pull.number) };
    const obstacle =
      pull.base === repository.branch
        ? null
        : `#${pull.number} would be merged into ${pull.base}: change its base back to ${repository.branch}`;
    return { kind: 'open', head: pull.head, obstacle };
  }

  return {
    kind: 'github',
    refresh,
    propose: (request) => propose(request),
    standing,
    close: async (reference, reason) => {
      if (reference.number === null) return;
      const pull = await pulls.get(reference.number);
      if (pull.merged || pull.state === 'closed') return;
      await pulls.close(pull.number);
      const fields = { pull: pull.number, branch: reference.branch, reason };
      if (pull.head !== reference.head) {
        log.warn(fields, 'proposal closed; its branch has somebody else’s commit and was left');
        return;
      }
      try {
        await repository.deleteBranch(reference.branch, reference.head);
        log.info(fields, 'proposal closed');
      } catch (error) {
        if (!(error instanceof RefMoved)) throw error;
        log.warn({ ...fields, problem: error.message }, 'proposal closed; its branch was left');
      }
    },
    checkApproval: async (plan, path, file, reference): Promise<ApprovalCheck> => {
      await refresh();
      const head = await repository.head();
      if (head === null) return { kind: 'not-merged' };
      const number = proposalNumber(reference);
      const { intentRevision } = plan.assumptions;
      const intentPath = plan.intent.source.path;
      const { branch } = reference;
      const question = { path, file, intentPath, intentRevision, number, branch, head };
      return decideApproval(await gatherFacts(options, question), approvalDemandsOf(plan));
    },
    proposeBranch: async (branch, title, body) => (await pulls.openPlain(branch, title, body)).number,
    approve: async (_plan, reference) => {
      throw new MergeRefused(
        `On GitHub people approve a plan by reviewing and merging its pull request: ${reference.url ?? reference.branch}`,
      );
    },
  };
}

function branchOf(plan: DeploymentPlan): string {
  return `commander/${plan.intent.name}`;
}
