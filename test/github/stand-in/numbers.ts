import { notFound } from './reply.js';
import type { RepositoryCall } from './router.js';
import type { Issue, PullIssue, Repository } from './state.js';
import { isPull } from './world.js';

/** Issues and pull requests of a repository are numbered together. */
export function nextNumber(repository: Repository): number {
  return Math.max(0, ...repository.issues.keys()) + 1;
}

/** The issue or pull request of the path's `number`. */
export function issueOf(call: RepositoryCall): Issue {
  const issue = call.repository.issues.get(Number(call.parameters.number));
  if (issue === undefined) throw notFound();
  return issue;
}

/** The pull request of the path's `number`. */
export function pullOf(call: RepositoryCall): PullIssue {
  const issue = call.repository.issues.get(Number(call.parameters.number));
  if (!isPull(issue)) throw notFound();
  return issue;
}
