import { readChanges } from '../diffs.js';
import { findFork } from '../forks.js';
import { gitLines } from '../git.js';
import { mergeBase } from '../history.js';
import { commitOf, resolveCommit } from '../objects.js';
import { page, paged } from '../pages.js';
import { pullCommits } from '../pull-commits.js';
import { bringCommit } from '../ref-changes.js';
import { found, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { commitShapeOf, commitWithFiles } from '../shapes/commit.js';
import { changedFile } from '../shapes/diff.js';
import { simplePull } from '../shapes/pull.js';
import { repositoryHtmlUrl, repositoryUrl } from '../shapes/repository.js';
import type { PullIssue } from '../state.js';
import { accountWithEmail, pullsOf } from '../world.js';
import { requireCommits } from './git-refs.js';

const reads = ['contents=read'];

export const commitRoutes = [
  repositoryRoute('GET /commits', 'read', reads, listCommits),
  repositoryRoute('GET /commits/{sha}/pulls', 'read', ['pull_requests=read'], listPulls),
  repositoryRoute('GET /commits/{*ref}', 'read', reads, getCommit),
  repositoryRoute('GET /compare/{*basehead}', 'read', reads, compare),
];

async function listCommits(call: RepositoryCall): Promise<Reply> {
  const { repository, query } = call;
  await requireCommits(call);
  const start = found(await resolveCommit(repository.gitDir, query.get('sha') ?? repository.defaultBranch));
  const path = query.get('path');
  const limits = ['since', 'until'].flatMap((key) => (query.has(key) ? [`--${key}=${query.get(key)}`] : []));
  const paths = path === null ? [] : ['--', path];
  const shas = await gitLines(repository.gitDir, ['rev-list', ...limits, start, ...paths]);
  const kept = await byPerson(call, shas);
  return paged(call, kept, (sha) => commitShapeOf(call.world, repository, sha));
}

async function byPerson(call: RepositoryCall, shas: readonly string[]): Promise<readonly string[]> {
  const author = call.query.get('author');
  const committer = call.query.get('committer');
  if (author === null && committer === null) return shas;
  const is = (wanted: string | null, email: string) =>
    wanted === null || email === wanted || accountWithEmail(call.world, email)?.login === wanted;
  const commits = await Promise.all(shas.map((sha) => commitOf(call.repository, sha)));
  const kept = commits.filter(
    (commit) => is(author, commit.author.email) && is(committer, commit.committer.email),
  );
  return kept.map((commit) => commit.sha);
}

async function getCommit(call: RepositoryCall): Promise<Reply> {
  await requireCommits(call);
  const ref = call.parameters.ref ?? '';
  const sha = await resolveCommit(call.repository.gitDir, ref);
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${ref}`);
  if (/\bsha\b/.test(call.accept)) return { status: 200, body: sha, headers: shaType };
  return ok(await commitWithFiles(call.world, call.repository, sha));
}

const shaType = { 'content-type': 'application/vnd.github.sha; charset=utf-8' };

/** The pull requests that brought the commit to their base branch, and the open ones that have it. */
async function listPulls(call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const name = call.parameters.sha ?? '';
  const sha = await resolveCommit(repository.gitDir, name);
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${name}`);
  const pulls: PullIssue[] = [];
  for (const pull of pullsOf(repository)) if (await has(call, pull, sha)) pulls.push(pull);
  return paged(call, pulls, (pull) => simplePull(call.world, repository, pull));
}

async function has(call: RepositoryCall, pull: PullIssue, sha: string): Promise<boolean> {
  if (pull.pull.merged !== null) return pull.pull.broughtCommits.has(sha);
  return pull.state === 'open' && (await pullCommits(call.repository, pull.pull)).includes(sha);
}

async function compare(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const { gitDir } = repository;
  const [baseName = '', headName = ''] = (call.parameters.basehead ?? '').split('...');
  const base = found(await resolveSide(call, baseName));
  const head = found(await resolveSide(call, headName));
  const start = await mergeBase(repository, base, head);
  if (start === undefined) throw refuse(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ahead = await gitLines(gitDir, ['rev-list', '--reverse', '--topo-order', head, `^${base}`]);
  const behind = await gitLines(gitDir, ['rev-list', base, `^${head}`]);
  const { items, headers } = page({ ...call, query: compareQuery(call.query) }, ahead);
  const changes = await readChanges(repository, start, head);
  const html = `${repositoryHtmlUrl(world, repository)}/compare/${baseName}...${headName}`;
  const body = {
    url: `${repositoryUrl(world, repository)}/compare/${baseName}...${headName}`,
    html_url: html,
    permalink_url: `${repositoryHtmlUrl(world, repository)}/compare/${base.slice(0, 7)}...${head.slice(0, 7)}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await commitShapeOf(world, repository, base),
    merge_base_commit: await commitShapeOf(world, repository, start),
    status: standing(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(items.map((sha) => commitShapeOf(world, repository, sha))),
    files: changes.map((change) => changedFile(world, repository, head, change)),
  };
  return { status: 200, body, headers };
}

/** Comparisons show 250 commits unless they are asked for in pages. */
function compareQuery(query: URLSearchParams): URLSearchParams {
  if (query.has('per_page') || query.has('page')) return query;
  return new URLSearchParams([...query, ['per_page', '100']]);
}

function standing(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

/** A ref of this repository, or `owner:branch` of one of its family. */
async function resolveSide(call: RepositoryCall, name: string): Promise<string | undefined> {
  const { world, repository } = call;
  const [owner = '', ...rest] = name.split(':');
  const other = rest.length === 0 ? repository : findFork(world, repository, owner);
  if (other === undefined) return undefined;
  const sha = await resolveCommit(other.gitDir, rest.length === 0 ? name : rest.join(':'));
  if (sha === undefined || other === repository) return sha;
  await bringCommit(repository, other, sha);
  return sha;
}
