import { actingApp, actorOf } from '../caller.js';
import { checkRunsOf } from '../checks.js';
import { choiceField, jsonObject, requiredText, textField } from '../fields.js';
import { resolveCommit } from '../objects.js';
import { page } from '../pages.js';
import { created, found, type Json, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { announcedCheckRun, checkRunShape, checkSuiteShape } from '../shapes/check-run.js';
import type { App, CheckRun, Repository } from '../state.js';
import { now } from '../world.js';

const reads = ['checks=read'];
const writes = ['checks=write'];

export const checkRunRoutes = [
  repositoryRoute('POST /check-runs', 'read', writes, createCheckRun),
  repositoryRoute('GET /check-runs/{run}', 'read', reads, getCheckRun),
  repositoryRoute('PATCH /check-runs/{run}', 'read', writes, updateCheckRun),
  repositoryRoute('GET /commits/{*ref}/check-runs', 'read', reads, listCheckRuns),
];

const conclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
  'stale',
] as const;
const states = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;

async function createCheckRun(call: RepositoryCall): Promise<Reply> {
  const app = requireApp(call);
  const name = requiredText(call.body, 'name');
  const asked = requiredText(call.body, 'head_sha');
  const headSha = await resolveCommit(call.repository.gitDir, asked);
  if (headSha === undefined) throw refuse(422, `No commit found for SHA: ${asked}`);
  const run: CheckRun = {
    id: call.world.nextId(),
    suiteId: suiteOf(call.repository, app, headSha) ?? call.world.nextId(),
    app,
    headSha,
    name,
    externalId: '',
    detailsUrl: `https://github.test/apps/${app.slug}`,
    status: 'queued',
    conclusion: null,
    startedAt: now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
  };
  change(call.body, run);
  call.repository.checkRuns.set(run.id, run);
  announce(call, run, 'created');
  await announceCompletion(call, run);
  return created(checkRunShape(call.world, call.repository, run));
}

function requireApp(call: RepositoryCall): App {
  const app = actingApp(call.caller);
  if (app === undefined) throw refuse(403, 'You must authenticate via a GitHub App.');
  return app;
}

function suiteOf(repository: Repository, app: App, sha: string): number | undefined {
  return checkRunsOf(repository, sha).find((run) => run.app.id === app.id)?.suiteId;
}

function change(body: Json, run: CheckRun): void {
  const conclusion = choiceField(body, 'conclusion', conclusions);
  const status = choiceField(body, 'status', states) ?? (conclusion === undefined ? run.status : 'completed');
  if (status === 'completed' && conclusion === undefined && run.conclusion === null) {
    throw refuse(422, `Invalid request.\n\nMissing required keys: "conclusion".`);
  }
  run.name = textField(body, 'name') ?? run.name;
  run.externalId = textField(body, 'external_id') ?? run.externalId;
  run.detailsUrl = textField(body, 'details_url') ?? run.detailsUrl;
  run.startedAt = textField(body, 'started_at') ?? run.startedAt;
  run.status = status;
  run.conclusion = status === 'completed' ? (conclusion ?? run.conclusion) : null;
  run.completedAt =
    status === 'completed' ? (textField(body, 'completed_at') ?? run.completedAt ?? now()) : null;
  if (body.output !== undefined) run.output = outputOf(jsonObject(body.output), run);
}

function outputOf(output: Json, run: CheckRun): CheckRun['output'] {
  const text = textField(output, 'text') ?? null;
  if ((text?.length ?? 0) > 65_535) throw refuse(422, 'Only 65535 characters are allowed; text is too long.');
  return {
    title: textField(output, 'title') ?? run.output.title,
    summary: requiredText(output, 'summary'),
    text,
  };
}

async function updateCheckRun(call: RepositoryCall): Promise<Reply> {
  const app = requireApp(call);
  const run = runOf(call);
  if (run.app.id !== app.id)
    throw refuse(
      403,
      `Invalid app_id ${app.id} - check run can only be modified by the GitHub App that created it.`,
    );
  const before = run.status;
  change(call.body, run);
  if (before !== 'completed') await announceCompletion(call, run);
  return ok(checkRunShape(call.world, call.repository, run));
}

async function getCheckRun(call: RepositoryCall): Promise<Reply> {
  return ok(checkRunShape(call.world, call.repository, runOf(call)));
}

async function listCheckRuns(call: RepositoryCall): Promise<Reply> {
  const { repository, query, world } = call;
  const ref = call.parameters.ref ?? '';
  const sha = await resolveCommit(repository.gitDir, ref);
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${ref}`);
  const runs = checkRunsOf(repository, sha).filter(
    (run) =>
      (query.get('check_name') ?? run.name) === run.name &&
      (query.get('status') ?? run.status) === run.status &&
      (query.get('app_id') ?? String(run.app.id)) === String(run.app.id),
  );
  const kept = query.get('filter') === 'all' ? runs : latest(runs);
  const { items, headers } = page(call, kept);
  const body = {
    total_count: kept.length,
    check_runs: items.map((run) => checkRunShape(world, repository, run)),
  };
  return { status: 200, body, headers };
}

/** The newest run of each name and App; the runs come newest first. */
function latest(runs: readonly CheckRun[]): CheckRun[] {
  const kept = new Map<string, CheckRun>();
  for (const run of runs) {
    const key = `${run.app.id} ${run.name}`;
    if (!kept.has(key)) kept.set(key, run);
  }
  return [...kept.values()];
}

function announce(call: RepositoryCall, run: CheckRun, action: string): void {
  const payload = { action, check_run: announcedCheckRun(call.world, call.repository, run) };
  call.events.emit(call.repository, 'check_run', actorOf(call.caller), payload);
}

/** A run that is completed is told of, and its suite too once all its runs are. */
async function announceCompletion(call: RepositoryCall, run: CheckRun): Promise<void> {
  const { repository, world } = call;
  if (run.status !== 'completed') return;
  announce(call, run, 'completed');
  const others = checkRunsOf(repository, run.headSha).filter(
    (each) => each.suiteId === run.suiteId && each !== run,
  );
  if (others.some((each) => each.status !== 'completed')) return;
  const suite = await checkSuiteShape(world, repository, [run, ...others]);
  call.events.emit(repository, 'check_suite', actorOf(call.caller), {
    action: 'completed',
    check_suite: suite,
  });
}

function runOf(call: RepositoryCall): CheckRun {
  return found(call.repository.checkRuns.get(Number(call.parameters.run)));
}
