import { readChanges } from '../diffs.js';
import { pullOf } from '../numbers.js';
import { page, paged } from '../pages.js';
import { pullCommits, startOf } from '../pull-commits.js';
import { shownPull } from '../pulls.js';
import { ok, type Reply } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commitShapeOf } from '../shapes/commit.js';
import { changedFile } from '../shapes/diff.js';
import { pullDiff, simplePull } from '../shapes/pull.js';
import type { PullIssue } from '../state.js';
import { pullsOf } from '../world.js';

const reads = ['pull_requests=read'];

export const pullRoutes = [
  repositoryRoute('GET /pulls', 'read', reads, listPulls),
  repositoryRoute('GET /pulls/{number}', 'read', reads, getPull),
  repositoryRoute('GET /pulls/{number}/commits', 'read', reads, listCommits),
  repositoryRoute('GET /pulls/{number}/files', 'read', reads, listFiles),
];

async function listPulls(call: RepositoryCall): Promise<Reply> {
  const wanted = filters(call);
  const pulls = pullsOf(call.repository).filter(wanted).sort(order(call.query));
  return paged(call, pulls, (pull) => simplePull(call.world, call.repository, pull));
}

function filters(call: RepositoryCall): (pull: PullIssue) => boolean {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  return (pull) =>
    (state === 'all' || pull.state === state) &&
    // GitHub ignores a head that has no owner in front.
    (head === null || !head.includes(':') || labelOf(pull).toLowerCase() === head.toLowerCase()) &&
    (base === null || pull.pull.baseRef === base);
}

function labelOf(pull: PullIssue): string {
  return `${pull.pull.headOwner.login}:${pull.pull.headRef}`;
}

function order(query: URLSearchParams): (one: PullIssue, other: PullIssue) => number {
  const sort = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const sign = direction === 'asc' ? 1 : -1;
  return (one, other) => {
    const times = sort === 'updated' ? one.updatedAt.localeCompare(other.updatedAt) : 0;
    return sign * (times || one.number - other.number);
  };
}

async function getPull(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  if (/\bdiff\b|\bpatch\b/.test(call.accept)) return diffReply(await pullDiff(call.repository, pull));
  return ok(await shownPull(call, call.repository, pull));
}

function diffReply(body: string): Reply {
  return { status: 200, body, headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } };
}

async function listCommits(call: RepositoryCall): Promise<Reply> {
  const commits = await pullCommits(call.repository, pullOf(call).pull);
  return paged(call, commits, (sha) => commitShapeOf(call.world, call.repository, sha));
}

async function listFiles(call: RepositoryCall): Promise<Reply> {
  const { pull } = pullOf(call);
  const from = await startOf(call.repository, pull);
  const changes = await readChanges(call.repository, from, pull.headSha);
  const { items, headers } = page(call, changes);
  const body = items.map((change) => changedFile(call.world, call.repository, pull.headSha, change));
  return { status: 200, body, headers };
}
