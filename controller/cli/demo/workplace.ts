import type { PlanView } from '../../triggers/api/views.js';
import { type Client, person } from '../client.js';
import type { CliContext } from '../context.js';
import { commitAll, git, identity } from '../git.js';

export type OpenPlan = PlanView & { readonly branch: string };

/** Where people of the demo commit, read and approve. */
export interface Workplace {
  readonly kind: 'local' | 'github';
  /** Of the controller: which repository it follows, and as whom. */
  readonly env: Readonly<Record<string, string>>;
  /** Commits everything in the GitOps repository, and publishes it. */
  commit(message: string): Promise<void>;
  /** A plan's file as it is proposed. */
  planFile(plan: OpenPlan, path: string): Promise<string>;
  /** What there is to see of a proposal besides its branch. */
  proposal(plan: OpenPlan): Promise<readonly string[]>;
  /** People approve a plan; says what they did. `first` is done in the plainest way that the forge knows. */
  approve(intent: string, plan: OpenPlan, way: 'first' | 'again'): Promise<string>;
  /** What the forge shows of a plan's release when it is over. */
  outcome(intent: string): Promise<readonly string[]>;
  /** Where an incident is to be read; null while it is not there. */
  incident(id: number): Promise<string | null>;
  close(): Promise<void>;
}

/** The repository itself: branches and merges. */
export function localWorkplace(gitops: string, context: () => CliContext, client: () => Client): Workplace {
  return {
    kind: 'local',
    env: { GITOPS_REPOSITORIES: gitops, GITHUB_REPOSITORY: '' },
    commit: async (message) => {
      await commitAll(gitops, message);
    },
    planFile: (plan, path) => git(gitops, 'show', `${plan.branch}:${path}`),
    proposal: async () => [],
    approve: async (intent, plan, way) => {
      if (way === 'again') {
        await client().post('/v1/approve', { intent, person: await person(context()) });
        return `commander approve ${intent}`;
      }
      const merge = ['merge', '--quiet', '--no-ff', '--no-edit', plan.branch];
      await git(gitops, ...(await identity(gitops)), ...merge);
      return `git merge ${plan.branch}`;
    },
    outcome: async () => [],
    incident: async (id) => {
      const branch = `commander/incident-${id}`;
      return (await git(gitops, 'branch', '--list', branch)) === '' ? null : `on the branch ${branch}`;
    },
    close: async () => undefined,
  };
}
