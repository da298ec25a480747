import { announcePull } from './pulls.js';
import type { Call } from './router.js';
import { issueShape, labelShape } from './shapes/issue.js';
import type { Account, Issue, Label, Repository } from './state.js';
import { isPull, now } from './world.js';

type Context = Pick<Call, 'world' | 'events'>;

/** The repository's label of that name; one that is not there yet is made, as GitHub does when it is used. */
export function labelNamed(context: Context, repository: Repository, name: string): Label {
  const known = repository.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const label: Label = { id: context.world.nextId(), name, color: 'ededed', description: null };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}

export function hasLabel(issue: Issue, name: string): boolean {
  return issue.labels.some((each) => each.toLowerCase() === name.toLowerCase());
}

export async function addLabel(
  context: Context,
  repository: Repository,
  issue: Issue,
  name: string,
  by: Account,
) {
  const label = labelNamed(context, repository, name);
  if (hasLabel(issue, name)) return;
  issue.labels.push(label.name);
  await announce(context, repository, issue, 'labeled', label, by);
}

export async function removeLabel(
  context: Context,
  repository: Repository,
  issue: Issue,
  name: string,
  by: Account,
) {
  const label = labelNamed(context, repository, name);
  issue.labels = issue.labels.filter((each) => each.toLowerCase() !== name.toLowerCase());
  await announce(context, repository, issue, 'unlabeled', label, by);
}

/** Makes the issue's labels exactly these. */
export async function setLabels(
  context: Context,
  repository: Repository,
  issue: Issue,
  names: readonly string[],
  by: Account,
) {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const name of [...issue.labels]) {
    if (!wanted.has(name.toLowerCase())) await removeLabel(context, repository, issue, name, by);
  }
  for (const name of names) await addLabel(context, repository, issue, name, by);
}

async function announce(
  context: Context,
  repository: Repository,
  issue: Issue,
  action: string,
  label: Label,
  by: Account,
): Promise<void> {
  const { world, events } = context;
  issue.updatedAt = now();
  const more = { label: labelShape(world, repository, label) };
  if (isPull(issue)) return announcePull(context, repository, issue, action, by, more);
  events.emit(repository, 'issues', by, { action, issue: issueShape(world, repository, issue), ...more });
}
