import { atLeast, roleOf } from '../access.js';
import { actorOf } from '../caller.js';
import { jsonObject, requiredText, textField } from '../fields.js';
import { addLabel, hasLabel, removeLabel, setLabels } from '../labels.js';
import { issueOf } from '../numbers.js';
import { paged } from '../pages.js';
import { created, found, invalid, noContent, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { labelShape, labelsOf } from '../shapes/issue.js';
import type { Issue, Label } from '../state.js';

const reads = ['issues=read', 'pull_requests=read'];
const writes = ['issues=write', 'pull_requests=write'];

export const labelRoutes = [
  repositoryRoute('GET /labels', 'read', reads, listOfRepository),
  repositoryRoute('POST /labels', 'write', writes, createLabel),
  repositoryRoute('GET /labels/{name}', 'read', reads, getLabel),
  repositoryRoute('GET /issues/{number}/labels', 'read', reads, listOfIssue),
  repositoryRoute('POST /issues/{number}/labels', 'triage', writes, addToIssue),
  repositoryRoute('PUT /issues/{number}/labels', 'triage', writes, replaceOnIssue),
  repositoryRoute('DELETE /issues/{number}/labels', 'triage', writes, clearIssue),
  repositoryRoute('DELETE /issues/{number}/labels/{name}', 'triage', writes, removeFromIssue),
];

async function listOfRepository(call: RepositoryCall): Promise<Reply> {
  const labels = [...call.repository.labels.values()];
  return paged(call, labels, (label) => labelShape(call.world, call.repository, label));
}

async function createLabel(call: RepositoryCall): Promise<Reply> {
  const name = requiredText(call.body, 'name');
  if (call.repository.labels.has(name.toLowerCase()))
    throw invalid('Label', { field: 'name', code: 'already_exists' });
  const color = textField(call.body, 'color') ?? 'ededed';
  if (!/^[0-9a-fA-F]{6}$/.test(color)) throw invalid('Label', { field: 'color', code: 'invalid' });
  const description = textField(call.body, 'description') ?? null;
  const label: Label = { id: call.world.nextId(), name, color, description };
  call.repository.labels.set(name.toLowerCase(), label);
  return created(labelShape(call.world, call.repository, label));
}

async function getLabel(call: RepositoryCall): Promise<Reply> {
  const label = found(call.repository.labels.get((call.parameters.name ?? '').toLowerCase()));
  return ok(labelShape(call.world, call.repository, label));
}

async function listOfIssue(call: RepositoryCall): Promise<Reply> {
  return paged(call, labelsOf(call.world, call.repository, issueOf(call)), (label) => label);
}

async function addToIssue(call: RepositoryCall): Promise<Reply> {
  const issue = issueOf(call);
  const by = actorOf(call.caller);
  for (const name of namesOf(call)) await addLabel(call, call.repository, issue, name, by);
  return show(call, issue);
}

async function replaceOnIssue(call: RepositoryCall): Promise<Reply> {
  const issue = issueOf(call);
  await setLabels(call, call.repository, issue, namesOf(call), actorOf(call.caller));
  return show(call, issue);
}

async function clearIssue(call: RepositoryCall): Promise<Reply> {
  await setLabels(call, call.repository, issueOf(call), [], actorOf(call.caller));
  return noContent;
}

async function removeFromIssue(call: RepositoryCall): Promise<Reply> {
  const issue = issueOf(call);
  const name = call.parameters.name ?? '';
  if (!hasLabel(issue, name)) throw refuse(404, 'Label does not exist');
  await removeLabel(call, call.repository, issue, name, actorOf(call.caller));
  return show(call, issue);
}

/** The names in `{labels: [...]}` or a bare list, each a text or `{name}`. */
function namesOf(call: RepositoryCall): string[] {
  const list = Array.isArray(call.rawBody) ? call.rawBody : call.body.labels;
  if (!Array.isArray(list)) throw refuse(422, `Invalid request.\n\n"labels" wasn't supplied.`);
  return list.map((each: unknown) =>
    typeof each === 'string' ? each : requiredText(jsonObject(each), 'name'),
  );
}

function show(call: RepositoryCall, issue: Issue): Reply {
  return ok(labelsOf(call.world, call.repository, issue));
}

/** True when the caller may set labels and assignees. */
export function mayTriage(call: RepositoryCall): boolean {
  if (call.caller.kind === 'installation') return true;
  return atLeast(roleOf(call.repository, actorOf(call.caller).login), 'triage');
}
