import { commitOf } from '../objects.js';
import type { Json } from '../reply.js';
import type { CheckRun, PullIssue, Repository } from '../state.js';
import { nodeId, pullsOf, timestamp, type World } from '../world.js';
import { integration } from './app.js';
import { minimalPull } from './pull.js';
import { repositoryHtmlUrl, repositoryUrl } from './repository.js';

export function checkRunShape(world: World, repository: Repository, run: CheckRun): Json {
  const url = `${repositoryUrl(world, repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryHtmlUrl(world, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: integration(world, run.app),
    pull_requests: pullsWith(repository, run.headSha).map((pull) => minimalPull(world, repository, pull)),
  };
}

/** The form of webhooks, which show more of the suite. */
export function announcedCheckRun(world: World, repository: Repository, run: CheckRun): Json {
  const pulls = pullsWith(repository, run.headSha);
  const suite = {
    id: run.suiteId,
    node_id: nodeId('CS', run.suiteId),
    head_branch: pulls[0]?.pull.headRef ?? null,
    head_sha: run.headSha,
    status: run.status,
    conclusion: run.conclusion,
    url: suiteUrl(world, repository, run.suiteId),
    before: null,
    after: run.headSha,
    pull_requests: pulls.map((pull) => minimalPull(world, repository, pull)),
    app: integration(world, run.app),
    created_at: run.startedAt,
    updated_at: run.completedAt ?? run.startedAt,
  };
  return { ...checkRunShape(world, repository, run), check_suite: suite };
}

/** The check suite of one App's runs of a commit, for the webhook. */
export async function checkSuiteShape(
  world: World,
  repository: Repository,
  runs: readonly [CheckRun, ...CheckRun[]],
): Promise<Json> {
  const [first] = runs;
  const commit = await commitOf(repository, first.headSha);
  const pulls = pullsWith(repository, first.headSha);
  const person = (of: { name: string; email: string }) => ({ name: of.name, email: of.email });
  return {
    id: first.suiteId,
    node_id: nodeId('CS', first.suiteId),
    head_branch: pulls[0]?.pull.headRef ?? null,
    head_sha: first.headSha,
    status: 'completed',
    conclusion: suiteConclusion(runs),
    url: suiteUrl(world, repository, first.suiteId),
    before: null,
    after: first.headSha,
    pull_requests: pulls.map((pull) => minimalPull(world, repository, pull)),
    app: integration(world, first.app),
    created_at: first.startedAt,
    updated_at: first.completedAt ?? first.startedAt,
    rerequestable: true,
    runs_rerequestable: false,
    latest_check_runs_count: runs.length,
    check_runs_url: `${suiteUrl(world, repository, first.suiteId)}/check-runs`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: timestamp(commit.committer.seconds * 1000),
      author: person(commit.author),
      committer: person(commit.committer),
    },
  };
}

function suiteUrl(world: World, repository: Repository, id: number): string {
  return `${repositoryUrl(world, repository)}/check-suites/${id}`;
}

function suiteConclusion(runs: readonly CheckRun[]): string {
  const conclusions = runs.map((run) => run.conclusion ?? 'neutral');
  const worst = ['failure', 'timed_out', 'cancelled', 'action_required'].find((each) =>
    conclusions.includes(each),
  );
  return worst ?? (conclusions.includes('success') ? 'success' : 'neutral');
}

function pullsWith(repository: Repository, sha: string): PullIssue[] {
  return pullsOf(repository).filter((pull) => pull.state === 'open' && pull.pull.headSha === sha);
}
