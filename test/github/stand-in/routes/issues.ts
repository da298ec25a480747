import { actingApp, actorOf } from '../caller.js';
import { choiceField, jsonObject, listField, requiredText, textField, textList } from '../fields.js';
import { addLabel, hasLabel, setLabels } from '../labels.js';
import { issueOf, nextNumber } from '../numbers.js';
import { paged } from '../pages.js';
import { closePull } from '../pulls.js';
import { reopen } from '../reopening.js';
import { created, type Json, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { issueShape } from '../shapes/issue.js';
import type { Account, Issue } from '../state.js';
import { isPull, now } from '../world.js';
import { mayTriage } from './labels.js';

const reads = ['issues=read'];
const writes = ['issues=write'];

export const issueRoutes = [
  repositoryRoute('GET /issues', 'read', reads, listIssues),
  repositoryRoute('POST /issues', 'read', writes, createIssue),
  repositoryRoute('GET /issues/{number}', 'read', ['issues=read', 'pull_requests=read'], getIssue),
  repositoryRoute('PATCH /issues/{number}', 'read', ['issues=write', 'pull_requests=write'], updateIssue),
];

async function listIssues(call: RepositoryCall): Promise<Reply> {
  const issues = [...call.repository.issues.values()].filter(filter(call.query));
  const byUpdate = call.query.get('sort') === 'updated';
  const sign = call.query.get('direction') === 'asc' ? 1 : -1;
  issues.sort((one, other) => {
    const times = byUpdate ? one.updatedAt.localeCompare(other.updatedAt) : 0;
    return sign * (times || one.number - other.number);
  });
  return paged(call, issues, (issue) => issueShape(call.world, call.repository, issue));
}

function filter(query: URLSearchParams): (issue: Issue) => boolean {
  const state = query.get('state') ?? 'open';
  const labels = query.get('labels')?.split(',') ?? [];
  const creator = query.get('creator');
  const since = query.get('since');
  return (issue) =>
    (state === 'all' || issue.state === state) &&
    labels.every((name) => hasLabel(issue, name)) &&
    (creator === null || issue.user.login.toLowerCase() === creator.toLowerCase()) &&
    (since === null || Date.parse(issue.updatedAt) >= Date.parse(since));
}

async function getIssue(call: RepositoryCall): Promise<Reply> {
  return ok(issueShape(call.world, call.repository, issueOf(call)));
}

async function createIssue(call: RepositoryCall): Promise<Reply> {
  const user = actorOf(call.caller);
  const title = call.body.title;
  const at = now();
  const issue: Issue = {
    id: call.world.nextId(),
    number: nextNumber(call.repository),
    user,
    app: actingApp(call.caller),
    title: typeof title === 'number' ? String(title) : requiredText(call.body, 'title'),
    body: textField(call.body, 'body') ?? null,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: mayTriage(call) ? assigneesOf(call) : [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    pull: undefined,
  };
  call.repository.issues.set(issue.number, issue);
  announce(call, issue, 'opened');
  // GitHub drops the labels of those who may not set them, without a word.
  const labels = mayTriage(call) ? labelNames(call) : [];
  for (const name of labels ?? []) await addLabel(call, call.repository, issue, name, user);
  return created(issueShape(call.world, call.repository, issue));
}

function labelNames(call: RepositoryCall): string[] | undefined {
  return listField(call.body, 'labels')?.map((each) =>
    typeof each === 'string' ? each : requiredText(jsonObject(each), 'name'),
  );
}

function assigneesOf(call: RepositoryCall): Account[] {
  const names = textList(call.body, 'assignees') ?? [];
  return names.flatMap((login) => call.world.accounts.get(login.toLowerCase()) ?? []);
}

async function updateIssue(call: RepositoryCall): Promise<Reply> {
  const issue = issueOf(call);
  const by = actorOf(call.caller);
  if (issue.user.id !== by.id && !mayTriage(call)) throw refuse(403, 'Must have admin rights to Repository.');
  const changes = edit(call, issue);
  if (Object.keys(changes).length > 0) announce(call, issue, 'edited', { changes });
  const labels = labelNames(call);
  if (labels !== undefined) await setLabels(call, call.repository, issue, labels, by);
  if (call.body.assignees !== undefined) issue.assignees = assigneesOf(call);
  await changeState(call, issue, by);
  return ok(issueShape(call.world, call.repository, issue));
}

function edit(call: RepositoryCall, issue: Issue): Record<string, Json> {
  const changes: Record<string, Json> = {};
  const title = textField(call.body, 'title');
  const body = textField(call.body, 'body');
  if (title !== undefined && title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = title;
  }
  if (body !== undefined && body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = body;
  }
  issue.updatedAt = now();
  return changes;
}

async function changeState(call: RepositoryCall, issue: Issue, by: Account): Promise<void> {
  const state = choiceField(call.body, 'state', ['open', 'closed']);
  if (state === undefined || state === issue.state) return;
  if (isPull(issue)) {
    const change = state === 'closed' ? closePull : reopen;
    return change(call, call.repository, issue, by);
  }
  issue.state = state;
  issue.stateReason = state === 'closed' ? (textField(call.body, 'state_reason') ?? 'completed') : 'reopened';
  issue.closedAt = state === 'closed' ? now() : null;
  issue.closedBy = state === 'closed' ? by : null;
  announce(call, issue, state === 'closed' ? 'closed' : 'reopened');
}

function announce(call: RepositoryCall, issue: Issue, action: string, more: Json = {}): void {
  const { world, repository } = call;
  if (isPull(issue)) return;
  const payload = { action, ...more, issue: issueShape(world, repository, issue) };
  call.events.emit(repository, 'issues', actorOf(call.caller), payload);
}
