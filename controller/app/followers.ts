import type { ApprovalNeeds } from '../approval/needs.js';
import { reopenProposal } from '../approval/reopen.js';
import { settlePlan } from '../approval/settle.js';
import { StrayPlans } from '../approval/stray-plans.js';
import type { Config } from '../config.js';
import { Intake } from '../planning/intake.js';
import { surroundingsOf } from '../planning/preview.js';
import type { WorldReader } from '../planning/world.js';
import type { ForgeInbox } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Leadership } from '../ports/store.js';
import type { RepositoryState } from '../triggers/api/operations.js';
import { Follower } from '../triggers/follower.js';
import { type AskedBefore, lookAtPullRequests } from '../triggers/pull-requests.js';

export interface FollowerParts {
  readonly approval: ApprovalNeeds;
  readonly worlds: WorldReader;
  readonly inboxes: ReadonlyMap<string, ForgeInbox>;
  readonly config: Pick<Config, 'pollSeconds'>;
}

export interface Followed {
  readonly repository: GitOpsRepository;
  readonly follower: Follower;
  readonly strayPlans: StrayPlans;
}

const WAITING_FOR_A_FORGE = [
  'settle-plan',
  'write-incident',
  'report',
  'run-command',
  'preview-pull-request',
] as const;

/** A follower for each repository; `signal` ends their looks. */
export function createFollowers(parts: FollowerParts, signal: AbortSignal): readonly Followed[] {
  const { approval, worlds, config } = parts;
  const { store, clock, log } = approval;
  return [...approval.repositories.values()].map((repository) => {
    const strayPlans = new StrayPlans({ store, log }, repository);
    const needs = {
      repository,
      intake: new Intake({ store, clock, log }, repository),
      strayPlans,
      problemsAt: (commit: string) => worlds.problems(repository, commit),
      lookAtForge: forgeLook(parts, repository),
      settlePlan: (digest: string) => settlePlan(approval, digest),
      recovered: () => store.transaction((tx) => tx.write.hurry(WAITING_FOR_A_FORGE)),
      store,
      pollSeconds: config.pollSeconds,
      clock,
      log,
    };
    return { repository, strayPlans, follower: new Follower(needs, signal) };
  });
}

function forgeLook(
  { approval, inboxes }: FollowerParts,
  repository: GitOpsRepository,
): (() => Promise<boolean>) | null {
  const inbox = inboxes.get(repository.id);
  if (inbox === undefined) return null;
  const { store, clock, log } = approval;
  const asked: AskedBefore = new Map();
  return () =>
    lookAtPullRequests({
      repository,
      inbox,
      store,
      clock,
      log,
      asked,
      settlePlan: (digest) => settlePlan(approval, digest),
      reopen: (pull) => reopenProposal(approval, { repository: repository.id, ...pull }),
      surroundings: async () => {
        const head = await repository.head();
        return head === null ? '' : surroundingsOf(repository, head);
      },
    });
}

/** One controller of a database follows a repository; whoever hears of a change wakes it. */
export function followName(repository: string): string {
  return `follow ${repository}`;
}

export function lead(
  leadership: Leadership,
  followed: readonly Followed[],
  signal: AbortSignal,
): readonly Promise<void>[] {
  return followed.map(({ repository, follower }) =>
    leadership.lead(
      followName(repository.id),
      signal,
      (leading) => follower.run(leading),
      () => void follower.look(),
    ),
  );
}

export function stateOf({ repository, follower, strayPlans }: Followed): RepositoryState {
  const { head, lookedAt, problem, fileProblems } = follower.state();
  return {
    id: repository.id,
    branch: repository.branch,
    head,
    lookedAt: lookedAt?.toISOString() ?? null,
    problem,
    fileProblems,
    notExecuted: strayPlans.list().map(({ path, reason }) => ({ path, reason })),
  };
}
